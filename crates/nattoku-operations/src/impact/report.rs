//! The figures, as people and programs read them.

use std::fmt::Write as _;

use nattoku_model::{ChangeClass, Language};
use serde_json::{Value, json};

use super::{Count, Impact};
use crate::difference::Compared;
use crate::difference::json::change_json;
use crate::difference::text::headline;
use crate::grouped::grouped;

/// The impact as JSON: the figures, and every change with its own.
#[must_use]
pub fn impact_json(compared: &Compared, impact: &Impact) -> Value {
    let changes = compared.difference.changes.iter().zip(&impact.changes).map(|(change, count)| {
        let mut value = change_json(change, compared);
        if let Some(object) = value.as_object_mut() {
            object.insert("principals".to_owned(), count_json(*count));
        }
        value
    });
    json!({
        "from": compared.difference.from.as_str(),
        "to": compared.difference.to.as_str(),
        "revision": impact.revision.0,
        "at": compared.after().local(impact.at),
        "as_of": compared.after().local(impact.as_of),
        "principals": {
            "all": impact.principals,
            "consent_again": impact.consent_again,
            "notify": impact.notify,
            "nothing_to_do": impact.nothing_to_do,
        },
        "changes": changes.collect::<Vec<_>>(),
    })
}

fn count_json(count: Count) -> Value {
    json!({ "affected": count.affected, "permitted": count.permitted, "stopped": count.stopped })
}

/// The impact in words.
#[must_use]
pub fn impact_text(compared: &Compared, impact: &Impact, language: Language) -> String {
    let mut out = String::new();
    let mut line = |text: &str| {
        let _ = writeln!(out, "{text}");
    };
    let all = || compared.difference.changes.iter().zip(&impact.changes);
    for class in ChangeClass::ALL.into_iter().rev() {
        if !all().any(|(change, _)| change.class == class) {
            continue;
        }
        line(class.words(language));
        for (change, count) in all().filter(|(change, _)| change.class == class) {
            line(&format!("  {:>10}  {}", grouped(count.affected), headline(change, language)));
            line(&format!("              {}{}", change.id(), shifts(*count, language)));
        }
        line("");
    }
    let (from, to) = (&compared.difference.from, &compared.difference.to);
    let [principals, again, notify, nothing] =
        [impact.principals, impact.consent_again, impact.notify, impact.nothing_to_do].map(grouped);
    let (revision, local) = (impact.revision, |at| compared.after().local(at));
    let (at, as_of) = (local(impact.at), local(impact.as_of));
    match language {
        Language::Ja => {
            line(&format!(
                "{from} → {to}: 本人 {principals} 人のうち、同意の取り直し {again} 人、通知 {notify} 人、どちらも不要 {nothing} 人"
            ));
            line(&format!("台帳の版番号 {revision}、{at} までに分かっていたことにもとづく {as_of} 時点の数"));
        }
        Language::En => {
            line(&format!(
                "{from} → {to}: of {principals} principals, consent again {again}, notify {notify}, neither {nothing}"
            ));
            line(&format!("at revision {revision}, with what was known at {at}, as of {as_of}"));
        }
    }
    out
}

fn shifts(count: Count, language: Language) -> String {
    let [permitted, stopped] = [count.permitted, count.stopped].map(grouped);
    let (permits, stops) = match language {
        Language::Ja => {
            (format!("; できるようになる: {permitted} 人"), format!("; できなくなる: {stopped} 人"))
        }
        Language::En => (format!("; becomes permitted for {permitted}"), format!("; stops for {stopped}")),
    };
    let told = [(count.permitted, permits), (count.stopped, stops)];
    told.into_iter().filter(|(n, _)| *n > 0).map(|(_, words)| words).collect()
}
