//! `nattoku policy test DIR`: runs a policy's scenarios.

use std::path::Path;

use nattoku_model::Language;
use nattoku_operations::{ScenarioResult, run_scenarios};
use serde_json::{Value, json};

use crate::cli::Format;
use crate::exit::{CommandError, Exit};
use crate::{open, output};

/// Exits 1 where a scenario comes out otherwise than expected.
pub(crate) fn run(
    dir: &Path,
    only: Option<&str>,
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    let mut checked = open::sound_policy(dir, language)?;
    if let Some(text) = only {
        checked.scenarios.retain(|s| s.title.contains(text));
    }
    let Some(versions) = &checked.versions else { return Ok(Exit::CouldNotRun) };
    let results = run_scenarios(versions, &checked.scenarios);
    for result in &results {
        match format {
            Format::Json => output::line(&to_json(result).to_string()),
            Format::Text | Format::Concise => show(result, format, language),
        }
    }
    let failed = results.iter().filter(|r| !r.has_passed()).count();
    output::note(&format!("{} passed, {failed} failed", results.len() - failed));
    if results.is_empty() {
        return Err(no_scenario(dir, only));
    }
    Ok(if failed > 0 { Exit::No } else { Exit::Done })
}

fn show(result: &ScenarioResult<'_>, format: Format, language: Language) {
    let scenario = result.scenario;
    if result.has_passed() {
        if format == Format::Text {
            output::line(&format!("ok   {}", scenario.title));
        }
        return;
    }
    output::line(&format!("FAIL {} ({})", scenario.title, scenario.place));
    for difference in &result.differences {
        let (part, expected, found) = (difference.part, &difference.expected, &difference.found);
        output::line(&match language {
            Language::Ja => format!("       {part}: 期待 {expected}\n       {part}: 結果 {found}"),
            Language::En => format!("       {part}: expected {expected}\n       {part}: found    {found}"),
        });
    }
}

fn to_json(result: &ScenarioResult<'_>) -> Value {
    json!({
        "scenario": result.scenario.title,
        "file": result.scenario.place.file,
        "line": result.scenario.place.line,
        "passed": result.has_passed(),
        "decision": result.decision.verdict.as_str(),
        "differences": result.differences.iter().map(|d| json!({
            "part": d.part, "expected": d.expected, "found": d.found,
        })).collect::<Vec<_>>(),
    })
}

/// A test that tests nothing is no success.
fn no_scenario(dir: &Path, only: Option<&str>) -> CommandError {
    let dir = dir.display();
    match only {
        Some(text) => CommandError::asked_wrongly(
            format!("題名に「{text}」を含むシナリオが {dir} にありません"),
            format!("no scenario of {dir} has `{text}` in its title"),
        ),
        None => CommandError::asked_wrongly(
            format!("{dir} にシナリオがありません"),
            format!("{dir} has no scenarios"),
        ),
    }
}
