//! `nattoku policy packs [LAW [VERSION]]`: which laws there are as packs, and what one of them says.

use std::collections::BTreeSet;
use std::path::Path;

use nattoku_model::Language;
use nattoku_model::law::Pack;
use nattoku_model::name::nearest;
use nattoku_policy::diagnostic::{Diagnostic, Severity, render};
use nattoku_policy::pack::describe;
use nattoku_policy::{Checked, Files, Packs, Words, check};

use super::pack_json::{summary, whole};
use crate::cli::Format;
use crate::exit::{CommandError, Exit};
use crate::{open, output};

/// Most findings shown of packs that are broken; `policy check` shows them all.
const SHOWN: usize = 20;

/// Lists the packs, or shows one; a policy's own are there where its folder is given. Exits 1 where the text of one that was
/// asked about has errors: what it says cannot be told.
pub(crate) fn run(
    law: Option<&str>,
    version: Option<&str>,
    policy: Option<&Path>,
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    let checked = match policy {
        Some(dir) => check(&open::sources(dir)?),
        None => Checked { packs: Packs::built_in().clone(), ..Checked::default() },
    };
    let (packs, faults) = (&checked.packs, faults(&checked));
    let tell = |faults: &[Diagnostic]| {
        output::note(render::text::render(faults, &checked.files, language, SHOWN, false).trim_end());
    };
    let Some(law) = law else {
        for pack in packs.all() {
            list(pack, packs.is_broken(pack), format, language);
        }
        if faults.is_empty() {
            return Ok(Exit::Done);
        }
        tell(&faults);
        output::note(&broken_files(&faults, &checked.files, language));
        return Ok(Exit::No);
    };
    let pack = match find(packs, law, version) {
        Ok(pack) => pack,
        Err(error) => {
            // A file that cannot be read at all may be the one that was asked about.
            if !faults.is_empty() {
                tell(&faults);
            }
            return Err(error);
        }
    };
    if packs.is_broken(pack) {
        tell(&faults);
        output::note(&match language {
            Language::Ja => format!("法令 `{}` の版 `{}` のパックには誤りがあります", pack.law, pack.version),
            Language::En => {
                format!("the pack of the version `{}` of `{}` has errors", pack.version, pack.law)
            }
        });
        return Ok(Exit::No);
    }
    match format {
        Format::Json => output::line(&whole(pack).to_string()),
        _ => output::text(&describe::describe(pack, language)),
    }
    Ok(Exit::Done)
}

/// What is wrong with the packs of a folder.
fn faults(checked: &Checked) -> Vec<Diagnostic> {
    let is_of_a_pack = |d: &&Diagnostic| {
        d.severity == Severity::Error && checked.files.name(d.primary.file).starts_with("packs/")
    };
    checked.diagnostics.iter().filter(is_of_a_pack).cloned().collect()
}

/// Which files hold packs that are broken.
fn broken_files(faults: &[Diagnostic], files: &Files, language: Language) -> String {
    let names: BTreeSet<&str> = faults.iter().map(|d| files.name(d.primary.file)).collect();
    let names: Vec<&str> = names.into_iter().collect();
    match language {
        Language::Ja => format!("誤りのあるパック: {}", names.join("、")),
        Language::En => format!("packs with errors: {}", names.join(", ")),
    }
}

fn list(pack: &Pack, is_broken: bool, format: Format, language: Language) {
    if format == Format::Json {
        let mut pack = summary(pack);
        if let Some(object) = pack.as_object_mut() {
            object.insert("broken".to_owned(), is_broken.into());
        }
        return output::line(&pack.to_string());
    }
    let title = pack.instrument().map_or("", |i| i.short.get(language));
    let state = if is_broken {
        Words::new("誤りがあるため使えません", "has errors and cannot be used")
    } else {
        describe::state(pack)
    };
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
