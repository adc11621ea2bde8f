//! The record of a receipt, in the fields of ISO/IEC TS 27560 with terms of the W3C's Data Privacy Vocabulary.

use nattoku_ledger::{Hash, Json, receipt};
use nattoku_model::event::{Event, Recorded};
use nattoku_model::name::{ActivityName, CategoryName, ConsentName, RecipientName};
use nattoku_model::policy::{Basis, Choice, Cover};
use nattoku_model::{Language, Policy};

use super::text;
use crate::error::OperationError;
use crate::nattoku::Nattoku;

/// What the receipt of an event says; of a withdrawal, whether it refuses what had never been given.
pub(super) fn of(
    nattoku: &Nattoku,
    (recorded, refuses): (&Recorded, bool),
    leaf: &str,
    origin: &str,
    asked: Language,
) -> Result<Json, OperationError> {
    let policy = nattoku.policy_of(recorded);
    let language = match &recorded.event {
        Event::ConsentGranted { language, .. } | Event::NoticeGiven { language, .. } => *language,
        _ => asked,
    };
    let leaf_fields = leaf.get(1..).and_then(|json| Json::parse(json).ok());
    let leaf_fields = leaf_fields.ok_or_else(|| super::no_such_event(recorded.revision))?;
    let field = |name: &str| text(leaf_fields.text_of(name).unwrap_or_default());
    let digest = nattoku.publication().digest(&policy.version).unwrap_or_default();
    let mut entries = vec![
        ("schema_version", text("ISO/IEC TS 27560:2023")),
        ("record_id", text(receipt::number(recorded.revision.0))),
        ("pii_principal_id", field("principal")),
        (
            "ledger",
            Json::object([
                ("origin", text(origin)),
                ("revision", text(recorded.revision.to_string())),
                ("leaf_hash", text(Hash::of_leaf(leaf.as_bytes()).to_string())),
            ]),
        ),
        (
            "pii_processing",
            Json::object([
                (
                    "privacy_notice",
                    Json::object([
                        ("policy", text(policy.name.as_str())),
                        ("version", text(policy.version.as_str())),
                        ("digest", text(format!("sha256:{digest}"))),
                    ]),
                ),
                ("language", text(language.to_string())),
                ("purposes", Json::List(purposes(policy, &recorded.event, language))),
            ]),
        ),
        (
            "party_identification",
            Json::List(vec![Json::object([
                ("party_name", text(policy.controller.name.get(language))),
                ("party_role", text("dpv:DataController")),
            ])]),
        ),
        ("events", Json::List(vec![event(&leaf_fields, &recorded.event, refuses)])),
    ];
    if let Event::ConsentGranted { item, text_version, language, .. } = &recorded.event {
        let words = policy.consents.get(item).and_then(|consent| consent.wordings.get(text_version));
        let words = words.map_or("", |words| words.get(*language));
        entries.push((
            "notice",
            receipt::notice(item.as_str(), text_version.as_str(), &language.to_string(), words),
        ));
    }
    Ok(Json::object(entries))
}

fn event(leaf: &Json, event: &Event, refuses: bool) -> Json {
    let state = match event {
        Event::ConsentGranted { .. } => "dpv:ConsentGiven",
        Event::ConsentWithdrawn { .. } if refuses => receipt::CONSENT_REFUSED,
        Event::ConsentWithdrawn { .. } => "dpv:ConsentWithdrawn",
        other => other.name(),
    };
    let mut entries = vec![("event_state", text(state))];
    for (field, of_leaf) in
        [("event_type", "event"), ("event_time", "at"), ("entity_id", "by"), ("validity_until", "until")]
    {
        entries.extend(leaf.text_of(of_leaf).map(|value| (field, text(value))));
    }
    Json::object(entries)
}

/// What an act of will bears on: for each purpose the data, and who else gets them.
fn purposes(policy: &Policy, event: &Event, language: Language) -> Vec<Json> {
    match event {
        Event::ConsentGranted { item, .. } | Event::ConsentWithdrawn { item, .. } => {
            of_consent(policy, item, language)
        }
        Event::ChoiceDeclined { choice, .. } | Event::ChoiceRestored { choice, .. } => {
            policy.choices.get(choice).map(|choice| of_choice(policy, choice, language)).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

fn of_consent(policy: &Policy, item: &ConsentName, language: Language) -> Vec<Json> {
    let mut found = Vec::new();
    for (name, activity) in &policy.activities {
        if activity.requires.contains(item) {
            found.extend(of_activity(policy, name, Some("dpv:Consent"), &activity.needs, &[], language));
        }
    }
    for provision in policy.provisions.values() {
        if matches!(&provision.basis, Basis::Consent(basis, _) if basis == item) {
            let (gives, to) = (&provision.gives, &provision.to);
            found.extend(of_activity(policy, &provision.activity, Some("dpv:Consent"), gives, to, language));
        }
    }
    found
}

fn of_choice(policy: &Policy, choice: &Choice, language: Language) -> Vec<Json> {
    let mut found = Vec::new();
    for cover in &choice.covers {
        match cover {
            Cover::Activity(covered, _) => {
                let needs = policy.activities.get(covered).map(|a| a.needs.as_slice()).unwrap_or_default();
                found.extend(of_activity(policy, covered, None, needs, &[], language));
            }
            Cover::Purpose(covered, _) => {
                let served = policy.activities.iter().filter(|(_, a)| a.purposes.contains(covered));
                for (name, activity) in served {
                    found.extend(of_activity(policy, name, None, &activity.needs, &[], language));
                }
            }
            Cover::Recipients(kind) => {
                for provision in policy.provisions.values() {
                    let is_of =
                        |to: &&RecipientName| policy.recipients.get(*to).is_some_and(|r| r.kind == *kind);
                    let to: Vec<RecipientName> = provision.to.iter().filter(is_of).cloned().collect();
                    if !to.is_empty() {
                        let gives = &provision.gives;
                        found.extend(of_activity(policy, &provision.activity, None, gives, &to, language));
                    }
                }
            }
        }
    }
    found
}

fn of_activity(
    policy: &Policy,
    name: &ActivityName,
    basis: Option<&str>,
    categories: &[CategoryName],
    to: &[RecipientName],
    language: Language,
) -> Vec<Json> {
    let Some(activity) = policy.activities.get(name) else { return Vec::new() };
    let data: Vec<Json> = categories
        .iter()
        .filter_map(|category| policy.categories.get(category))
        .map(|category| Json::object([("pii_type", text(category.title.get(language)))]))
        .collect();
    let to: Vec<Json> = to
        .iter()
        .filter_map(|recipient| policy.recipients.get(recipient))
        .map(|recipient| text(recipient.title.get(language)))
        .collect();
    let purposes = activity.purposes.iter().filter_map(|purpose| policy.purposes.get(purpose));
    purposes
        .map(|purpose| {
            let terms: Vec<Json> = purpose.dpv.iter().map(|term| text(format!("dpv:{term}"))).collect();
            let terms = if terms.is_empty() { vec![text("dpv:Purpose")] } else { terms };
            let mut entries = vec![
                (
                    "purpose",
                    text(format!("{} — {}", purpose.title.get(language), activity.title.get(language))),
                ),
                ("purpose_type", Json::List(terms)),
                ("pii_information", Json::List(data.clone())),
            ];
            entries.extend(basis.map(|basis| ("lawful_basis", text(basis))));
            if !to.is_empty() {
                entries.push(("recipient_third_parties", Json::List(to.clone())));
            }
            Json::object(entries)
        })
        .collect()
}
