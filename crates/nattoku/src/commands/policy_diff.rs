//! `nattoku policy diff OLD NEW`: how two versions differ by meaning.

use std::path::{Path, PathBuf};

use nattoku_model::Language;
use nattoku_model::name::VersionName;
use nattoku_model::policy::Versions;
use nattoku_operations::{Compared, difference_json, difference_text};

use crate::cli::Format;
use crate::exit::{CommandError, Exit};
use crate::{open, output};

/// Exits 1 where something changes.
pub(crate) fn run(old: &Path, new: &Path, format: Format, language: Language) -> Result<Exit, CommandError> {
    let compared = compared(old, new, language)?;
    match format {
        Format::Json => output::line(&difference_json(&compared).to_string()),
        Format::Concise => {
            for change in &compared.difference.changes {
                output::line(&format!("{} {}: {}", change.class, change.id(), change.sentence(language)));
            }
        }
        Format::Text => output::text(&difference_text(&compared, language)),
    }
    Ok(if compared.difference.changes.is_empty() { Exit::Done } else { Exit::No })
}

/// Both versions, checked and compared.
pub(super) fn compared(old: &Path, new: &Path, language: Language) -> Result<Compared, CommandError> {
    Ok(Compared::new(version(old, language)?.0, version(new, language)?.0))
}

/// The version that a folder holds, or that `FOLDER@VERSION` names, with the versions before it; and what all sources of the folder
/// come to.
pub(super) fn version(place: &Path, language: Language) -> Result<(Versions, String), CommandError> {
    let (dir, name) = match place.to_str().and_then(|text| text.rsplit_once('@')) {
        // A folder whose own name holds an `@` is meant where it is there.
        Some((dir, version)) if !place.exists() => (PathBuf::from(dir), Some(version)),
        _ => (place.to_owned(), None),
    };
    let checked = open::policy_to_compare(&dir, language)?;
    let versions = checked
        .versions
        .ok_or_else(|| CommandError::could_not_run("ポリシーに誤りがあります", "the policy has errors"))?;
    let versions = match name {
        None => versions,
        Some(name) => at_version(&versions, name).ok_or_else(|| no_version(&dir, name, &versions))?,
    };
    if versions.current().text_absent {
        let (dir, version) = (dir.display(), &versions.current().version);
        return Err(CommandError::asked_wrongly(
            format!("{dir} の版 {version} は本文がないため、比べられません"),
            format!(
                "the text of version {version} of {dir} is not at hand, so nothing can be compared with it"
            ),
        ));
    }
    Ok((versions, checked.sources_digest))
}

/// A version as the current one, with those before it.
fn at_version(versions: &Versions, name: &str) -> Option<Versions> {
    let current = versions.get(&VersionName::from(name))?;
    let earlier = versions.oldest_first().into_iter().filter(|p| p.effective < current.effective);
    Some(Versions::new(current.clone(), earlier.cloned()))
}

fn no_version(dir: &Path, name: &str, versions: &Versions) -> CommandError {
    let known: Vec<&str> = versions.oldest_first().iter().map(|p| p.version.as_str()).collect();
    let dir = dir.display();
    CommandError::asked_wrongly(
        format!("{dir} に版 `{name}` はありません"),
        format!("{dir} has no version `{name}`"),
    )
    .hint(format!("ある版: {}", known.join("、")), format!("versions: {}", known.join(", ")))
}
