//! The JSON of a law pack.

use nattoku_model::Language;
use nattoku_model::language::Text;
use nattoku_model::law::{Breach, Deadline, Entry, FactNumber, Grounds, Pack, Records, TransferRule};
use nattoku_model::name::VersionName;
use serde_json::{Map, Value, json};

/// Which pack it is, and its state.
pub(super) fn summary(pack: &Pack) -> Value {
    json!({
        "law": pack.law,
        "version": pack.version.as_str(),
        "state": pack.state.as_str(),
        "promulgated": pack.promulgated.map(|d| d.to_string()),
        "in_force_from": pack.in_force_from.map(|d| d.to_string()),
        "in_force_by": pack.in_force_by.map(|d| d.to_string()),
        "based_on": pack.based_on.as_ref().map(VersionName::as_str),
        "title": pack.instrument().map(|i| text(&i.title)),
    })
}

/// All that a pack says.
pub(super) fn whole(pack: &Pack) -> Value {
    let mut all = summary(pack);
    let parts = json!({
        "consent_age": pack.age.as_ref().map(|age| json!({
            "under": age.guardian.under,
            "judge_from": age.guardian.judge_from,
            "strength": age.strength.as_str(),
            "grounds": grounds(&age.grounds),
        })),
        "routes": by_name(pack.routes.iter().map(|(route, rule)| (route.as_str(), json!({
            "closed_for": words(rule.closed_for.iter().map(|c| c.as_str())),
            "grounds": grounds(&rule.grounds),
        })))),
        "classes": by_name(pack.protections.iter().map(|(class, rule)| (class.as_str(), json!({
            "needs": rule.needs.as_str(),
            "on": words(rule.on.iter().map(|h| h.as_str())),
            "strength": rule.strength.as_str(),
            "warrant": rule.warrant,
            "grounds": grounds(&rule.grounds),
        })))),
        "transfer": transfer(&pack.transfer),
        "joint_use": pack.joint_use.as_ref().map(|rule| json!({
            "items": by_name(rule.items.iter().map(|(item, title)| (item.as_str(), text(title)))),
            "grounds": grounds(&rule.grounds),
        })),
        "changes": by_name(pack.changes.iter().map(|(name, change)| (name.code(), json!({
            "title": text(&change.title),
            "class": change.class.as_str(),
            "grounds": grounds(&change.grounds),
        })))),
        "records": pack.records.as_ref().map(records),
        "breach": pack.breach.as_ref().map(breach),
        "deadlines": by_name(pack.deadlines.iter().map(|(name, d)| (name.as_str(), deadline(d)))),
        "provisions": pack.provisions.iter().map(|(citation, provision)| json!({
            "citation": citation.to_string(),
            "ja": pack.in_words(citation, Language::Ja),
            "title": text(&provision.title),
            "facts": words(provision.facts.iter().map(FactNumber::as_str)),
            "requires": provision.requires,
            "unchecked": provision.unchecked,
        })).collect::<Vec<Value>>(),
        "facts": by_name(pack.facts.iter().map(|(number, fact)| (number.as_str(), json!({
            "title": text(&fact.title),
            "source": fact.source,
            "unchecked": fact.unchecked,
        })))),
    });
    if let (Value::Object(all), Value::Object(parts)) = (&mut all, parts) {
        all.extend(parts);
    }
    all
}

fn transfer(rule: &TransferRule) -> Value {
    let conditions = rule.conditions.iter().map(|(condition, g)| (condition.as_str(), grounds(g)));
    json!({
        "home": rule.home,
        "equivalent_countries": rule.equivalent_countries,
        "conditions": by_name(conditions),
    })
}

fn records(records: &Records) -> Value {
    let items = records.items.iter().map(|item| {
        let routes = words(item.routes.iter().map(|r| r.as_str()));
        let value = json!({"title": text(&item.title), "routes": routes, "grounds": grounds(&item.grounds)});
        (item.name.as_str(), value)
    });
    let kept = records.retentions.iter().map(|kept| {
        let value = json!({
            "title": text(&kept.title),
            "for": kept.term.to_string(),
            "after": kept.after.as_str(),
            "grounds": grounds(&kept.grounds),
        });
        (kept.name.as_str(), value)
    });
    json!({
        "items": by_name(items),
        "retentions": by_name(kept),
        "exempt": words(records.exempt.iter().map(|r| r.as_str())),
        "grounds": grounds(&records.grounds),
    })
}

fn breach(breach: &Breach) -> Value {
    let triggers = breach.triggers.iter().map(|trigger| {
        let value = json!({
            "title": text(&trigger.title),
            "classes": words(trigger.classes.iter().map(|c| c.as_str())),
            "more_than": trigger.more_than,
            "grounds": grounds(&trigger.grounds),
        });
        (trigger.name.as_str(), value)
    });
    json!({
        "triggers": by_name(triggers),
        "excluded": entries(&breach.excluded),
        "report_items": entries(&breach.report_items),
        "notice_items": entries(&breach.notice_items),
        "grounds": grounds(&breach.grounds),
    })
}

fn deadline(deadline: &Deadline) -> Value {
    json!({
        "title": text(&deadline.title),
        "legal_word": text(&deadline.legal_word),
        "within": deadline.within.map(|t| t.to_string()),
        "least": deadline.least.map(|t| t.to_string()),
        "after": deadline.after.as_str(),
        "calendar": deadline.calendar,
        "counts_start": deadline.counts_start,
        "grounds": grounds(&deadline.grounds),
    })
}

fn grounds(grounds: &Grounds) -> Value {
    let cites: Vec<String> = grounds.cites.iter().map(ToString::to_string).collect();
    json!({"cites": cites, "unchecked": grounds.unchecked})
}

fn entries(entries: &[Entry]) -> Value {
    by_name(entries.iter().map(|e| (e.name.as_str(), text(&e.title))))
}

pub(super) fn text(text: &Text) -> Value {
    by_name(text.0.iter().map(|(language, words)| (language.tag(), Value::from(words.as_str()))))
}

fn words<'a>(words: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    words.collect()
}

fn by_name<'a>(parts: impl Iterator<Item = (&'a str, Value)>) -> Value {
    Value::Object(parts.map(|(name, value)| (name.to_owned(), value)).collect::<Map<String, Value>>())
}
