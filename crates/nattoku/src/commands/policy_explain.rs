//! `nattoku policy explain RULE`: what a rule of the check does, and why; or what a citation of law stands for.

use nattoku_model::Language;
use nattoku_model::law::{Cited, Pack};
use nattoku_model::name::nearest;
use nattoku_policy::Packs;
use nattoku_policy::explain::{self, Explanation};
use nattoku_policy::lint::Kind;
use nattoku_policy::pack::{Meaning, meaning_of};
use serde_json::{Value, json};

use crate::cli::Format;
use crate::exit::{CommandError, Exit};
use crate::output;

/// Shows one rule's page, or lists all rules.
pub(crate) fn run(rule: Option<&str>, format: Format, language: Language) -> Result<Exit, CommandError> {
    let Some(rule) = rule else {
        for explanation in explain::all() {
            show_line(&explanation, format, language);
        }
        return Ok(Exit::Done);
    };
    let Some(explanation) = explain::explain(rule) else {
        return cited(rule, format, language);
    };
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

/// Shows what a citation stands for, in every pack that says something of its own about it.
fn cited(text: &str, format: Format, language: Language) -> Result<Exit, CommandError> {
    let Ok(cited) = text.parse::<Cited>() else { return Err(unknown(text)) };
    let mut shown: Vec<Vec<Meaning>> = Vec::new();
    for pack in Packs::built_in().all() {
        let meanings = meaning_of(pack, &cited);
        if meanings.is_empty() || shown.contains(&meanings) {
            continue;
        }
        for meaning in &meanings {
            show_meaning(pack, meaning, format, language);
        }
        shown.push(meanings);
    }
    if shown.is_empty() {
        let near = Packs::built_in().all().filter(|p| p.is_about(&cited)).find_map(|p| p.nearest(&cited));
        let error = CommandError::asked_wrongly(
            format!("`{text}` は、どの法令パックにもありません"),
            format!("no law pack has `{text}`"),
        );
        return Err(match near {
            Some(near) => error.hint(format!("`{near}` のことでしょうか"), format!("did you mean `{near}`?")),
            None => error.hint(
                "nattoku policy packs で法令パックが見られます",
                "`nattoku policy packs` lists the law packs",
            ),
        });
    }
    Ok(Exit::Done)
}

fn show_meaning(pack: &Pack, meaning: &Meaning, format: Format, language: Language) {
    let Meaning { place, title, facts, source, unchecked } = meaning;
    if format == Format::Json {
        let value = json!({
            "law": pack.law,
            "version": pack.version.as_str(),
            "place": {"ja": place.ja, "en": place.en},
            "title": super::pack_json::text(title),
            "facts": facts,
            "source": source,
            "unchecked": unchecked,
        });
        return output::line(&value.to_string());
    }
    let mark = match (unchecked, language) {
        (false, _) => "",
        (true, Language::Ja) => " [要確認]",
        (true, Language::En) => " [to be checked]",
    };
    let from = format!("{} {}", pack.law, pack.version);
    output::line(&format!("{}: {}{mark} ({from})", place.get(language), title.get(language)));
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
    let all = explain::all();
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
