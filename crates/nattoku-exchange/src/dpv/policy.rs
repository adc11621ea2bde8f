//! The policy itself, who is responsible, what is held and for how long, and where it comes from.

use nattoku_model::Policy;
use nattoku_model::name::CategoryName;
use nattoku_model::policy::{Category, Channel, Class, RetentionStart};
use serde_json::{Value, json};

use super::appi;
use super::graph::{Graph, Node, country, duration, own, refs};

/// The name of who is responsible.
pub(super) const CONTROLLER: &str = "policy:controller";

/// Writes all of it.
pub(super) fn write(policy: &Policy, graph: &mut Graph) {
    graph.nodes.push(of_policy(policy));
    graph.nodes.push(controller(policy));
    graph.nodes.extend(policy.sources.iter().map(|(name, source)| {
        let kind = match source.channel {
            Channel::Direct | Channel::Automatic => "dpv:DataSubjectDataSource",
            Channel::Indirect => "dpv:ThirdPartyDataSource",
        };
        let node = Node::new(&own("source", name.as_str()), &[kind]);
        node.text("skos:prefLabel", &source.title).value()
    }));
    graph.nodes.extend(policy.categories.iter().map(|(name, category)| of_category(policy, name, category)));
    for (name, prohibition) in &policy.prohibitions {
        let node = Node::new(&own("prohibition", name.as_str()), &["dpv:Prohibition"]);
        let on = refs(prohibition.on.iter().map(|category| own("category", category.as_str())));
        graph
            .nodes
            .push(node.text("skos:prefLabel", &prohibition.title).with("dpv:hasPersonalData", on).value());
    }
}

fn of_policy(policy: &Policy) -> Value {
    let effective = policy.effective.to_zoned_datetime(policy.timezone.clone()).date().to_string();
    let laws = policy.laws.iter().map(
        |(law, version)| json!({"@type": ["dpv:Law"], "dct:identifier": [law], "dct:hasVersion": [version]}),
    );
    let dated = |date: String| vec![json!({"@type": "xsd:date", "@value": date})];
    Node::new(&own("policy", &policy.name), &["dpv:Policy", "dpv:PrivacyNotice"])
        .with("dct:hasVersion", vec![json!(policy.version.as_str())])
        .with("dct:issued", policy.announced.map(|date| dated(date.to_string())).unwrap_or_default())
        .with("dct:valid", dated(effective))
        .with("dct:conformsTo", refs([format!("https://w3id.org/dpv/{}", super::VERSION)]))
        .with("dpv:hasApplicableLaw", laws.collect())
        .with("dpv:hasDataController", refs([CONTROLLER]))
        .with(
            "dpv:hasProhibition",
            refs(policy.prohibitions.keys().map(|name| own("prohibition", name.as_str()))),
        )
        .with("dpv:isPolicyFor", refs(policy.activities.keys().map(|name| own("activity", name.as_str()))))
        .value()
}

fn controller(policy: &Policy) -> Value {
    let controller = &policy.controller;
    Node::new(CONTROLLER, &["dpv:DataController"])
        .text("dpv:hasName", &controller.name)
        .text("dpv:hasAddress", &controller.address)
        .text("dpv:hasRepresentative", &controller.representative)
        .with("dpv:hasCountry", country(&controller.country))
        .value()
}

fn of_category(policy: &Policy, name: &CategoryName, category: &Category) -> Value {
    let mut types = vec!["dpv:PersonalData".to_owned()];
    let classes = policy.classes_of(name);
    types.extend(classes.iter().map(|class| of_class(*class)));
    let sources: Vec<_> = policy
        .sources
        .iter()
        .filter(|(_, source)| source.gives.iter().any(|given| given.covers(name)))
        .collect();
    for (_, source) in &sources {
        let kind = match source.channel {
            Channel::Direct => "dpv:ProvidedPersonalData",
            Channel::Automatic => "dpv:ObservedPersonalData",
            Channel::Indirect => continue,
        };
        types.push(kind.to_owned());
    }
    if !category.derived_from.is_empty() {
        types.push("dpv:DerivedPersonalData".to_owned());
    }
    types.sort();
    types.dedup();
    let types: Vec<&str> = types.iter().map(String::as_str).collect();
    Node::new(&own("category", name.as_str()), &types)
        .text("skos:prefLabel", &category.title)
        .text("skos:definition", &category.description)
        .with("skos:broader", refs(name.parent().map(|above| own("category", above.as_str()))))
        .with("dct:source", refs(category.derived_from.iter().map(|c| own("category", c.as_str()))))
        .with("dpv:hasDataSource", refs(sources.iter().map(|(name, _)| own("source", name.as_str()))))
        .with("dpv:hasStorageCondition", storage(policy, name))
        .value()
}

fn of_class(class: Class) -> String {
    match class {
        Class::SpecialCare => appi::id("SpecialCarePersonalInformation"),
        Class::CommunicationsSecrecy => appi::id("CommunicationsSecrecy"),
        Class::Referral => appi::id("PersonalReferableInformation"),
        Class::Identifier => "dpv:IdentifyingPersonalData".to_owned(),
        Class::Biometric => appi::id("BiometricInformation"),
        Class::MyNumber => appi::id("IndividualNumber"),
        Class::Location => appi::id("LocationInformation"),
        Class::Financial => appi::id("PropertyInformation"),
    }
}

/// How long a category is kept, where a rule names it.
fn storage(policy: &Policy, name: &CategoryName) -> Vec<Value> {
    let own_rules = policy.retentions.iter().filter(|retention| retention.category == *name);
    own_rules
        .map(|retention| {
            let from = match &retention.after {
                RetentionStart::Acquired => json!(["acquired"]),
                RetentionStart::Ended(of) => {
                    json!([format!(
                        "ended {}",
                        of.iter()
                            .map(nattoku_model::name::RelationshipName::as_str)
                            .collect::<Vec<_>>()
                            .join(" ")
                    )])
                }
            };
            json!({
                "@type": ["dpv:StorageDuration"],
                "dct:description": from,
                "dpv:hasDuration": [duration(retention.period)],
            })
        })
        .collect()
}
