//! The reference policy that the program carries.

use std::path::{Path, PathBuf};

use rust_embed::Embed;

use crate::exit::CommandError;

#[derive(Embed)]
#[folder = "../../policies/carrier"]
struct Carrier;

/// Writes the reference policy into the demo's folder, where it can be read and changed. One that is there already is left as
/// it is: somebody may have been trying things.
pub(crate) fn unpack(dir: &Path) -> Result<PathBuf, CommandError> {
    let folder = dir.join("policy");
    if folder.exists() {
        return Ok(folder);
    }
    // Written beside it first, so that a policy half written is never taken for one.
    let partial = dir.join(".policy.partial");
    let written = write_all(&partial).and_then(|()| std::fs::rename(&partial, &folder));
    written.map_err(|error| CommandError::cannot_write(&folder, &error))?;
    Ok(folder)
}

fn write_all(folder: &Path) -> std::io::Result<()> {
    for name in Carrier::iter() {
        let Some(file) = Carrier::get(&name) else { continue };
        let path = folder.join(name.as_ref());
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, &file.data)?;
    }
    Ok(())
}
