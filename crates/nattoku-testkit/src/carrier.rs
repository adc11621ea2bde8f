//! The reference policy as it stands in the repository.

use std::io;
use std::path::{Path, PathBuf};

use nattoku_policy::Source;

/// Where the reference policy is.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/carrier")
}

/// All files of the reference policy, its earlier version, scenarios and notices included, by their names.
///
/// # Errors
/// A file cannot be read.
pub fn carrier() -> io::Result<Vec<Source>> {
    let root = folder();
    let mut sources = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                sources.push(Source::new(name, std::fs::read(&path)?));
            }
        }
    }
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(sources)
}
