//! The packs that are built in: the one place that names them.

use std::sync::OnceLock;

use super::{Packs, read};
use crate::report::Report;
use crate::source::Files;

/// The law under which a policy is judged that names none.
pub(super) const DEFAULT_LAW: &str = "appi";

/// Name and text of each, a version after the one that it is based on.
pub(super) const TEXTS: [(&str, &str); 3] = [
    ("packs/appi/2022-04-01.kdl", include_str!("../../../../packs/appi/2022-04-01.kdl")),
    ("packs/appi/2026-07-17.kdl", include_str!("../../../../packs/appi/2026-07-17.kdl")),
    ("packs/gdpr/2018-05-25.kdl", include_str!("../../../../packs/gdpr/2018-05-25.kdl")),
];

/// Reads them once. That nothing is wrong with them, a test shows; a pack that could not be read would be missing, and a
/// policy that names it refused.
pub(super) fn packs() -> &'static Packs {
    static PACKS: OnceLock<Packs> = OnceLock::new();
    PACKS.get_or_init(|| {
        let (mut packs, mut files, mut report) = (Packs::default(), Files::default(), Report::default());
        for (name, text) in TEXTS {
            let file = files.add(name, text);
            if let Some((pack, _)) = read::one(file, &files, &packs, &mut report) {
                packs.insert(pack);
            }
        }
        packs
    })
}

#[cfg(test)]
mod tests {
    use nattoku_model::Language;

    use super::*;
    use crate::diagnostic::render::text;

    #[test]
    fn nothing_is_wrong_with_any_of_them() {
        let (mut packs, mut files, mut report) = (Packs::default(), Files::default(), Report::default());
        for (name, text) in TEXTS {
            let file = files.add(name, text);
            packs.insert(read::one(file, &files, &packs, &mut report).unwrap().0);
        }
        let found = report.finish().0;
        assert!(found.is_empty(), "{}", text::render(&found, &files, Language::En, 40, false));
        assert_eq!(packs.all().len(), TEXTS.len());
    }

    #[test]
    fn every_file_of_the_folder_is_built_in_and_laid_out_as_the_formatter_does() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
        let mut found = Vec::new();
        for law in std::fs::read_dir(&folder).unwrap() {
            let law = law.unwrap();
            for file in std::fs::read_dir(law.path()).unwrap() {
                let (law, file) = (law.file_name(), file.unwrap().file_name());
                found.push(format!("packs/{}/{}", law.to_str().unwrap(), file.to_str().unwrap()));
            }
        }
        found.sort();
        let mut named = TEXTS.map(|(name, _)| name);
        named.sort_unstable();
        assert_eq!(found, named);
        for (name, text) in TEXTS {
            assert_eq!(crate::format(name, text).unwrap(), text, "{name}");
        }
    }
}
