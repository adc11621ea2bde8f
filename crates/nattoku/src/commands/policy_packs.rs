//! `nattoku policy packs [LAW [VERSION]]`: which laws there are as packs, and what one of them says.

use std::path::Path;

use nattoku_model::Language;
use nattoku_model::law::Pack;
use nattoku_model::name::nearest;
use nattoku_policy::pack::describe;
use nattoku_policy::{Packs, check};

use super::pack_json::{summary, whole};
use crate::cli::Format;
use crate::exit::{CommandError, Exit};
use crate::{open, output};

/// Lists the packs, or shows one; a policy's own are there where its folder is given.
pub(crate) fn run(
    law: Option<&str>,
    version: Option<&str>,
    policy: Option<&Path>,
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    let packs = match policy {
        Some(dir) => check(&open::sources(dir)?).packs,
        None => Packs::built_in().clone(),
    };
    let Some(law) = law else {
        for pack in packs.all() {
            list(pack, format, language);
        }
        return Ok(Exit::Done);
    };
    let pack = find(&packs, law, version)?;
    match format {
        Format::Json => output::line(&whole(pack).to_string()),
        _ => output::text(&describe::describe(pack, language)),
    }
    Ok(Exit::Done)
}

fn list(pack: &Pack, format: Format, language: Language) {
    if format == Format::Json {
        return output::line(&summary(pack).to_string());
    }
    let title = pack.instrument().map_or("", |i| i.short.get(language));
    let state = describe::state(pack);
    let line = format!("{:<6} {:<12} {:<16} {}", pack.law, pack.version.as_str(), title, state.get(language));
    output::line(line.trim_end());
}

/// The pack of a law and a version; without a version the newest that is in force, or else the newest.
fn find<'a>(packs: &'a Packs, law: &str, version: Option<&str>) -> Result<&'a Pack, CommandError> {
    let versions = packs.versions(law);
    let Some(newest) = versions.last().copied() else {
        let error = CommandError::asked_wrongly(
            format!("`{law}` という法令のパックはありません"),
            format!("there is no pack of a law `{law}`"),
        );
        return Err(offered(error, law, &packs.laws()));
    };
    let found = match version {
        Some(version) => packs.get(law, version),
        None => packs.in_force(law).or_else(|| packs.get(law, newest)),
    };
    found.map(AsRef::as_ref).ok_or_else(|| {
        let version = version.unwrap_or(newest);
        let error = CommandError::asked_wrongly(
            format!("法令 `{law}` に版 `{version}` のパックはありません"),
            format!("there is no pack of the version `{version}` of `{law}`"),
        );
        offered(error, version, &versions)
    })
}

/// The nearest name, or else all there are.
fn offered(error: CommandError, name: &str, known: &[&str]) -> CommandError {
    match nearest(name, known.iter().copied()) {
        Some(near) => error.hint(format!("`{near}` のことでしょうか"), format!("did you mean `{near}`?")),
        None => error
            .hint(format!("あるのは {} です", known.join("、")), format!("there is {}", known.join(", "))),
    }
}
