//! The difference for programs: every change with its class, its grounds, whom it concerns and what it shifts.

use nattoku_analysis::difference::{Affected, Change, Effect, Ruling};
use nattoku_model::law::Cited;
use nattoku_model::name::{CategoryName, RecipientName, VersionName};
use nattoku_model::policy::Place;
use nattoku_model::{ChangeClass, Language, Text};
use serde_json::{Map, Value, json};

use super::Compared;

/// The difference as JSON; equal differences give equal bytes.
#[must_use]
pub fn difference_json(compared: &Compared) -> Value {
    let changes = &compared.difference.changes;
    let count = |class: ChangeClass| changes.iter().filter(|c| c.class == class).count();
    json!({
        "from": compared.difference.from.as_str(),
        "to": compared.difference.to.as_str(),
        "changes": changes.iter().map(|c| change_json(c, compared)).collect::<Vec<_>>(),
        "counts": ChangeClass::ALL.map(|c| (c.as_str().to_owned(), json!(count(c)))).into_iter().collect::<Map<_, _>>(),
    })
}

/// One change as JSON.
pub(crate) fn change_json(change: &Change, compared: &Compared) -> Value {
    json!({
        "change": change.id(),
        "kind": change.kind.code(),
        "class": change.class.as_str(),
        "subject": { "kind": change.subject.kind, "name": change.subject.name, "title": text_json(&change.title) },
        "sentence": both(|language| change.sentence(language)),
        "before": change.before.as_ref().map(place_json),
        "after": change.after.as_ref().map(place_json),
        "causes": change.causes.iter().map(|cause| json!({
            "kind": cause.rule.kind,
            "name": cause.rule.name,
            "before": cause.before.as_ref().map(place_json),
            "after": cause.after.as_ref().map(place_json),
        })).collect::<Vec<_>>(),
        "rulings": change.rulings.iter().map(ruling_json).collect::<Vec<_>>(),
        "concerns": affected_json(&change.affected),
        "concerns_in_words": text_json(&change.affected.words(compared.before(), compared.after())),
        "effects": change.effects.iter().map(effect_json).collect::<Vec<_>>(),
    })
}

fn both(words: impl Fn(Language) -> String) -> Value {
    Language::ALL
        .map(|l| (l.tag().to_owned(), Value::from(words(l))))
        .into_iter()
        .collect::<Map<_, _>>()
        .into()
}

fn text_json(text: &Text) -> Value {
    both(|language| text.get(language).to_owned())
}

fn place_json(place: &Place) -> Value {
    json!({ "file": place.file, "line": place.line, "section": place.section })
}

fn ruling_json(ruling: &Ruling) -> Value {
    json!({
        "class": ruling.class.as_str(),
        "law": ruling.law,
        "version": ruling.version,
        "cites": ruling.cites.iter().map(cited_json).collect::<Vec<_>>(),
        "why": text_json(&ruling.why),
        "unchecked": ruling.unchecked,
    })
}

fn cited_json(cited: &Cited) -> Value {
    match cited {
        Cited::Provision(citation) => json!({
            "law": citation.law,
            "version": citation.version.as_ref().map(VersionName::as_str),
            "article": citation.article.iter().map(ToString::to_string).collect::<Vec<_>>().join("-"),
            "paragraph": citation.paragraph,
            "item": citation.item,
        }),
        Cited::Fact(fact) => json!({ "fact": fact.as_str() }),
    }
}

fn affected_json(affected: &Affected) -> Value {
    let names = |names: &dyn Fn() -> Vec<String>| Value::from(names());
    match affected {
        Affected::Nobody => json!("nobody"),
        Affected::Everybody => json!("everybody"),
        Affected::Holds(categories) => {
            json!({ "holds": names(&|| categories.iter().map(ToString::to_string).collect()) })
        }
        Affected::HeldFrom(source) => json!({ "held_from": source.as_str() }),
        Affected::HeldFor(entruster) => json!({ "held_for": entruster.as_str() }),
        Affected::Agreed(item, wordings) => json!({
            "agreed": item.as_str(),
            "wordings": names(&|| wordings.iter().map(ToString::to_string).collect()),
        }),
        Affected::LosesConsent(item) => json!({ "loses_consent": item.as_str() }),
        Affected::GainsConsent(item) => json!({ "gains_consent": item.as_str() }),
        Affected::Declined(choice) => json!({ "declined": choice.as_str() }),
        Affected::Tied(relationship) => json!({ "tied": relationship.as_str() }),
        Affected::Any(conditions) => {
            json!({ "any": conditions.iter().map(affected_json).collect::<Vec<_>>() })
        }
        Affected::All(conditions) => {
            json!({ "all": conditions.iter().map(affected_json).collect::<Vec<_>>() })
        }
    }
}

fn effect_json(effect: &Effect) -> Value {
    json!({
        "shift": effect.shift.as_str(),
        "action": effect.action.as_str(),
        "activity": effect.activity.as_str(),
        "purpose": effect.purpose.as_str(),
        "recipient": effect.recipient.as_ref().map(RecipientName::as_str),
        "categories": effect.categories.iter().map(CategoryName::as_str).collect::<Vec<_>>(),
        "whom": effect.whom.as_str(),
    })
}
