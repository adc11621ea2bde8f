//! Purposes, activities as processes, what is agreed to and what can be declined.

use nattoku_model::Policy;
use nattoku_model::name::ActivityName;
use nattoku_model::policy::{Activity, ConsentItem, Cover, Minimisation, Purpose, Refusability};
use nattoku_policy::Words;
use serde_json::{Value, json};

use super::appi;
use super::graph::{Graph, Node, duration, own, refs};
use super::policy::CONTROLLER;

/// Writes all of it.
pub(super) fn write(policy: &Policy, graph: &mut Graph) {
    for (name, purpose) in &policy.purposes {
        if purpose.dpv.is_empty() {
            graph.notes.push(Words::new(
                format!("目的 `{name}` には DPV の語がないため、一般の語 `dpv:Purpose` で書きました。`dpv` を書けます"),
                format!("the purpose `{name}` names no term of DPV and was written as `dpv:Purpose`; it may say `dpv`"),
            ));
        }
        graph.nodes.push(of_purpose(name.as_str(), purpose));
    }
    for (name, application) in &policy.applications {
        let node = Node::new(&own("application", name.as_str()), &["dpv:Technology"]);
        graph.nodes.push(node.text("skos:prefLabel", &application.title).value());
    }
    graph.nodes.extend(policy.activities.iter().map(|(name, activity)| of_activity(policy, name, activity)));
    graph.nodes.extend(policy.consents.iter().map(|(name, item)| of_consent(name.as_str(), item)));
    for (name, choice) in &policy.choices {
        let kind = match choice.refusability {
            Refusability::Refusable | Refusability::RefusableWithConsequence => "dpv:OptingOutFromProcess",
            Refusability::NotRefusable => "dpv:CannotOptOutFromProcess",
        };
        let node = Node::new(&own("choice", name.as_str()), &[kind]);
        let node = node.text("skos:prefLabel", &choice.title).text("dpv:hasConsequence", &choice.consequence);
        graph.nodes.push(node.value());
    }
}

fn of_purpose(name: &str, purpose: &Purpose) -> Value {
    let terms: Vec<String> = purpose.dpv.iter().map(|term| format!("dpv:{term}")).collect();
    let types: Vec<&str> = std::iter::once("dpv:Purpose").chain(terms.iter().map(String::as_str)).collect();
    Node::new(&own("purpose", name), &types)
        .text("skos:prefLabel", &purpose.title)
        .text("skos:note", &purpose.benefit)
        .with("skos:notation", vec![json!(purpose.number)])
        .with("skos:broader", refs(&terms))
        .value()
}

fn of_activity(policy: &Policy, name: &ActivityName, activity: &Activity) -> Value {
    let mut processing = vec!["dpv:Use"];
    if activity.combines {
        processing.push("dpv:Combine");
    }
    let mut grounds = vec![appi::id(appi::WITHIN_PURPOSE)];
    grounds.extend(activity.requires.iter().map(|item| own("consent", item.as_str())));
    grounds.extend(activity.statutes.iter().map(|statute| appi::ground(&statute.basis)));
    grounds.dedup();
    let measures = activity.minimise.iter().map(|(what, _)| measure(*what));
    let mut measures: Vec<String> = measures.collect();
    measures.dedup();
    let choices = policy.choices.iter().filter(|(_, choice)| {
        choice.covers.iter().any(|cover| match cover {
            Cover::Activity(covered, _) => covered == name,
            Cover::Purpose(covered, _) => activity.purposes.contains(covered),
            Cover::Recipients(_) => false,
        })
    });
    Node::new(&own("activity", name.as_str()), &["dpv:PersonalDataProcess"])
        .text("skos:prefLabel", &activity.title)
        .with("dpv:hasPurpose", refs(activity.purposes.iter().map(|p| own("purpose", p.as_str()))))
        .with("dpv:hasProcessing", refs(processing))
        .with("dpv:hasPersonalData", refs(activity.needs.iter().map(|c| own("category", c.as_str()))))
        .with("dpv:hasDataController", refs([CONTROLLER]))
        .with("dpv:hasLegalBasis", refs(grounds))
        .with("dpv:hasTechnicalMeasure", refs(measures))
        .with("dpv:hasEntityInvolvement", refs(choices.map(|(choice, _)| own("choice", choice.as_str()))))
        .with(
            "dpv:isImplementedUsingTechnology",
            refs(activity.by.iter().map(|a| own("application", a.as_str()))),
        )
        .value()
}

fn measure(what: Minimisation) -> String {
    match what {
        Minimisation::Pseudonymize => "dpv:Pseudonymisation".to_owned(),
        Minimisation::Mask => appi::id("Mask"),
        Minimisation::AgeResultOnly => appi::id("AgeResultOnly"),
        Minimisation::AggregateOnly => appi::id("AggregateOnly"),
    }
}

fn of_consent(name: &str, item: &ConsentItem) -> Value {
    let mut types = vec!["appi:PrincipalConsent"];
    if item.individual {
        types.push("dpv:ExplicitlyExpressedConsent");
    }
    let node = Node::new(&own("consent", name), &types).text("skos:prefLabel", &item.title);
    let node = match item.wordings.get(&item.text) {
        Some(wording) => node.text("skos:definition", wording),
        None => node,
    };
    node.text("dpv:hasConsequence", &item.consequence)
        .with("dct:hasVersion", vec![json!(item.text.as_str())])
        .with("dpv:hasConsentControl", refs(["dpv:ProvideConsent", "dpv:WithdrawConsent"]))
        .with("dpv:hasDuration", item.lasts.map(duration).into_iter().collect())
        .value()
}
