//! From an event to its fields, and to a line of JSON.

use std::borrow::Cow;

use jiff::Timestamp;
use nattoku_model::name::CategoryName;
use nattoku_model::{Action, Event};

use super::value::{Object, Value, push_field};

type Fields<'a> = Vec<(&'static str, Value<'a>)>;

/// The event's own fields as an object.
pub(crate) fn object(event: &Event) -> Object<'_> {
    Object(fields(event).into_iter().map(|(key, value)| (key.into(), value)).collect())
}

/// The event's own fields in the order of the reference; those it does not have are left out.
pub(crate) fn fields(event: &Event) -> Fields<'_> {
    let text = Value::text;
    match event {
        Event::PrincipalRegistered { born, residence, unknown_relationships } => {
            let mut fields: Fields<'_> = Vec::new();
            fields.extend(born.map(|born| ("born", owned(born))));
            fields.extend(residence.as_deref().map(|residence| ("residence", text(residence))));
            if !unknown_relationships.is_empty() {
                let names = unknown_relationships.iter().map(|name| Cow::Borrowed(name.as_str()));
                fields.push(("unknown_relationships", Value::List(names.collect())));
            }
            fields
        }
        Event::GuardianLinked { guardian, until } => {
            let mut fields = vec![("guardian", text(guardian))];
            fields.extend(until.map(|until| ("until", owned(until))));
            fields
        }
        Event::RelationshipStarted { relationship } | Event::RelationshipEnded { relationship } => {
            vec![("relationship", text(relationship.as_str()))]
        }
        Event::DataAcquired { category, source, entrusted_from, policy_version } => {
            let mut fields = vec![("category", text(category.as_str())), ("source", text(source.as_str()))];
            fields.extend(entrusted_from.as_ref().map(|name| ("entrusted_from", text(name.as_str()))));
            fields.extend(policy_version.as_ref().map(|version| ("policy_version", text(version.as_str()))));
            fields
        }
        Event::DataErased { category } => vec![("category", text(category.as_str()))],
        Event::NoticeGiven { policy_version, language, channel } => vec![
            ("policy_version", text(policy_version.as_str())),
            ("language", text(language.tag())),
            ("channel", text(channel)),
        ],
        Event::DataUsed { application, activity, categories } => vec![
            ("application", text(application.as_str())),
            ("activity", text(activity.as_str())),
            ("categories", list_of_categories(categories)),
        ],
        Event::DataProvided { recipient, activity, categories, basis } => vec![
            ("recipient", text(recipient.as_str())),
            ("activity", text(activity.as_str())),
            ("categories", list_of_categories(categories)),
            ("basis", text(basis)),
        ],
        Event::DataReceived { source, activity, categories, basis } => vec![
            ("source", text(source.as_str())),
            ("activity", text(activity.as_str())),
            ("categories", list_of_categories(categories)),
            ("basis", text(basis)),
        ],
        Event::DataViewed { .. } => fields_of_look(event),
        Event::RecipientAssessed { recipient }
        | Event::RecipientSupervised { recipient }
        | Event::RecipientSuspended { recipient }
        | Event::RecipientEnded { recipient } => vec![("recipient", text(recipient.as_str()))],
        Event::PublicationPublished { publication } => vec![("publication", text(publication.as_str()))],
        Event::PolicyPublished { version, digest } => {
            vec![("version", text(version.as_str())), ("digest", text(digest))]
        }
        _ => fields_of_will(event),
    }
}

/// The fields of a look at data.
fn fields_of_look(event: &Event) -> Fields<'_> {
    let text = Value::text;
    let Event::DataViewed { application, department, role, activity, categories, reason } = event else {
        return Vec::new();
    };
    vec![
        ("application", text(application.as_str())),
        ("department", text(department.as_str())),
        ("role", text(role.as_str())),
        ("activity", text(activity.as_str())),
        ("categories", list_of_categories(categories)),
        ("reason", text(reason.as_str())),
    ]
}

/// The fields of the events that say what the principal wants, or what stops a use.
fn fields_of_will(event: &Event) -> Fields<'_> {
    let text = Value::text;
    match event {
        Event::ConsentGranted { item, text_version, language, channel, by, until, evidence } => {
            let mut fields = vec![
                ("item", text(item.as_str())),
                ("text_version", text(text_version.as_str())),
                ("language", text(language.tag())),
                ("channel", text(channel)),
                ("by", owned(by)),
            ];
            fields.extend(until.map(|until| ("until", owned(until))));
            fields.extend(evidence.as_deref().map(|evidence| ("evidence", text(evidence))));
            fields
        }
        Event::ConsentWithdrawn { item, channel, by } => {
            vec![("item", text(item.as_str())), ("channel", text(channel)), ("by", owned(by))]
        }
        Event::ChoiceDeclined { choice, channel, by } | Event::ChoiceRestored { choice, channel, by } => {
            vec![("choice", text(choice.as_str())), ("channel", text(channel)), ("by", owned(by))]
        }
        Event::RestrictionPlaced { categories, actions, claim }
        | Event::RestrictionLifted { categories, actions, claim } => {
            let actions = actions.iter().copied().map(|action| Cow::Borrowed(Action::as_str(action)));
            let mut fields = vec![
                ("categories", list_of_categories(categories)),
                ("actions", Value::List(actions.collect())),
            ];
            fields.extend(claim.as_deref().map(|claim| ("claim", text(claim))));
            fields
        }
        _ => Vec::new(),
    }
}

fn owned(value: impl std::fmt::Display) -> Value<'static> {
    Value::Text(Cow::Owned(value.to_string()))
}

fn list_of_categories(categories: &[CategoryName]) -> Value<'_> {
    Value::List(categories.iter().map(|category| Cow::Borrowed(category.as_str())).collect())
}

/// The event as one line, its keys always in the same order.
pub(super) fn line(
    event: &Event,
    principal: Option<&str>,
    id: Option<&str>,
    at: Timestamp,
    recorded_at: Option<Timestamp>,
) -> String {
    let mut out = String::with_capacity(256);
    out.push('{');
    push_field(&mut out, "event", &Value::text(event.name()));
    for (key, value) in [("principal", principal), ("id", id)] {
        if let Some(value) = value {
            push_field(&mut out, key, &Value::text(value));
        }
    }
    push_field(&mut out, "at", &owned(at));
    if let Some(recorded_at) = recorded_at {
        push_field(&mut out, "recorded_at", &owned(recorded_at));
    }
    for (key, value) in &fields(event) {
        push_field(&mut out, key, value);
    }
    out.push('}');
    out
}
