//! Which rules the scenarios exercise.

use nattoku_analysis::coverage::{Coverage, KINDS};
use nattoku_model::Language;
use nattoku_model::policy::Versions;
use nattoku_policy::Scenario;
use serde_json::json;

use crate::cli::Format;
use crate::output;

/// Prints it by kind of rule: each rule with a scenario that exercises it and how many more do, or with none.
pub(super) fn show(versions: &Versions, scenarios: &[Scenario], format: Format, language: Language) {
    let coverage = Coverage::of(versions, scenarios);
    if format == Format::Json {
        let rules = KINDS.iter().flat_map(|kind| coverage.of_kind(kind));
        for (rule, titles) in rules {
            output::line(&json!({ "rule": rule.to_string(), "scenarios": titles }).to_string());
        }
        return;
    }
    for kind in KINDS {
        let rules: Vec<_> = coverage.of_kind(kind).collect();
        let exercised = rules.iter().filter(|(_, titles)| !titles.is_empty()).count();
        if rules.is_empty() {
            continue;
        }
        output::line(&format!("{kind}: {exercised}/{}", rules.len()));
        if format == Format::Text {
            for (rule, titles) in rules {
                output::line(&format!("  {:<28} {}", rule.name, by(titles, language)));
            }
        }
    }
    let untested = coverage.untested().count();
    output::note(&match language {
        Language::Ja => format!("どのシナリオでも試されていない規則: {untested} 件"),
        Language::En => format!("{} no scenario exercises", output::counted(untested, "rule")),
    });
}

fn by(titles: &[String], language: Language) -> String {
    match (titles, language) {
        ([], Language::Ja) => "なし".to_owned(),
        ([], Language::En) => "none".to_owned(),
        ([only], _) => only.clone(),
        ([first, more @ ..], Language::Ja) => format!("{first}、ほか {} 件", more.len()),
        ([first, more @ ..], Language::En) => format!("{first}, and {} more", more.len()),
    }
}
