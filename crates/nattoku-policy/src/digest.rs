//! What the sources of one version come to: a SHA-256 that anybody can recompute from the folder (R77).
//!
//! Over every source of the version, in the order of their names as bytes: the name, a zero byte, the number of bytes in
//! decimal, a zero byte, the bytes. Names are those within the version's own folder, so that a version keeps its digest when it
//! moves below `earlier/`.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::source::Source;

/// The digest of a version's sources in lower-case hexadecimal: of `earlier/VERSION/`, or else of the current version.
#[must_use]
pub fn of_version(sources: &[Source], earlier: Option<&str>) -> String {
    let files: Vec<(&str, &[u8])> = sources
        .iter()
        .filter_map(|source| {
            let below = source.name.strip_prefix("earlier/").and_then(|rest| rest.split_once('/'));
            let name = match (earlier, below) {
                (None, None) => source.name.as_str(),
                (Some(version), Some((folder, name))) if folder == version => name,
                _ => return None,
            };
            Some((name, source.bytes.as_slice()))
        })
        .collect();
    of_files(files)
}

/// The digest of all sources of a folder, those of every version and of its law packs, by their names within the folder: it
/// tells whether anything at all is another.
#[must_use]
pub fn of_all(sources: &[Source]) -> String {
    of_files(sources.iter().map(|source| (source.name.as_str(), source.bytes.as_slice())).collect())
}

fn of_files(mut files: Vec<(&str, &[u8])>) -> String {
    files.sort_unstable();
    let mut hash = Sha256::new();
    for (name, bytes) in files {
        hash.update(name);
        hash.update([0]);
        hash.update(bytes.len().to_string());
        hash.update([0]);
        hash.update(bytes);
    }
    hash.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_keeps_its_digest_when_it_becomes_an_earlier_one() {
        let current = [Source::new("b.kdl", "b"), Source::new("a.kdl", "a")];
        let later = [
            Source::new("a.kdl", "new"),
            Source::new("earlier/1/a.kdl", "a"),
            Source::new("earlier/1/b.kdl", "b"),
        ];
        assert_eq!(of_version(&current, None), of_version(&later, Some("1")));
        assert_ne!(of_version(&current, None), of_version(&later, None));
    }

    #[test]
    fn the_digest_of_all_is_that_of_anything_at_all() {
        let sources = [Source::new("a.kdl", "a"), Source::new("earlier/1/a.kdl", "b")];
        let with_pack = [sources[1].clone(), sources[0].clone(), Source::new("packs/x/1.kdl", "c")];
        assert_eq!(of_all(&sources), of_all(&with_pack[..2]));
        assert_ne!(of_all(&sources), of_all(&with_pack));
        assert_ne!(of_all(&sources), of_version(&sources, None));
    }

    #[test]
    fn the_definition_is_that_of_the_reference() {
        // printf 'a.kdl\0001\000x' | sha256sum
        let known = "85392ba1543f4045641cf036c8a592965ae877f4cb8d65fbabbc87d86de42096";
        assert_eq!(of_version(&[Source::new("a.kdl", "x")], None), known);
    }
}
