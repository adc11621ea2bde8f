//! Which folder may have been meant by a path at which there is none.

use std::path::{Component, Path, PathBuf};

use nattoku_model::name;

/// Most names looked at beside the one that is not there.
const NAMES_MAX: usize = 10_000;

/// The folder whose path differs in one name, in the nearest one, from a path at which there is nothing.
pub(super) fn nearest_folder(absent: &Path) -> Option<PathBuf> {
    let mut there = PathBuf::new();
    let mut rest = absent.components();
    while let Some(next) = rest.next() {
        let Component::Normal(wanted) = next else {
            there.push(next);
            continue;
        };
        if there.join(wanted).exists() {
            there.push(wanted);
            continue;
        }
        let beside = if there.as_os_str().is_empty() { Path::new(".") } else { &there };
        let entries = std::fs::read_dir(beside).ok()?.take(NAMES_MAX).flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let folders: Vec<String> =
            names.filter(|name| there.join(name).join(rest.as_path()).is_dir()).collect();
        let nearest = name::nearest(wanted.to_str()?, folders.iter().map(String::as_str))?;
        let meant = there.join(nearest);
        return Some(if rest.as_path().as_os_str().is_empty() { meant } else { meant.join(rest.as_path()) });
    }
    None
}
