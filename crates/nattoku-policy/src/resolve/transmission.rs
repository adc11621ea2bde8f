//! What a page or an app makes the device of whoever uses it send to somebody else.

use nattoku_model::name::ChoiceName;
use nattoku_model::policy::{Policy, Transmission};

use super::names::NameKind;
use super::scope::Scope;
use super::shape::{BARE, DECLARATION};
use crate::ast::Node;
use crate::diagnostic::Words;
use crate::notice::is_address;

/// An external transmission.
pub(super) fn transmission(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    scope.shape(node, &DECLARATION.once(&["usage", "opt-out"]).many(&["items", "to", "purposes"]));
    let (choice, address) = opt_out(node, scope);
    let transmission = Transmission {
        title: scope.title(node),
        items: scope.names_in(NameKind::Category, node, "items"),
        to: scope.names_in(NameKind::Recipient, node, "to"),
        purposes: scope.names_in(NameKind::Purpose, node, "purposes"),
        usage: scope.text(node, "usage"),
        choice,
        address,
    };
    policy.transmissions.insert(name.to_owned(), transmission);
}

/// How it is stopped: by a choice here, or at an address elsewhere.
fn opt_out(node: &Node, scope: &mut Scope<'_>) -> (Option<ChoiceName>, Option<String>) {
    let Some(child) = node.child("opt-out") else { return (None, None) };
    scope.shape(child, &BARE.props(&["choice", "address"]));
    if child.prop("choice").is_none() && child.prop("address").is_none() {
        let message = Words::new(
            "`opt-out` には `choice=` か `address=` が必要です",
            "`opt-out` needs `choice=` or `address=`",
        );
        scope.missing(child.head_label(), message);
    }
    (scope.name_prop(NameKind::Choice, child, "choice"), elsewhere(child, scope))
}

/// An address elsewhere, which is whole, since it is shown on pages at several addresses.
fn elsewhere(node: &Node, scope: &mut Scope<'_>) -> Option<String> {
    let text = scope.string_prop(node, "address")?;
    if text.starts_with("https://") && is_address(text) {
        return Some(text.to_owned());
    }
    let value = node.prop("address")?;
    let what = Words::new("`https://` で始まるアドレス", "an address that begins with `https://`");
    scope.expected(node, value, &what);
    None
}
