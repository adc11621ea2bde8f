//! Provisions: the rules under which recipients are given data.

use std::collections::BTreeSet;

use nattoku_model::name::{ConsentName, ProvisionName, WordingName};
use nattoku_model::policy::{Basis, Policy, Provision};

use super::names::NameKind;
use super::scope::Scope;
use super::shape::{BARE, DECLARATION};
use crate::ast::Node;
use crate::diagnostic::Words;

/// A provision.
pub(super) fn provision(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    scope.shape(node, &DECLARATION.needs(&["activity", "give", "to", "basis"]).many(&["give", "to"]));
    let activity = scope.name_child(NameKind::Activity, node, "activity");
    let gives = scope.names_in(NameKind::Category, node, "give");
    let to = scope.names_in(NameKind::Recipient, node, "to");
    let basis = basis(node, scope);
    if let Some((activity, basis)) = activity.zip(basis) {
        policy.provisions.insert(ProvisionName::from(name), Provision { activity, gives, to, basis });
    }
}

fn basis(node: &Node, scope: &mut Scope<'_>) -> Option<Basis> {
    let child = node.child("basis")?;
    scope.shape(child, &BARE.props(&["consent", "accepts", "opt-out", "law"]));
    let given: Vec<&str> =
        ["consent", "opt-out", "law"].into_iter().filter(|p| child.prop(p).is_some()).collect();
    let [given] = given.as_slice() else {
        let message = Words::new(
            "`basis` には `consent=`、`opt-out=`、`law=` のうちちょうど一つが必要です",
            "`basis` needs exactly one of `consent=`, `opt-out=` and `law=`",
        );
        scope.missing(child.head_label(), message);
        return None;
    };
    if let Some(accepts) = child.prop("accepts").filter(|_| *given != "consent") {
        let message =
            Words::new("`accepts=` は `consent=` とだけ使えます", "`accepts=` belongs to `consent=` only");
        scope.unexpected(child.at(&accepts.span), message);
    }
    match *given {
        "consent" => {
            let item: Option<ConsentName> = scope.name_prop(NameKind::Consent, child, "consent");
            // Whether the item has these wordings is looked up where all items are known.
            let words = scope.words_of(child, child.prop("accepts"));
            let accepts: BTreeSet<WordingName> = words.iter().map(|w| WordingName::from(w.text)).collect();
            item.map(|item| Basis::Consent(item, (!accepts.is_empty()).then_some(accepts)))
        }
        "opt-out" => scope.name_prop(NameKind::Choice, child, "opt-out").map(Basis::OptOut),
        _ => scope.string_prop(child, "law").map(|law| Basis::Law(law.to_owned())),
    }
}

/// Reports provisions that accept a wording their consent item does not accept.
pub(super) fn accepted(name: &str, node: &Node, policy: &Policy, scope: &mut Scope<'_>) {
    let Some(Provision { basis: Basis::Consent(item, Some(_)), .. }) = policy.provisions.get(name) else {
        return;
    };
    let Some(item) = policy.consents.get(item) else { return };
    let Some(child) = node.child("basis") else { return };
    for word in scope.words_of(child, child.prop("accepts")) {
        if !item.accepts.contains(word.text) {
            let kind = Words::new("この同意事項が認める文面", "wording accepted by the consent item");
            let declared: Vec<&str> = item.accepts.iter().map(WordingName::as_str).collect();
            scope.undeclared(&kind, word.text, &word.at, declared.into_iter(), false);
        }
    }
}
