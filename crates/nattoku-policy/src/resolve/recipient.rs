//! Who else gets data: kinds of work, recipients, countries of equal protection.

use nattoku_model::name::{ActivityName, RecipientName, WorkName};
use nattoku_model::policy::{Entrustment, Policy, Recipient, Recurring, Transfer, Work};

use super::names::NameKind;
use super::scope::Scope;
use super::shape::{BARE, DECLARATION};
use crate::ast::Node;
use crate::diagnostic::{Diagnostic, Words};
use crate::language_rules::EQUIVALENT_COUNTRY_BEYOND_LAW;

/// A kind of work that may be entrusted.
pub(super) fn work(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    scope.shape(node, &DECLARATION);
    policy.works.insert(WorkName::from(name), Work { title: scope.title(node) });
}

/// Somebody else who gets data.
pub(super) fn recipient(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    scope.shape(
        node,
        &DECLARATION
            .needs_props(&["kind", "country"])
            .once(&["example", "agreement", "assessed", "supervised", "transfer"])
            .many(&["work", "may"]),
    );
    let title = scope.title(node);
    let example = scope.text(node, "example");
    let kind = node.prop("kind").and_then(|v| scope.recipient_kind(node, v));
    let country = node.prop("country").and_then(|v| scope.country(node, v));
    let works = scope.names_in(NameKind::Work, node, "work");
    let may = entrustments(node, scope);
    let agreement = node.child("agreement").and_then(|child| {
        scope.shape(child, &BARE.args(1, 1, "締結した日", "the day it was made").props(&["until"]));
        let from = scope.instant(child, child.args.first()?)?;
        Some((from, scope.instant_prop(child, "until")))
    });
    let assessed = recurring(node, "assessed", scope);
    let supervised = recurring(node, "supervised", scope);
    let transfer = transfer(node, scope);
    if let Some((kind, country)) = kind.zip(country) {
        let recipient = Recipient {
            title,
            example,
            kind,
            country,
            works,
            may,
            agreement,
            assessed,
            supervised,
            transfer,
        };
        policy.recipients.insert(RecipientName::from(name), recipient);
    }
}

fn entrustments(node: &Node, scope: &mut Scope<'_>) -> Vec<Entrustment> {
    let mut may = Vec::new();
    for child in node.children_named("may") {
        scope.shape(child, &BARE.args(1, 1, "利用の名前", "the name of an activity").needs_props(&["on"]));
        let activity: Option<ActivityName> =
            child.args.first().and_then(|v| scope.name(NameKind::Activity, child, v));
        let on = scope.names_of(NameKind::Category, child, child.prop("on"));
        may.extend(activity.map(|activity| Entrustment { activity, on }));
    }
    may
}

fn recurring(node: &Node, name: &str, scope: &mut Scope<'_>) -> Option<Recurring> {
    let child = node.child(name)?;
    scope.shape(child, &BARE.args(1, 1, "直近の日付", "the day it was last done").needs_props(&["every"]));
    let last = child.args.first().and_then(|v| scope.instant(child, v));
    let every = scope.period_prop(child, "every");
    last.zip(every).map(|(last, every)| Recurring { last, every })
}

fn transfer(node: &Node, scope: &mut Scope<'_>) -> Option<Transfer> {
    let child = node.child("transfer")?;
    let Some(value) = child.args.first() else {
        scope.shape(child, &BARE.props(&["consent"]));
        if child.prop("consent").is_none() {
            let message = Words::new(
                "`transfer` には `equivalent_country`、`conforming_system`、`consent=` のいずれかが必要です",
                "`transfer` needs `equivalent_country`, `conforming_system` or `consent=`",
            );
            scope.missing(child.head_label(), message);
        }
        return scope.name_prop(NameKind::Consent, child, "consent").map(Transfer::Consent);
    };
    let what = scope.one_of(child, value, &["equivalent_country", "conforming_system"], |w| w)?;
    if what == "equivalent_country" {
        scope.shape(child, &BARE.args(1, 1, "", ""));
        return Some(Transfer::EquivalentCountry);
    }
    scope.shape(child, &BARE.args(1, 1, "", "").needs_props(&["checked", "every"]));
    let last = scope.instant_prop(child, "checked");
    let every = scope.period_prop(child, "every");
    last.zip(every).map(|(last, every)| Transfer::ConformingSystem(Recurring { last, every }))
}

/// The countries, of those that the laws hold equal, on which the policy relies.
pub(super) fn equivalent_countries(node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    scope.shape(node, &BARE.args(1, usize::MAX, "国", "countries").cites());
    for value in &node.args {
        let Some(country) = scope.country(node, value) else { continue };
        // Without any law there is an error already.
        let is_equal = policy.packs.iter().any(|law| law.transfer.equivalent_countries.contains(&country));
        if !is_equal && !policy.packs.is_empty() {
            let message = Words::new(
                format!("`{country}` は、ポリシーの法令が同等とする国ではありません"),
                format!("no law of the policy holds `{country}` equal"),
            );
            let help = Words::new(
                "一覧から除き、その国の相手方には別の条件を書いてください",
                "take it out, and write another condition for the recipients there",
            );
            let at = node.at(&value.span);
            let rule = EQUIVALENT_COUNTRY_BEYOND_LAW.name;
            scope.report.push(Diagnostic::error(rule, at, message).help(help));
        }
        policy.equivalent_countries.insert(country);
    }
}
