//! Cedar: the rules as policies, the declarations and the state of everybody as resident entities, the requests made beforehand.

use cedar_policy::{Authorizer, Context, Decision, Entities, EntityUid, PolicySet, Request};
use nattoku_benches::deciding::{PEOPLE, Peer, Town};
use nattoku_model::Policy;
use nattoku_model::name::CategoryName;
use serde_json::{Value, json};

use crate::known::Known;
use crate::rules::{names, passes_declined, sources, stopped_by};

pub(crate) struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    /// By question and customer: one request a category.
    requests: Vec<Vec<Vec<Request>>>,
}

impl Cedar {
    pub(crate) fn new(town: &Town, known: &[Known]) -> Self {
        let policy = town.versions.current();
        let mut asked: Vec<&CategoryName> =
            town.questions.iter().flat_map(|q| &q.request.categories).collect();
        asked.sort();
        asked.dedup();
        let mut entities = declared(policy);
        for (number, known) in known.iter().enumerate() {
            entities.push(customer(number, known));
            entities.extend(asked.iter().map(|category| data(number, known, category)));
        }
        Self {
            authorizer: Authorizer::new(),
            policies: include_str!("rules.cedar").parse().unwrap(),
            entities: Entities::from_json_value(Value::Array(entities), None).unwrap(),
            requests: town.questions.iter().map(requests).collect(),
        }
    }
}

impl Peer for Cedar {
    fn name(&self) -> &'static str {
        "cedar"
    }

    fn is_permitted(&mut self, question: usize, person: usize) -> bool {
        // What is denied of one category needs no question about the others.
        self.requests[question][person].iter().all(|request| {
            let response = self.authorizer.is_authorized(request, &self.policies, &self.entities);
            response.decision() == Decision::Allow
        })
    }
}

fn requests(question: &nattoku_benches::carrier::Question) -> Vec<Vec<Request>> {
    let request = &question.request;
    let mut context = json!({
        "activity": entity("Activity", request.activity.as_str()),
        "now": request.at.as_second(),
    });
    if let Some(recipient) = &request.recipient {
        context["recipient"] = entity("Recipient", recipient.as_str());
    }
    if let Some(claim) = &request.exception {
        let shown: Vec<&String> = claim.evidence.keys().collect();
        context["claim"] = json!({ "exception": entity("Exception", claim.name.as_str()), "shown": shown });
    }
    let context = Context::from_json_value(context, None).unwrap();
    let principal = uid("Application", request.application.as_str());
    let action = uid("Action", request.action.as_str());
    let of = |number: u32| {
        let one = |category: &CategoryName| {
            let data = uid("Data", &format!("{number}/{category}"));
            Request::new(principal.clone(), action.clone(), data, context.clone(), None).unwrap()
        };
        request.categories.iter().map(one).collect()
    };
    (0..PEOPLE).map(of).collect()
}

fn uid(kind: &str, name: &str) -> EntityUid {
    format!("{kind}::\"{name}\"").parse().unwrap()
}

/// A reference to an entity.
fn entity(kind: &str, name: &str) -> Value {
    json!({ "__entity": { "type": kind, "id": name } })
}

fn all(kind: &str, names: impl IntoIterator<Item = impl AsRef<str>>) -> Value {
    names.into_iter().map(|name| entity(kind, name.as_ref())).collect()
}

fn declare(kind: &str, name: &str, attributes: &Value, parents: &[Value]) -> Value {
    json!({ "uid": { "type": kind, "id": name }, "attrs": attributes, "parents": parents })
}

fn declared(policy: &Policy) -> Vec<Value> {
    let categories = policy.categories.keys().map(|name| {
        let parents: Vec<Value> = name.parent().iter().map(|p| entity("Category", p.as_str())).collect();
        let attributes = json!({ "sources": all("Source", sources(policy, name)) });
        declare("Category", name.as_str(), &attributes, &parents)
    });
    let activities = policy.activities.iter().map(|(name, activity)| {
        let mut attributes = json!({
            "by": all("Application", names(&activity.by)),
            "needs": all("Category", names(&activity.needs)),
            "during": all("Tie", names(&activity.during)),
            "may_continue": activity.may_continue,
            "requires": all("Item", names(&activity.requires)),
            "to_nobody": activity.to_nobody,
            "stopped_by": all("Choice", stopped_by(policy, name, activity)),
            "passes_declined": all("Category", passes_declined(policy, name)),
        });
        if let Some(outcome) = &activity.outcome {
            attributes["outcome"] = json!(outcome);
        }
        declare("Activity", name.as_str(), &attributes, &[])
    });
    let recipients = policy.recipients.iter().map(|(name, recipient)| {
        let attributes = json!({
            "kind": recipient.kind.as_str(),
            "suspended": false,
            "abroad": recipient.country != "JP",
        });
        declare("Recipient", name.as_str(), &attributes, &[])
    });
    let exceptions = policy.exceptions.iter().map(|(name, exception)| {
        let attributes = json!({
            "actions": all("Action", exception.actions.iter().map(|a| a.as_str())),
            "kinds": exception.to.iter().flat_map(|to| &to.kinds).map(|k| k.as_str()).collect::<Vec<_>>(),
            "requires": exception.requires.iter().map(|r| r.as_str()).collect::<Vec<_>>(),
        });
        declare("Exception", name.as_str(), &attributes, &[])
    });
    categories.chain(activities).chain(recipients).chain(exceptions).collect()
}

fn customer(number: usize, known: &Known) -> Value {
    let attributes = json!({
        "consents": known.consents,
        "given": all("Item", known.consents.keys()),
        "declined": all("Choice", &known.declined),
        "alive": all("Tie", &known.alive),
        "ended": all("Tie", known.ended.keys()),
        "was_member": known.was_member,
        "stopped": all("Category", &known.stopped),
        "erased": all("Category", &known.erased),
    });
    declare("Customer", &number.to_string(), &attributes, &[])
}

/// What is held of a category: the oldest decides which version governs, the one that expires first whether it may be kept.
fn data(number: usize, known: &Known, category: &CategoryName) -> Value {
    let held = known.of_category(category);
    let mut attributes = json!({
        "customer": entity("Customer", &number.to_string()),
        "category": entity("Category", category.as_str()),
        "sources": all("Source", held.iter().map(|h| h.source.as_str())),
    });
    if let Some(oldest) = held.iter().map(|h| h.acquired).min() {
        attributes["oldest"] = json!(oldest);
    }
    if let Some(expires) = held.iter().filter_map(|h| h.expires).min() {
        attributes["expires"] = json!(expires);
    }
    declare("Data", &format!("{number}/{category}"), &attributes, &[])
}
