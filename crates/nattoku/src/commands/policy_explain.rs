//! `nattoku policy explain RULE`: what a rule of the check does, and why.

use nattoku_analysis::coverage::UntestedRule;
use nattoku_model::Language;
use nattoku_model::name::nearest;
use nattoku_policy::explain::{self, Explanation};
use nattoku_policy::lint::Kind;
use serde_json::{Value, json};

use crate::cli::Format;
use crate::exit::{CommandError, Exit};
use crate::output;

/// Shows one rule's page, or lists all rules.
pub(crate) fn run(rule: Option<&str>, format: Format, language: Language) -> Result<Exit, CommandError> {
    let Some(rule) = rule else {
        for explanation in all() {
            show_line(&explanation, format, language);
        }
        return Ok(Exit::Done);
    };
    let Some(explanation) = all().into_iter().find(|e| e.name == rule) else { return Err(unknown(rule)) };
    match format {
        Format::Json => output::line(&to_json(&explanation, language).to_string()),
        Format::Text | Format::Concise => {
            output::line(&format!("# {} ({})\n", explanation.name, explanation.severity.as_str()));
            output::text(explanation.page(language));
            if !explanation.cites.is_empty() {
                output::line(&format!("\n{}", explanation.cites.join(", ")));
            }
        }
    }
    Ok(Exit::Done)
}

/// Every rule, by name: those of the policy alone, and those that decide its scenarios.
fn all() -> Vec<Explanation> {
    let mut all = explain::all();
    all.push(Explanation::of(&UntestedRule));
    all.sort_by_key(|e| e.name);
    all
}

fn show_line(explanation: &Explanation, format: Format, language: Language) {
    match format {
        Format::Json => output::line(&to_json(explanation, language).to_string()),
        Format::Text | Format::Concise => output::line(&format!(
            "{:<36} {:<8} {:<9} {}",
            explanation.name,
            explanation.severity.as_str(),
            kind(explanation.kind),
            explanation.cites.join(", ")
        )),
    }
}

const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Language => "language",
        Kind::Law => "law",
    }
}

fn to_json(explanation: &Explanation, language: Language) -> Value {
    json!({
        "rule": explanation.name,
        "kind": kind(explanation.kind),
        "severity": explanation.severity.as_str(),
        "cites": explanation.cites,
        "page": explanation.page(language),
    })
}

fn unknown(rule: &str) -> CommandError {
    let all = all();
    let error = CommandError::asked_wrongly(
        format!("`{rule}` という規則はありません"),
        format!("there is no rule `{rule}`"),
    );
    match nearest(rule, all.iter().map(|e| e.name)) {
        Some(near) => error.hint(format!("`{near}` のことでしょうか"), format!("did you mean `{near}`?")),
        None => error.hint(
            "nattoku policy explain で全部の規則が見られます",
            "`nattoku policy explain` lists all rules",
        ),
    }
}
