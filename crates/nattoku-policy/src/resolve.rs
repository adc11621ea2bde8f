//! Nodes to a policy: every name is looked up, every shape checked, all errors collected.
//!
//! Two passes. [`names`] takes in what is declared, so that the order of files and nodes never matters; then each node
//! is lowered by the function for its kind, one file per group of nodes below.

mod choice;
mod consent;
mod data;
pub(crate) mod desk;
mod invariant;
mod law;
mod legislation;
pub(crate) mod names;
mod place;
mod policy;
mod provision;
mod publication;
mod purpose;
mod recipient;
pub(crate) mod scope;
pub(crate) mod shape;
mod signal;
mod transmission;
mod value;
mod view;

use std::collections::{BTreeMap, BTreeSet};

use nattoku_model::Language;
use nattoku_model::policy::{Policy, Rule};

use crate::ast::{Declaration, Node};
use crate::notice::Notice;
use crate::pack::Packs;
use crate::source::Files;

pub(crate) use data::CATEGORY_PARTS;
use names::{Declared, NameKind};
pub(crate) use names::{Names, collect};
pub(crate) use scope::Scope;

/// What stands beside a version of a policy, and can be named in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beside<'a> {
    /// The other versions.
    pub(crate) versions: &'a BTreeSet<String>,
    /// The law packs.
    pub(crate) packs: &'a Packs,
}

/// Lowers everything declared. The policy is complete only if no error was reported meanwhile.
pub(crate) fn resolve<'a>(
    roots: &[&'a Node],
    declared: &[Declared<'a>],
    names: &Names,
    notices: &BTreeMap<Language, Notice>,
    beside: Beside<'_>,
    files: &Files,
    scope: &mut Scope<'_>,
) -> (Policy, Vec<Declaration<'a>>) {
    let versions = beside.versions;
    let mut policy = policy::lower(roots, beside, scope);
    let mut declarations: Vec<Declaration<'a>> = policy::declarations(roots);
    for item in declared {
        lower(item, &mut policy, scope);
        declarations.push(Declaration { rule: item.rule(), node: item.node });
    }
    for node in roots.iter().copied() {
        let name = match node.name.value.as_str() {
            "retain" => data::retention(node, &mut policy, scope).map(|c| Rule::new("retention", c)),
            "transition" => law::transition(node, versions, &mut policy, scope),
            "equivalent-countries" => {
                recipient::equivalent_countries(node, &mut policy, scope);
                None
            }
            _ => None,
        };
        declarations.extend(name.map(|rule| Declaration { rule, node }));
    }
    for item in declared.iter().filter(|d| d.kind == NameKind::Provision) {
        provision::accepted(&item.name, item.node, &policy, scope);
    }
    for item in declared.iter().filter(|d| d.kind == NameKind::Signal) {
        signal::can_be_declined(item.node, &policy, scope);
    }
    data::derivations(&policy, declared, scope);
    // Last, since they speak of everything else.
    for node in roots.iter().copied() {
        if let Some(form) = invariant::form(&node.name.value) {
            policy.invariants.extend(invariant::invariant(form, node, &policy, files, scope));
        }
    }
    policy.places = place::places(&declarations, notices, policy.prevails, names, files);
    (policy, declarations)
}

fn lower(item: &Declared<'_>, policy: &mut Policy, scope: &mut Scope<'_>) {
    let Declared { kind, name, node } = item;
    match kind {
        NameKind::Category => data::category(name, node, policy, scope),
        NameKind::Source => data::source(name, node, policy, scope),
        NameKind::Entruster => data::entruster(name, node, policy, scope),
        NameKind::Relationship => data::relationship(name, node, policy, scope),
        NameKind::Purpose => purpose::purpose(name, node, policy, scope),
        NameKind::Application => purpose::application(name, node, policy, scope),
        NameKind::Department => view::department(name, node, policy, scope),
        NameKind::ViewReason => view::reason(name, node, policy, scope),
        NameKind::Activity => purpose::activity(name, node, policy, scope),
        NameKind::Work => recipient::work(name, node, policy, scope),
        NameKind::Recipient => recipient::recipient(name, node, policy, scope),
        NameKind::Provision => provision::provision(name, node, policy, scope),
        NameKind::Consent => consent::consent(name, node, policy, scope),
        NameKind::Choice => choice::choice(name, node, policy, scope),
        NameKind::Signal => signal::signal(node, policy, scope),
        NameKind::Prohibition => law::prohibition(name, node, policy, scope),
        NameKind::Exception => law::exception(name, node, policy, scope),
        NameKind::JointUse => publication::joint_use(name, node, policy, scope),
        NameKind::Anonymized => publication::anonymized(name, node, policy, scope),
        NameKind::Transmission => transmission::transmission(name, node, policy, scope),
        NameKind::Calendar => desk::calendar(name, node, policy, scope),
        NameKind::Desk => desk::desk(name, node, policy, scope),
        NameKind::Line => desk::line(name, node, policy, scope),
        NameKind::Body => desk::body(name, node, policy, scope),
        NameKind::Regulator => desk::regulator(name, node, policy, scope),
        NameKind::Document => policy::document(name, node, policy, scope),
    }
}
