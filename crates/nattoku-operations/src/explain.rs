//! A decision in words.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use nattoku_model::decision::CategoryAnswer;
use nattoku_model::name::CategoryName;
use nattoku_model::policy::Versions;
use nattoku_model::{Decision, GateAnswer, Language, Policy, Text, Verdict};

/// The decision as a person reads it: the answer and its reason first, then every gate of every category and era with the
/// policy line and the events it rests on.
#[must_use]
pub fn explain(decision: &Decision, versions: &Versions, language: Language) -> String {
    let policy = versions.current();
    let mut out = String::new();
    let verdict = verdict_words(decision.verdict, language);
    let reason = decision.deciding().map(|gate| sentence(gate, policy, language)).unwrap_or_default();
    let _ = writeln!(out, "{verdict} [{}]: {reason}", decision.verdict);
    let at = policy.local(decision.at);
    let version = decision.policy_version.as_ref().map_or("-", |v| v.as_str());
    let _ = match language {
        Language::Ja => writeln!(out, "{at} 現在。{version} 版、台帳の版番号 {}", decision.revision),
        Language::En => writeln!(out, "As of {at}, version {version}, ledger revision {}", decision.revision),
    };
    for answer in &decision.answers {
        explain_category(&mut out, answer, policy, language);
    }
    explain_rest(&mut out, decision, policy, language);
    out
}

fn explain_category(out: &mut String, answer: &CategoryAnswer, policy: &Policy, language: Language) {
    let title = policy.categories.get(&answer.category).map_or("", |c| c.title.get(language));
    let _ = writeln!(out, "\n{title} ({}): {}", answer.category, verdict_words(answer.verdict, language));
    let _ = writeln!(out, "  {}", era_words(answer, policy, language));
    for gate in &answer.gates {
        let mark = if gate.verdict.is_permitted() { "+" } else { "-" };
        let _ = writeln!(
            out,
            "  {mark} {:<13} {:<22} {}{}",
            gate.gate.as_str(),
            gate.verdict.as_str(),
            sentence(gate, policy, language),
            grounds(gate, policy)
        );
    }
}

/// The rule's place and the events, in brackets.
fn grounds(gate: &GateAnswer, policy: &Policy) -> String {
    let mut grounds: Vec<String> = Vec::new();
    if let Some(rule) = &gate.rule {
        let place = policy.place_of(rule);
        grounds.push(place.map_or_else(|| rule.to_string(), |place| format!("{rule}, {place}")));
        grounds.extend(place.filter(|p| !p.cites.is_empty()).map(|p| p.cites.join(" ")));
    }
    grounds.extend(gate.events.iter().map(|event| format!("#{event}")));
    if grounds.is_empty() { String::new() } else { format!(" [{}]", grounds.join("; ")) }
}

fn era_words(answer: &CategoryAnswer, policy: &Policy, language: Language) -> String {
    let from = answer.era.acquired_from.map(|t| policy.local(t));
    let before = answer.era.acquired_before.map(|t| policy.local(t));
    let governing = &answer.era.governing;
    match (language, from, before) {
        (Language::Ja, None, None) => format!("取得日を問わず {governing} 版が適用されます"),
        (Language::Ja, Some(from), None) => format!("{from} 以降に取得した分: {governing} 版が適用されます"),
        (Language::Ja, None, Some(before)) => {
            format!("{before} より前に取得した分: {governing} 版が適用されます")
        }
        (Language::Ja, Some(from), Some(before)) => {
            format!("{from} 以降 {before} より前に取得した分: {governing} 版が適用されます")
        }
        (Language::En, None, None) => format!("whenever acquired: version {governing} governs"),
        (Language::En, Some(from), None) => {
            format!("acquired on or after {from}: version {governing} governs")
        }
        (Language::En, None, Some(before)) => {
            format!("acquired before {before}: version {governing} governs")
        }
        (Language::En, Some(from), Some(before)) => {
            format!("acquired from {from} and before {before}: version {governing} governs")
        }
    }
}

fn explain_rest(out: &mut String, decision: &Decision, policy: &Policy, language: Language) {
    for obligation in &decision.obligations {
        let categories: Vec<&str> = obligation.categories.iter().map(CategoryName::as_str).collect();
        let categories = categories.join(", ");
        let _ = match language {
            Language::Ja => writeln!(out, "\n義務: {}（{categories}）[{}]", obligation.kind, obligation.rule),
            Language::En => {
                writeln!(out, "\nobligation: {} ({categories}) [{}]", obligation.kind, obligation.rule)
            }
        };
    }
    for later in &decision.known_later {
        let (at, recorded) = (policy.local(later.at), policy.local(later.recorded_at));
        let _ = match language {
            Language::Ja => {
                writeln!(out, "\n#{} は {at} のことですが、台帳に入ったのは {recorded} です", later.revision)
            }
            Language::En => {
                writeln!(out, "\n#{} happened {at} and was recorded only {recorded}", later.revision)
            }
        };
    }
}

pub(crate) const fn verdict_words(verdict: Verdict, language: Language) -> &'static str {
    match (verdict, language) {
        (Verdict::Permit, Language::Ja) => "許可",
        (Verdict::PermitWithConditions, Language::Ja) => "条件付きで許可",
        (Verdict::NeedsConsent, Language::Ja) => "同意が必要",
        (Verdict::Refer, Language::Ja) => "担当者の判断が必要",
        (Verdict::Deny, Language::Ja) => "不許可",
        (Verdict::Permit, Language::En) => "Permitted",
        (Verdict::PermitWithConditions, Language::En) => "Permitted with conditions",
        (Verdict::NeedsConsent, Language::En) => "Consent is needed",
        (Verdict::Refer, Language::En) => "A person must decide",
        (Verdict::Deny, Language::En) => "Denied",
    }
}

/// The reason's sentence with the policy's own words in place of its names.
fn sentence(gate: &GateAnswer, policy: &Policy, language: Language) -> String {
    let details: BTreeMap<&'static str, String> =
        gate.details.iter().map(|(key, name)| (*key, in_words(policy, key, name, language))).collect();
    gate.reason.sentence(language, &details)
}

fn in_words(policy: &Policy, key: &str, name: &str, language: Language) -> String {
    let title: Option<&Text> = match key {
        "item" => policy.consents.get(name).map(|c| &c.title),
        "choice" => policy.choices.get(name).map(|c| &c.title),
        "activity" => policy.activities.get(name).map(|a| &a.title),
        "category" => policy.categories.get(name).map(|c| &c.title),
        "source" => policy.sources.get(name).map(|s| &s.title),
        "entruster" => policy.entrusters.get(name).map(|e| &e.title),
        "recipient" => policy.recipients.get(name).map(|r| &r.title),
        "purpose" => policy.purposes.get(name).map(|p| &p.title),
        "application" => policy.applications.get(name).map(|a| &a.title),
        "prohibition" => policy.prohibitions.get(name).map(|p| &p.title),
        "exception" => policy.exceptions.get(name).map(|e| &e.title),
        "relationship" => policy.relationships.get(name).map(|r| &r.title),
        _ => None,
    };
    title.map_or_else(|| name.to_owned(), |title| title.get(language).to_owned())
}
