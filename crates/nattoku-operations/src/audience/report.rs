//! An audience, as people and programs read it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use nattoku_engine::Cause;
use nattoku_model::name::{ActivityName, CategoryName, PurposeName, RecipientName, VersionName};
use nattoku_model::{Language, Policy, Reason, Request, Verdict};
use serde_json::{Map, Value, json};

use super::Audience;
use super::change_report::{change_json, change_text};
use super::together::{together_json, together_text};
use crate::answer::time;
use crate::explain::verdict_words;
use crate::grouped::grouped;
use crate::population::Written;

/// The audience as JSON: what was asked, and the figures. Times are in UTC.
#[must_use]
pub fn audience_json(audience: &Audience) -> Value {
    let request = &audience.request;
    let verdicts = Verdict::ALL.into_iter().map(|v| (v.as_str().to_owned(), Value::from(count(audience, v))));
    let mut told = question_json(request);
    let Value::Object(figures) = json!({
        "nearest_activity": audience.nearest_activity.as_ref().map(ActivityName::as_str),
        "revision": audience.revision.0,
        "at": time(request.at),
        "known_at": request.known_at.map(time),
        "policy_version": audience.policy_version.as_ref().map(VersionName::as_str),
        "principals": {
            "all": all(audience),
            "permitted": permitted(audience),
            "by_verdict": verdicts.collect::<serde_json::Map<_, _>>(),
        },
        "reasons": reasons_json(&audience.causes),
        "answered_by": { "engine": audience.by_engine, "definition": audience.by_definition },
        "snapshot": audience.snapshot.as_ref().map(|snapshot| json!({
            "revision": snapshot.from.map(|from| from.0),
            "events_since": snapshot.from.map(|_| snapshot.caught_up),
            "written": snapshot.written == Written::Yes,
        })),
        "together": audience.together.as_ref().map(together_json),
        "compared": audience.change.as_ref().map(change_json),
    }) else {
        return Value::Null;
    };
    told.extend(figures);
    Value::Object(told)
}

/// How many there are for each reason, the most frequent first.
pub(super) fn reasons_json(causes: &BTreeMap<Cause, u64>) -> Vec<Value> {
    let reasons = ranked(causes).into_iter().map(|(cause, principals)| {
        json!({
            "verdict": cause.verdict.as_str(),
            "gate": cause.gate.as_str(),
            "reason": cause.reason.code(),
            "principals": principals,
        })
    });
    reasons.collect()
}

/// What was asked, without the instant.
pub(super) fn question_json(request: &Request) -> Map<String, Value> {
    let fields = [
        ("application", json!(request.application.as_str())),
        ("action", json!(request.action.as_str())),
        ("activity", json!(request.activity.as_str())),
        ("purpose", json!(request.purpose.as_ref().map(PurposeName::as_str))),
        ("categories", json!(request.categories.iter().map(CategoryName::as_str).collect::<Vec<_>>())),
        ("recipient", json!(request.recipient.as_ref().map(RecipientName::as_str))),
    ];
    fields.into_iter().map(|(field, value)| (field.to_owned(), value)).collect()
}

/// The audience in words: how many it is permitted for, and why the others are not in it, most frequent reason first.
#[must_use]
pub fn audience_text(audience: &Audience, policy: &Policy, language: Language) -> String {
    let mut out = String::new();
    let mut line = |text: &str| {
        let _ = writeln!(out, "{text}");
    };
    let request = &audience.request;
    let activity = words_of(policy, &request.activity, language);
    let [all, permitted] = [all(audience), permitted(audience)].map(grouped);
    line(&match language {
        Language::Ja => format!("{activity}: 本人 {all} 人のうち {permitted} 人について許されます"),
        Language::En => format!("{activity}: permitted for {permitted} of {all} principals"),
    });
    for verdict in Verdict::ALL {
        let principals = count(audience, verdict);
        if principals > 0 {
            line(&format!("  {:>11}  {}", grouped(principals), verdict_words(verdict, language)));
        }
    }
    if !audience.causes.is_empty() {
        line("");
        line(match language {
            Language::Ja => "ほかの人が入らない理由（本人ごとに最初のもの）",
            Language::En => "Why the others are not in it, by what comes first for each",
        });
        line(reasons_text(&audience.causes, language).trim_end());
    }
    line("");
    line(&basis(audience, policy, language));
    if let Some(together) = &audience.together {
        out.push_str(&together_text(together, policy, language));
    }
    if let Some(change) = &audience.change {
        out.push_str(&change_text(change, policy, language));
    }
    out
}

/// How many there are for each reason, in words.
pub(super) fn reasons_text(causes: &BTreeMap<Cause, u64>, language: Language) -> String {
    let mut out = String::new();
    for (cause, principals) in ranked(causes) {
        let _ = writeln!(out, "  {:>11}  {}", grouped(principals), sentence(cause.reason, language));
        let _ = writeln!(out, "               {} {} {}", cause.verdict, cause.gate, cause.reason);
    }
    out
}

/// On what the figures rest.
fn basis(audience: &Audience, policy: &Policy, language: Language) -> String {
    let (revision, at) = (audience.revision, policy.local(audience.request.at));
    let known = audience.request.known_at.map(|known| policy.local(known));
    let version = audience.policy_version.as_ref().map_or("-", VersionName::as_str);
    let left = grouped(audience.by_definition);
    let who = match (audience.by_definition, language) {
        (0, Language::Ja) => "エンジン".to_owned(),
        (0, Language::En) => "the engine".to_owned(),
        (_, Language::Ja) => format!("エンジン（{left} 人については定義）"),
        (_, Language::En) => format!("the engine, about {left} by the definition"),
    };
    let snapshot = audience.snapshot.as_ref().and_then(|snapshot| Some((snapshot.from?, snapshot.caught_up)));
    let snapshot = match (snapshot, language) {
        (None, _) => String::new(),
        (Some((from, 0)), Language::Ja) => format!("、版番号 {from} のスナップショットから"),
        (Some((from, 0)), Language::En) => format!(", from the snapshot at revision {from}"),
        (Some((from, since)), Language::Ja) => {
            format!("、版番号 {from} のスナップショットとその後のできごと {} 件から", grouped(since))
        }
        (Some((from, since)), Language::En) => {
            format!(", from the snapshot at revision {from} and {} events since", grouped(since))
        }
    };
    let known = match (known, language) {
        (None, _) => String::new(),
        (Some(known), Language::Ja) => format!("、{known} までに分かっていたことにもとづく"),
        (Some(known), Language::En) => format!(", with what was known at {known}"),
    };
    match language {
        Language::Ja => {
            format!("台帳の版番号 {revision}、{at} 時点{known}、{version} 版、{who}による答え{snapshot}")
        }
        Language::En => {
            format!(
                "at revision {revision}, as of {at}{known}, by version {version}, answered by {who}{snapshot}"
            )
        }
    }
}

/// Causes, the most frequent first.
fn ranked(causes: &BTreeMap<Cause, u64>) -> Vec<(Cause, u64)> {
    let mut causes: Vec<(Cause, u64)> = causes.iter().map(|(cause, n)| (*cause, *n)).collect();
    causes.sort_by_key(|(cause, n)| (std::cmp::Reverse(*n), *cause));
    causes
}

fn count(audience: &Audience, verdict: Verdict) -> u64 {
    audience.verdicts.get(&verdict).copied().unwrap_or_default()
}

fn all(audience: &Audience) -> u64 {
    audience.verdicts.values().sum()
}

fn permitted(audience: &Audience) -> u64 {
    Verdict::ALL.into_iter().filter(|v| v.is_permitted()).map(|v| count(audience, v)).sum()
}

pub(super) fn words_of(policy: &Policy, activity: &ActivityName, language: Language) -> String {
    policy
        .activities
        .get(activity)
        .map_or_else(|| on_one_line(activity), |known| known.title.get(language).to_owned())
}

/// An activity's name, which need not be declared, as far as it can be shown on one line.
pub(super) fn on_one_line(activity: &ActivityName) -> String {
    activity.as_str().chars().filter(|c| !c.is_control()).take(80).collect()
}

/// The reason's sentence, with an ellipsis in place of the names that differ from one principal to another.
fn sentence(reason: Reason, language: Language) -> String {
    let mut sentence = String::new();
    for (place, part) in reason.template(language).split('{').enumerate() {
        match part.split_once('}').filter(|_| place > 0) {
            Some((_, rest)) => {
                sentence.push('…');
                sentence.push_str(rest);
            }
            None => sentence.push_str(part),
        }
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_sentence_shows_a_place_that_is_not_filled() {
        for reason in Reason::ALL {
            for language in Language::ALL {
                let sentence = sentence(*reason, language);
                assert!(!sentence.contains(['{', '}']), "{sentence}");
            }
        }
        assert_eq!(sentence(Reason::ConsentMissing, Language::En), "consent has not been given: …");
    }
}
