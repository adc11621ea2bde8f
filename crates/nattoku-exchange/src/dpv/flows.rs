//! Who else gets data, and under what: entrustments, provisions, joint uses.

use nattoku_model::Policy;
use nattoku_model::policy::{Basis, JointUse, Provision, Recipient, RecipientKind, Transfer};
use serde_json::Value;

use super::appi;
use super::graph::{Graph, Node, country, own, refs};
use super::policy::CONTROLLER;

/// Writes all of it.
pub(super) fn write(policy: &Policy, graph: &mut Graph) {
    for (name, recipient) in &policy.recipients {
        graph.nodes.push(of_recipient(name.as_str(), recipient));
        graph.nodes.extend(entrustments(name.as_str(), recipient));
    }
    for (name, provision) in &policy.provisions {
        graph.nodes.push(of_provision(policy, name.as_str(), provision));
    }
    for (name, joint) in &policy.joint_uses {
        graph.nodes.extend(of_joint_use(name.as_str(), joint));
    }
}

fn of_recipient(name: &str, recipient: &Recipient) -> Value {
    let kind = match recipient.kind {
        RecipientKind::Processor => "dpv:DataProcessor",
        RecipientKind::ThirdParty => "dpv:ThirdParty",
        RecipientKind::JointUser => "dpv:DataController",
        RecipientKind::Successor => "dpv:Recipient",
        RecipientKind::Authority => "dpv:Authority",
    };
    let transfer = recipient.transfer.as_ref().map(|transfer| match transfer {
        Transfer::EquivalentCountry => vec![appi::id(appi::EQUIVALENT)],
        Transfer::ConformingSystem(_) => vec![appi::id(appi::CONFORMING)],
        Transfer::Consent(item) => vec![appi::id(appi::TRANSFER_CONSENT), own("consent", item.as_str())],
    });
    let mut grounds = transfer.unwrap_or_default();
    if recipient.kind == RecipientKind::Successor {
        grounds.push(appi::id(appi::SUCCESSION));
    }
    Node::new(&own("recipient", name), &[kind])
        .text("dpv:hasName", &recipient.title)
        .text("skos:example", &recipient.example)
        .with("dpv:hasCountry", country(&recipient.country))
        .with("dpv:hasLegalBasis", refs(grounds))
        .value()
}

/// What a processor may do, as processes that it carries out for us.
fn entrustments(name: &str, recipient: &Recipient) -> Vec<Value> {
    let one = |entrusted: &nattoku_model::policy::Entrustment| {
        let id = format!("{}.{}", own("entrustment", name), entrusted.activity);
        Node::new(&id, &["dpv:PersonalDataProcess"])
            .with("dct:isPartOf", refs([own("activity", entrusted.activity.as_str())]))
            .with("dpv:hasProcessing", refs(["dpv:Transfer"]))
            .with("dpv:hasPersonalData", refs(entrusted.on.iter().map(|c| own("category", c.as_str()))))
            .with("dpv:hasDataController", refs([CONTROLLER]))
            .with("dpv:hasDataProcessor", refs([own("recipient", name)]))
            .with("dpv:hasLegalBasis", refs([appi::id(appi::ENTRUSTMENT)]))
            .value()
    };
    recipient.may.iter().map(one).collect()
}

fn of_provision(policy: &Policy, name: &str, provision: &Provision) -> Value {
    let ground = match &provision.basis {
        Basis::Consent(item, _) => vec![own("consent", item.as_str())],
        Basis::OptOut(_) => vec![appi::id(appi::OPT_OUT)],
        Basis::Law(citation) => vec![appi::ground(citation)],
    };
    let choice = match &provision.basis {
        Basis::OptOut(choice) => vec![own("choice", choice.as_str())],
        _ => Vec::new(),
    };
    let is_third = |to: &&nattoku_model::name::RecipientName| {
        policy.recipients.get(*to).is_some_and(|recipient| recipient.kind == RecipientKind::ThirdParty)
    };
    let (third, other): (Vec<_>, Vec<_>) = provision.to.iter().partition(is_third);
    let named = |names: Vec<&nattoku_model::name::RecipientName>| {
        refs(names.into_iter().map(|name| own("recipient", name.as_str())))
    };
    Node::new(&own("provision", name), &["dpv:PersonalDataProcess"])
        .with("dct:isPartOf", refs([own("activity", provision.activity.as_str())]))
        .with("dpv:hasProcessing", refs(["dpv:Disclose"]))
        .with("dpv:hasPersonalData", refs(provision.gives.iter().map(|c| own("category", c.as_str()))))
        .with("dpv:hasDataController", refs([CONTROLLER]))
        .with("dpv:hasRecipientThirdParty", named(third))
        .with("dpv:hasRecipient", named(other))
        .with("dpv:hasLegalBasis", refs(ground))
        .with("dpv:hasEntityInvolvement", refs(choice))
        .value()
}

/// A joint use, and those who use jointly as one group.
fn of_joint_use(name: &str, joint: &JointUse) -> [Value; 2] {
    let group = own("joint-users", name);
    let members = joint.users.iter().map(|user| own("recipient", user.as_str()));
    let members = std::iter::once(CONTROLLER.to_owned()).chain(members);
    [
        Node::new(&group, &["dpv:JointDataControllers"])
            .text("skos:prefLabel", &joint.title)
            .with("dpv:hasDataController", refs(members))
            .value(),
        Node::new(&own("joint-use", name), &["dpv:PersonalDataProcess"])
            .text("skos:prefLabel", &joint.title)
            .text("skos:note", &joint.responsible)
            .with("dpv:hasPurpose", refs(joint.purposes.iter().map(|p| own("purpose", p.as_str()))))
            .with("dpv:hasProcessing", refs(["dpv:Share"]))
            .with("dpv:hasPersonalData", refs(joint.items.iter().map(|c| own("category", c.as_str()))))
            .with("dpv:hasJointDataControllers", refs([group]))
            .with("dpv:hasLegalBasis", refs([appi::id(appi::JOINT_USE)]))
            .value(),
    ]
}
