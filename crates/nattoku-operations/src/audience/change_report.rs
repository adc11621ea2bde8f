//! How an audience differs from another, as people and programs read it.

use std::fmt::Write as _;

use nattoku_model::name::VersionName;
use nattoku_model::{Language, Policy};
use serde_json::{Value, json};

use super::change::{AudienceChange, Moved};
use super::report::{reasons_json, reasons_text};
use crate::answer::time;
use crate::grouped::grouped;

/// As JSON: on what the other side rests, and the figures.
pub(super) fn change_json(change: &AudienceChange) -> Value {
    let moved = |moved: &Moved| {
        json!({
            "principals": moved.principals,
            "unheard_of": moved.unheard_of,
            "reasons": reasons_json(&moved.causes),
        })
    };
    let policy = change.policy.as_ref();
    json!({
        "policy": policy.map(|(name, _)| name),
        "policy_digest": policy.map(|(_, digest)| digest),
        "policy_version": change.policy_version.as_ref().map(VersionName::as_str),
        "at": time(change.at),
        "known_at": change.known_at.map(time),
        "principals": { "all": change.all, "permitted": change.permitted, "both": change.both },
        "in": moved(&change.came_in),
        "out": moved(&change.dropped_out),
        "answered_by": { "engine": change.all - change.by_definition, "definition": change.by_definition },
    })
}

/// In words: how many are in both, how many came in and dropped out, and why.
pub(super) fn change_text(change: &AudienceChange, policy: &Policy, language: Language) -> String {
    let mut out = format!("\n{}\n", head(change, policy, language));
    let (there, both, came, went, why_came, why_went) = match language {
        Language::Ja => (
            "比べた側で許される",
            "どちらの側でも許される",
            "新たに入った",
            "外れた",
            "新たに入った人が比べた側で入らない理由（本人ごとに最初のもの）",
            "外れた人が入らない理由（本人ごとに最初のもの）",
        ),
        Language::En => (
            "permitted there",
            "permitted on both sides",
            "came in",
            "dropped out",
            "Why those who came in are not in it there, by what comes first for each",
            "Why those who dropped out are not in it, by what comes first for each",
        ),
    };
    let (came_in, dropped_out) = (&change.came_in, &change.dropped_out);
    for (principals, words) in [
        (change.permitted, there),
        (change.both, both),
        (came_in.principals, came),
        (dropped_out.principals, went),
    ] {
        let _ = writeln!(out, "  {:>11}  {words}", grouped(principals));
    }
    let unheard_of = match language {
        Language::Ja => "まだ台帳に現れていなかった",
        Language::En => "nobody had heard of them yet",
    };
    for (moved, why) in [(came_in, why_came), (dropped_out, why_went)] {
        if moved.principals == 0 {
            continue;
        }
        let _ = writeln!(out, "\n{why}");
        out.push_str(&reasons_text(&moved.causes, language));
        if moved.unheard_of > 0 {
            let _ = writeln!(out, "  {:>11}  {unheard_of}", grouped(moved.unheard_of));
        }
    }
    out
}

/// With what it is compared.
fn head(change: &AudienceChange, policy: &Policy, language: Language) -> String {
    let version = change.policy_version.as_ref().map_or("-", VersionName::as_str);
    let at = policy.local(change.at);
    let known = change.known_at.map(|known| policy.local(known));
    let known = match (known, language) {
        (None, _) => String::new(),
        (Some(known), Language::Ja) => format!("、{known} までに分かっていたこと"),
        (Some(known), Language::En) => format!(", with what was known at {known}"),
    };
    let by = match (&change.policy, language) {
        (None, Language::Ja) => format!("、{version} 版"),
        (None, Language::En) => format!(", by version {version}"),
        (Some((name, _)), language) => {
            let name: String = name.chars().filter(|c| !c.is_control()).collect();
            match language {
                Language::Ja => format!("、{name} の {version} 版"),
                Language::En => format!(", by version {version} of {name}"),
            }
        }
    };
    match language {
        Language::Ja => format!("{at} 時点{known}{by}と比べると"),
        Language::En => format!("Compared with {at}{known}{by}"),
    }
}
