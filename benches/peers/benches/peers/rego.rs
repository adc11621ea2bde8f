//! Rego, by regorus: the rules compiled for its register machine, declarations and everybody's state as its data document, the
//! inputs made beforehand. The register machine is the fastest way that its documentation knows.

use std::collections::BTreeMap;

use nattoku_benches::carrier::Question;
use nattoku_benches::deciding::{PEOPLE, Peer, Town};
use nattoku_model::Policy;
use nattoku_model::name::CategoryName;
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Value as Document};
use serde_json::{Value, json};

use crate::known::Known;
use crate::rules::{names, on_consent, passes_declined, sources, stopped_by};

/// Under which the answer stands.
const ALLOW: &str = "data.nattoku.allow";

/// An instant that does not come.
const NEVER: i64 = 9_999_999_999;

pub(crate) struct Rego {
    machine: RegoVM,
    /// By question and customer.
    inputs: Vec<Vec<Document>>,
}

impl Rego {
    pub(crate) fn new(town: &Town, known: &[Known]) -> Self {
        let mut engine = Engine::new();
        engine.add_policy("rules.rego".to_owned(), include_str!("rules.rego").to_owned()).unwrap();
        let compiled = engine.compile_with_entrypoint(&ALLOW.into()).unwrap();
        let mut machine = RegoVM::new();
        machine.load_program(Compiler::compile_from_policy(&compiled, &[ALLOW]).unwrap());
        let customers: BTreeMap<String, Value> =
            known.iter().enumerate().map(|(number, known)| (number.to_string(), customer(known))).collect();
        let mut data = declared(town.versions.current());
        data["customers"] = json!(customers);
        machine.set_data(Document::from(data)).unwrap();
        Self { machine, inputs: town.questions.iter().map(inputs).collect() }
    }
}

impl Peer for Rego {
    fn name(&self) -> &'static str {
        "rego"
    }

    fn is_permitted(&mut self, question: usize, person: usize) -> bool {
        self.machine.set_input(self.inputs[question][person].clone());
        self.machine.execute_entry_point_by_index(0).unwrap() == Document::from(true)
    }
}

fn inputs(question: &Question) -> Vec<Document> {
    let request = &question.request;
    let mut input = json!({
        "application": request.application.as_str(),
        "action": request.action.as_str(),
        "activity": request.activity.as_str(),
        "categories": names(&request.categories),
        "now": request.at.as_second(),
    });
    if let Some(recipient) = &request.recipient {
        input["recipient"] = json!(recipient.as_str());
    }
    if let Some(claim) = &request.exception {
        input["claim"] = json!({ "name": claim.name.as_str(), "evidence": claim.evidence });
    }
    let of = |number: u32| {
        input["customer"] = json!(number.to_string());
        Document::from(input.clone())
    };
    (0..PEOPLE).map(of).collect()
}

/// A set: the language's own data have none, and looking a key up is what an index is for.
fn set(of: impl IntoIterator<Item = impl Into<String>>) -> Value {
    Value::Object(of.into_iter().map(|name| (name.into(), Value::Bool(true))).collect())
}

fn declared(policy: &Policy) -> Value {
    let categories: BTreeMap<&str, Value> = policy
        .categories
        .keys()
        .map(|name| (name.as_str(), json!({ "within": within(name), "sources": set(sources(policy, name)) })))
        .collect();
    let activities: BTreeMap<&str, Value> = policy
        .activities
        .iter()
        .map(|(name, activity)| {
            let provisions: Vec<Value> = on_consent(policy, name)
                .map(|(provision, item, accepts)| {
                    let (to, gives) = (set(names(&provision.to)), set(names(&provision.gives)));
                    json!({ "to": to, "gives": gives, "consent": item, "accepts": set(accepts) })
                })
                .collect();
            let declared = json!({
                "by": set(names(&activity.by)),
                "needs": set(names(&activity.needs)),
                "during": names(&activity.during),
                "may_continue": activity.may_continue,
                "requires": names(&activity.requires),
                "to_nobody": activity.to_nobody,
                "outcome": activity.outcome,
                "stopped_by": stopped_by(policy, name, activity),
                "passes_declined": set(passes_declined(policy, name)),
                "provisions": provisions,
            });
            (name.as_str(), declared)
        })
        .collect();
    let recipients: BTreeMap<&str, Value> = policy
        .recipients
        .iter()
        .map(|(name, r)| {
            let (kind, abroad) = (r.kind.as_str(), r.country != "JP");
            (name.as_str(), json!({ "kind": kind, "suspended": false, "abroad": abroad }))
        })
        .collect();
    let exceptions: BTreeMap<&str, Value> = policy
        .exceptions
        .iter()
        .map(|(name, exception)| {
            let declared = json!({
                "actions": set(exception.actions.iter().map(|a| a.as_str())),
                "kinds": set(exception.to.iter().flat_map(|to| &to.kinds).map(|k| k.as_str())),
                "requires": exception.requires.iter().map(|r| r.as_str()).collect::<Vec<_>>(),
            });
            (name.as_str(), declared)
        })
        .collect();
    json!({
        "categories": categories,
        "activities": activities,
        "recipients": recipients,
        "exceptions": exceptions,
        "protected": set(["profile.nationality", "will_record", "disability"]),
    })
}

/// A category and those above it.
fn within(category: &CategoryName) -> Vec<String> {
    std::iter::successors(Some(category.clone()), CategoryName::parent).map(|c| c.to_string()).collect()
}

fn customer(known: &Known) -> Value {
    let mut held: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for h in &known.held {
        let expires = h.expires.unwrap_or(NEVER);
        let holding = json!({ "acquired": h.acquired, "expires": expires, "source": h.source });
        held.entry(h.category.as_str()).or_default().push(holding);
    }
    json!({
        "consents": known.consents,
        "declined": set(&known.declined),
        "alive": set(&known.alive),
        "ended": set(known.ended.keys()),
        "was_member": known.was_member,
        "stopped": set(&known.stopped),
        "erased": set(&known.erased),
        "held": held,
    })
}
