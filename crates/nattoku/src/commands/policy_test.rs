//! `nattoku policy test DIR`: runs a policy's scenarios.

mod coverage;
mod junit;

use std::path::Path;

use nattoku_model::{Language, Verdict};
use nattoku_operations::{ScenarioResult, run_scenarios};
use serde_json::{Value, json};

use crate::cli::Format;
use crate::exit::{CommandError, Exit};
use crate::{open, output};

/// What else is asked of a run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// Only scenarios whose title holds this.
    pub(crate) only: Option<&'a str>,
    /// A file that the results go to in the XML of `JUnit`.
    pub(crate) junit: Option<&'a Path>,
    /// Whether to tell which rules they exercise.
    pub(crate) coverage: bool,
}

/// Exits 1 where a scenario comes out otherwise than expected.
pub(crate) fn run(
    dir: &Path,
    wanted: Wanted<'_>,
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    let mut checked = open::sound_policy(dir, language)?;
    if let Some(text) = wanted.only {
        checked.scenarios.retain(|s| s.title.contains(text));
    }
    let Some(versions) = &checked.versions else { return Ok(Exit::CouldNotRun) };
    let n_invariants = versions.current().invariants.len();
    if checked.scenarios.is_empty() {
        let error = no_scenario(dir, wanted.only);
        return Err(
            match (invariants(dir, n_invariants, Language::Ja), invariants(dir, n_invariants, Language::En)) {
                (Some(ja), Some(en)) => error.hint(ja, en),
                _ => error,
            },
        );
    }
    let results = run_scenarios(versions, &checked.scenarios);
    for result in &results {
        match format {
            Format::Json => output::line(&to_json(result).to_string()),
            Format::Text | Format::Concise => show(result, format, language),
        }
    }
    if let Some(file) = wanted.junit {
        junit::write(file, &versions.current().name, &results, language)?;
    }
    if wanted.coverage {
        coverage::show(versions, &checked.scenarios, format, language);
    }
    let failed = results.iter().filter(|r| !r.has_passed()).count();
    let passed = results.len() - failed;
    output::note(&match language {
        Language::Ja => format!("合格 {passed} 件、不合格 {failed} 件"),
        Language::En => format!("{passed} passed, {failed} failed"),
    });
    if let Some(told) = invariants(dir, n_invariants, language) {
        output::note(&told);
    }
    Ok(if failed > 0 { Exit::No } else { Exit::Done })
}

/// Scenarios are examples; what holds for everybody is shown elsewhere.
fn invariants(dir: &Path, count: usize, language: Language) -> Option<String> {
    let dir = dir.display();
    (count > 0).then(|| match language {
        Language::Ja => format!("不変条件 {count} 件は `nattoku policy prove {dir}` で証明します"),
        Language::En => format!("{}: run `nattoku policy prove {dir}`", output::counted(count, "invariant")),
    })
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
    if format == Format::Text {
        output::text(&differences(result, language));
    }
}

/// What was expected and what came, part by part, and what every gate said that would not let it pass.
fn differences(result: &ScenarioResult<'_>, language: Language) -> String {
    let mut lines = vec![match language {
        Language::Ja => "     - 期待  + 結果".to_owned(),
        Language::En => "     - expected  + found".to_owned(),
    }];
    for difference in &result.differences {
        lines.push(format!("     - {}: {}", difference.part, difference.expected));
        lines.push(format!("     + {}: {}", difference.part, difference.found));
    }
    let decision = &result.decision;
    for answer in &decision.answers {
        lines.push(match language {
            Language::Ja => format!("     {} の判定: {}", answer.category, answer.verdict),
            Language::En => format!("     {} is answered {}", answer.category, answer.verdict),
        });
        let telling = answer.gates.iter().filter(|g| {
            !g.verdict.is_permitted()
                || Some(g.gate) == result.scenario.expect.gate
                || g.verdict == Verdict::PermitWithConditions
        });
        for gate in telling {
            let sentence = gate.reason.sentence(language, &gate.details);
            lines.push(format!("       {}: {} {}, {sentence}", gate.gate, gate.verdict, gate.reason));
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

fn to_json(result: &ScenarioResult<'_>) -> Value {
    let gates = |answer: &nattoku_model::decision::CategoryAnswer| {
        let gates = answer.gates.iter().map(
            |g| json!({ "gate": g.gate.as_str(), "verdict": g.verdict.as_str(), "reason": g.reason.code() }),
        );
        gates.collect::<Vec<_>>()
    };
    let answers = result.decision.answers.iter().map(|answer| {
        json!({ "category": answer.category.as_str(), "verdict": answer.verdict.as_str(), "gates": gates(answer) })
    });
    json!({
        "scenario": result.scenario.title,
        "file": result.scenario.place.file,
        "line": result.scenario.place.line,
        "passed": result.has_passed(),
        "decision": result.decision.verdict.as_str(),
        "differences": result.differences.iter().map(|d| json!({
            "part": d.part, "expected": d.expected, "found": d.found,
        })).collect::<Vec<_>>(),
        "answers": if result.has_passed() { Vec::new() } else { answers.collect::<Vec<_>>() },
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
