//! Principals as a naive reading of the exported events sees them: line by line, without the program's own folds.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

/// The day on which the carrier's policy took effect, and before which the former purposes may go on to apply.
const TURNING_POINT: &str = "2019-12-11T00:00:00+09:00";

/// One principal's events that had been recorded, in the order they happened.
#[derive(Default)]
pub(super) struct Principal(Vec<Value>);

/// Every principal of whom something was known at the instant.
pub(super) fn read(export: &str, known_at: &str) -> BTreeMap<String, Principal> {
    let known_at: Timestamp = known_at.parse().unwrap();
    let mut principals: BTreeMap<String, Principal> = BTreeMap::new();
    for line in export.lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        let Some(principal) = event["principal"].as_str() else { continue };
        if instant(&event, "recorded_at") <= known_at {
            principals.entry(principal.to_owned()).or_default().0.push(event.clone());
        }
    }
    for principal in principals.values_mut() {
        principal.0.sort_by_key(|event| instant(event, "at"));
    }
    principals
}

fn instant(event: &Value, field: &str) -> Timestamp {
    event[field].as_str().unwrap().parse().unwrap()
}

impl Principal {
    fn named(&self, name: &str) -> impl DoubleEndedIterator<Item = &Value> {
        let name = name.to_owned();
        self.0.iter().filter(move |event| event["event"] == name.as_str())
    }

    /// Whether something of the category is held: acquired, and not erased afterwards.
    fn held(&self, category: &str) -> Vec<&Value> {
        let within = |inner: &str, outer: &str| inner == outer || inner.starts_with(&format!("{outer}."));
        let mut held: Vec<&Value> = Vec::new();
        for event in &self.0 {
            let about = event["category"].as_str().unwrap_or_default();
            match event["event"].as_str().unwrap() {
                "data_acquired" if within(about, category) => held.push(event),
                "data_erased" => held.retain(|h| !within(h["category"].as_str().unwrap(), about)),
                _ => {}
            }
        }
        held
    }

    pub(super) fn has(&self, category: &str) -> bool {
        !self.held(category).is_empty()
    }

    /// Whether something of one of these is held that the newer version governs: whoever was never in the club since the
    /// turning point keeps the former purposes for what was acquired before it.
    pub(super) fn holds(&self, categories: &[&str]) -> bool {
        let turning_point: Timestamp = TURNING_POINT.parse().unwrap();
        let starts = self.named("relationship_started").filter(|e| e["relationship"] == "club").count();
        let ends: Vec<Timestamp> = self
            .named("relationship_ended")
            .filter(|e| e["relationship"] == "club")
            .map(|e| instant(e, "at"))
            .collect();
        let is_in_club = starts > ends.len() || ends.iter().any(|end| *end > turning_point);
        categories
            .iter()
            .flat_map(|category| self.held(category))
            .any(|holding| is_in_club || instant(holding, "at") >= turning_point)
    }

    /// Whether the newest act on the item is a consent to one of these wordings, by somebody who could give it.
    pub(super) fn agreed(&self, item: &str, wordings: &[&str]) -> bool {
        let newest = self.0.iter().rev().find(|event| {
            event["item"] == item
                && (event["event"] == "consent_granted" || event["event"] == "consent_withdrawn")
        });
        newest.is_some_and(|act| {
            act["event"] == "consent_granted"
                && wordings.contains(&act["text_version"].as_str().unwrap())
                && self.could_give(act)
        })
    }

    /// A guardian linked by then, or the principal at 16.
    fn could_give(&self, act: &Value) -> bool {
        let given = instant(act, "at");
        match act["by"].as_str().unwrap_or("principal").split_once(':') {
            Some(("guardian", id)) => self
                .named("guardian_linked")
                .any(|link| link["guardian"] == id && instant(link, "at") <= given),
            Some(_) => false,
            None => {
                let born = self.named("principal_registered").rev().find_map(|e| e["born"].as_str());
                born.is_some_and(|born| {
                    let born: Date = born.parse().unwrap();
                    let sixteen = born.saturating_add(jiff::Span::new().years(16));
                    let tokyo = jiff::tz::TimeZone::fixed(jiff::tz::offset(9));
                    given.to_zoned_datetime(tokyo).date() >= sixteen
                })
            }
        }
    }
}
