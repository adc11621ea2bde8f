//! The policies that are compared over: the reference policy, those of the literate cases, and variations of all of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nattoku_model::law::Pack;
use nattoku_model::policy::Versions;
use nattoku_policy::{Source, check};
use nattoku_testkit::Page;

/// A policy with its name.
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) versions: Versions,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn versions(name: &str, sources: &[Source]) -> Versions {
    let checked = check(sources);
    checked.versions.unwrap_or_else(|| panic!("{name}: {:#?}", checked.diagnostics))
}

/// The reference policy.
pub(crate) fn carrier() -> Versions {
    let sources = nattoku_testkit::carrier().expect("it can be read");
    versions("carrier", &sources)
}

/// The reference policy first, then those of the literate cases.
pub(crate) fn all() -> Vec<Named> {
    let mut all = vec![Named { name: "carrier".to_owned(), versions: carrier() }];
    let pages = fs::read_dir(root().join("cases/decisions")).expect("the cases are there");
    let mut pages: Vec<PathBuf> = pages.map(|entry| entry.expect("it can be listed").path()).collect();
    pages.sort();
    for path in pages {
        let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
        let page =
            Page::read(&name, &fs::read_to_string(&path).expect("it can be read")).expect("it is a page");
        all.push(Named { versions: versions(&name, &page.sources()), name });
    }
    all
}

/// The law packs that any of them is written under.
pub(crate) fn packs(all: &[Named]) -> Vec<Arc<Pack>> {
    let mut packs: Vec<Arc<Pack>> = Vec::new();
    for pack in all.iter().flat_map(|n| n.versions.oldest_first()).flat_map(|policy| &policy.packs) {
        if !packs.iter().any(|known| known.law == pack.law && known.version == pack.version) {
            packs.push(Arc::clone(pack));
        }
    }
    packs
}
