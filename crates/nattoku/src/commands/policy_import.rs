//! `nattoku policy import`: a first policy of what another program holds.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use nattoku_exchange::fides::{self, Draft, Entry, Kind, Options};
use nattoku_exchange::{Fault, Place};
use nattoku_model::Language;
use serde_json::{Value, json};

use crate::cli::{Format, ImportCommand};
use crate::exit::{CommandError, Exit};
use crate::{new_folder, output};

/// Places shown of one entry; the rest is counted.
const PLACES_SHOWN: usize = 3;

/// Writes the draft, or prints it where no folder is named, and tells what it does not say.
pub(crate) fn run(command: &ImportCommand, format: Format, language: Language) -> Result<Exit, CommandError> {
    let ImportCommand::Fideslang { files, out, country, texts } = command;
    let options = Options { texts: texts.language(), country: country_of(country.as_deref())? };
    let draft = match fides::import(&read(files)?, &options) {
        Ok(draft) => draft,
        Err(faults) => return Err(refused(&faults, language)),
    };
    if let Some(folder) = out {
        new_folder::write(folder, &draft.files)?;
    }
    match format {
        Format::Json => output::line(&to_json(&draft, out.is_none(), language).to_string()),
        Format::Text | Format::Concise => show(&draft, out.as_deref(), format, language),
    }
    Ok(Exit::Done)
}

fn country_of(country: Option<&str>) -> Result<Option<String>, CommandError> {
    match country {
        Some(code) if code.len() != 2 || !code.chars().all(|c| c.is_ascii_uppercase()) => {
            Err(CommandError::asked_wrongly(
                format!("`--country {code}` は国ではありません。`JP` のように 2 文字で書いてください"),
                format!("`--country {code}` is no country: write two capital letters such as `JP`"),
            ))
        }
        country => Ok(country.map(str::to_owned)),
    }
}

fn read(files: &[PathBuf]) -> Result<Vec<(String, Vec<u8>)>, CommandError> {
    files.iter().map(|path| Ok((path.display().to_string(), read_one(path)?))).collect()
}

/// Reads a manifest, but not much more of it than is taken: one that is too large is refused without the rest.
fn read_one(path: &Path) -> Result<Vec<u8>, CommandError> {
    let failed = |error: std::io::Error| {
        let path = path.display();
        CommandError::could_not_run(
            format!("{path} を読めません: {error}"),
            format!("cannot read {path}: {error}"),
        )
    };
    // A pipe or a device might never end.
    if !path.metadata().map_err(failed)?.is_file() {
        let path = path.display();
        return Err(CommandError::asked_wrongly(
            format!("{path} はファイルではありません"),
            format!("{path} is no file"),
        )
        .hint("YAML のファイルを指定してください", "name a file of YAML"));
    }
    let most = u64::try_from(fides::FILE_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes)).map_err(failed)?;
    Ok(bytes)
}

fn refused(faults: &[Fault], language: Language) -> CommandError {
    let mut lines = String::new();
    for fault in faults {
        let _ = writeln!(lines, "{}: {}", fault.place, fault.problem.get(language));
    }
    output::note(lines.trim_end());
    let said = output::counted(faults.len(), "fault");
    CommandError::asked_wrongly(
        format!("{} か所が読めないため、下書きを作っていません", faults.len()),
        format!("{said} in the manifests; no draft was made"),
    )
}

/// Prints the draft where it was not written, and its report beside it.
fn show(draft: &Draft, folder: Option<&Path>, format: Format, language: Language) {
    let report = report(draft.report.entries(), format, language);
    let Some(folder) = folder else {
        for file in &draft.files {
            output::line(&format!("// file: {}", file.name));
            output::text(&String::from_utf8_lossy(&file.bytes));
        }
        return output::note(report.trim_end());
    };
    for file in &draft.files {
        output::line(&folder.join(&file.name).display().to_string());
    }
    output::text(&report);
}

fn report(entries: &[Entry], format: Format, language: Language) -> String {
    let mut out = String::new();
    let mut last = None;
    for entry in entries {
        let place = places(&entry.places, language);
        let why = entry.why.get(language);
        if format == Format::Concise {
            let _ = writeln!(out, "{place}: {}[{}]: {why}", heading(entry.kind, language), entry.what);
            continue;
        }
        if last != Some(entry.kind) {
            let _ = writeln!(out, "\n{}", heading(entry.kind, language));
            last = Some(entry.kind);
        }
        let _ = writeln!(out, "  {} ({place})\n      {why}", entry.what);
    }
    out
}

const fn heading(kind: Kind, language: Language) -> &'static str {
    match (kind, language) {
        (Kind::Missing, Language::Ja) => "足りないもの",
        (Kind::Missing, Language::En) => "missing",
        (Kind::Assumed, Language::Ja) => "仮に置いたもの",
        (Kind::Assumed, Language::En) => "assumed",
        (Kind::LeftOut, Language::Ja) => "引き継がなかったもの",
        (Kind::LeftOut, Language::En) => "not carried over",
    }
}

fn places(places: &[Place], language: Language) -> String {
    let shown: Vec<String> = places.iter().take(PLACES_SHOWN).map(ToString::to_string).collect();
    match (places.len().saturating_sub(PLACES_SHOWN), language) {
        (0, _) => shown.join(", "),
        (more, Language::Ja) => format!("{} ほか {more} か所", shown.join(", ")),
        (more, Language::En) => format!("{} and {more} more", shown.join(", ")),
    }
}

fn to_json(draft: &Draft, with_text: bool, language: Language) -> Value {
    let place = |place: &Place| json!({"file": place.file, "line": place.line, "column": place.column});
    let files = draft.files.iter().map(|file| {
        let text = with_text.then(|| String::from_utf8_lossy(&file.bytes).into_owned());
        json!({"name": file.name, "text": text})
    });
    let entries = draft.report.entries().iter().map(|entry| {
        json!({
            "kind": entry.kind.as_str(),
            "what": entry.what,
            "why": entry.why.get(language),
            "places": entry.places.iter().map(place).collect::<Vec<_>>(),
        })
    });
    json!({"files": files.collect::<Vec<_>>(), "report": entries.collect::<Vec<_>>()})
}
