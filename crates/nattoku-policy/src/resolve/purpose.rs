//! Purposes, applications and activities.

use std::collections::BTreeMap;

use jiff::civil::Date;
use nattoku_model::Text;
use nattoku_model::name::{
    ActivityName, ApplicationName, CategoryName, ConsentName, PurposeName, VersionName,
};
use nattoku_model::policy::{Activity, Application, Class, Minimisation, Occasion, Policy, Purpose, Statute};

use super::names::NameKind;
use super::scope::Scope;
use super::shape::{BARE, DECLARATION};
use crate::ast::Node;

/// A purpose of use.
pub(super) fn purpose(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    scope.shape(node, &DECLARATION.needs_props(&["number"]).once(&["benefit", "dpv"]).many(&["related"]));
    let purpose = Purpose {
        number: scope.string_prop(node, "number").unwrap_or_default().to_owned(),
        title: scope.title(node),
        benefit: scope.text(node, "benefit"),
        related: related(node, scope),
        dpv: dpv(node, scope),
    };
    policy.purposes.insert(PurposeName::from(name), purpose);
}

/// Why the purpose stays within what is related to an earlier version's: `related to="2019-12-11" { ja "…"; en "…" }`.
fn related(node: &Node, scope: &mut Scope<'_>) -> BTreeMap<VersionName, Text> {
    let mut related = BTreeMap::new();
    for child in node.children_named("related") {
        scope.shape(child, &BARE.needs_props(&["to"]).texts(true));
        let why = scope.title(child);
        related.extend(scope.string_prop(child, "to").map(|version| (VersionName::from(version), why)));
    }
    related
}

/// What it is called in DPV.
fn dpv(node: &Node, scope: &mut Scope<'_>) -> Vec<String> {
    let Some(child) = node.child("dpv") else { return Vec::new() };
    scope.shape(child, &BARE.args(1, usize::MAX, "DPV の語", "terms of DPV"));
    child.args.iter().filter_map(|value| scope.filled(child, value)).map(str::to_owned).collect()
}

/// A program or unit that asks.
pub(super) fn application(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    scope.shape(node, &DECLARATION.once(&["reports-views"]));
    let application = Application { title: scope.title(node), reports_views: reports_views(node, scope) };
    policy.applications.insert(ApplicationName::from(name), application);
}

/// From when on it reports who looks: `reports-views since="2020-04-01"`.
fn reports_views(node: &Node, scope: &mut Scope<'_>) -> Option<Date> {
    let child = node.child("reports-views")?;
    scope.shape(child, &BARE.needs_props(&["since"]));
    child.prop("since").and_then(|value| scope.date(child, value))
}

/// A registered use.
pub(super) fn activity(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    scope.shape(
        node,
        &DECLARATION
            .needs_props(&["purpose"])
            .once(&["may-continue", "combines", "to", "entrusted-by", "outcome"])
            .many(&["needs", "by", "during", "when", "requires", "statute", "minimise"]),
    );
    let activity = Activity {
        title: scope.title(node),
        purposes: scope.names_of(NameKind::Purpose, node, node.prop("purpose")),
        needs: scope.names_in(NameKind::Category, node, "needs"),
        by: scope.names_in(NameKind::Application, node, "by"),
        during: scope.names_in(NameKind::Relationship, node, "during"),
        may_continue: scope.mark(node, "may-continue"),
        occasions: occasions(node, scope),
        requires: requires(node, scope),
        combines: scope.mark(node, "combines"),
        to_nobody: to_nobody(node, scope),
        entrusted_by: scope.name_child(NameKind::Entruster, node, "entrusted-by"),
        outcome: scope.word_child(node, "outcome"),
        statutes: statutes(node, scope),
        minimise: minimise(node, scope),
    };
    policy.activities.insert(ActivityName::from(name), activity);
}

fn occasions(node: &Node, scope: &mut Scope<'_>) -> Vec<Occasion> {
    let mut occasions = Vec::new();
    for child in node.children_named("when") {
        scope.shape(child, &BARE.needs_props(&["acquired", "within"]));
        let category: Option<CategoryName> = scope.name_prop(NameKind::Category, child, "acquired");
        let within = scope.period_prop(child, "within");
        occasions.extend(category.zip(within).map(|(category, within)| Occasion { category, within }));
    }
    occasions
}

fn requires(node: &Node, scope: &mut Scope<'_>) -> Vec<ConsentName> {
    let mut items = Vec::new();
    for child in node.children_named("requires") {
        scope.shape(child, &BARE.needs_props(&["consent"]));
        items.extend(scope.names_of::<ConsentName>(NameKind::Consent, child, child.prop("consent")));
    }
    items
}

fn to_nobody(node: &Node, scope: &mut Scope<'_>) -> bool {
    let Some(child) = node.child("to") else { return false };
    scope.shape(child, &BARE.args(1, 1, "`nobody`", "`nobody`"));
    child.args.first().and_then(|v| scope.one_of(child, v, &["nobody"], |w| w)).is_some()
}

fn statutes(node: &Node, scope: &mut Scope<'_>) -> Vec<Statute> {
    let mut statutes = Vec::new();
    for child in node.children_named("statute") {
        scope.shape(child, &BARE.args(1, 1, "データの区分", "a class").needs_props(&["basis"]));
        let class = child.args.first().and_then(|v| scope.one_of(child, v, &Class::ALL, Class::as_str));
        let basis = scope.string_prop(child, "basis").map(str::to_owned);
        statutes.extend(class.zip(basis).map(|(class, basis)| Statute { class, basis }));
    }
    statutes
}

fn minimise(node: &Node, scope: &mut Scope<'_>) -> Vec<(Minimisation, Vec<CategoryName>)> {
    let mut all = Vec::new();
    for child in node.children_named("minimise") {
        scope.shape(child, &BARE.args(1, 1, "最小化の方法", "how").props(&["on"]));
        let how = child.args.first();
        let how = how.and_then(|v| scope.one_of(child, v, &Minimisation::ALL, Minimisation::as_str));
        let on = scope.names_of(NameKind::Category, child, child.prop("on"));
        all.extend(how.map(|how| (how, on)));
    }
    all
}
