//! Folders for tests, and copies of the reference policy that may be changed.

use std::path::{Path, PathBuf};

/// An empty folder of that name.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The reference policy.
pub(crate) fn carrier() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/carrier")
}

/// A folder of that name with the files of the reference policy that are wanted, by their names below its folder.
pub(crate) fn copy_of_carrier(name: &str, is_wanted: impl Fn(&str) -> bool) -> PathBuf {
    let (from, to) = (carrier(), folder(name));
    let mut folders = vec![from.clone()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(&from).unwrap();
            if path.is_dir() {
                folders.push(path);
            } else if is_wanted(&name.to_str().unwrap().replace('\\', "/")) {
                std::fs::create_dir_all(to.join(name).parent().unwrap()).unwrap();
                std::fs::copy(&path, to.join(name)).unwrap();
            }
        }
    }
    to
}
