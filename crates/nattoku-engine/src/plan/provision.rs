//! By which route others get the data, by the classes of what is given (APPI-27-1, APPI-27-2, APPI-27-5a to APPI-27-5c).

use std::collections::BTreeSet;

use nattoku_model::law::{Pack, Route};
use nattoku_model::policy::{Basis, Class, Provision, RecipientKind};
use nattoku_model::{Action, Reason};

use super::act::UNREGISTERED;
use super::context::Context;
use crate::said::Said;

/// What the provision gate says of data with these classes, by the provision that the act falls under; one answer where
/// there is none, or only one.
pub(crate) fn provision(context: &Context<'_>, classes: &BTreeSet<Class>) -> Vec<Said> {
    let action = context.request.action;
    let gives_for_itself = matches!(action, Action::Provide | Action::Share);
    if gives_for_itself && context.activity().is_some_and(|a| a.to_nobody) {
        return vec![Said::deny(Reason::ToNobody)];
    }
    let is_succession = context.recipient().is_some_and(|r| r.kind == RecipientKind::Successor);
    let apart =
        |route: Route| {
            vec![context.strictest(|law| {
                by_route(law, context, classes, route, Said::permit(Reason::NotAThirdParty))
            })]
        };
    match action {
        Action::Entrust => apart(Route::Entrustment),
        Action::Share => apart(Route::JointUse),
        Action::Provide if is_succession => apart(Route::Succession),
        Action::Provide => to_third_party(context, classes),
        _ => vec![context.strictest(|_| Said::permit(Reason::NotAThirdParty))],
    }
}

fn to_third_party(context: &Context<'_>, classes: &BTreeSet<Class>) -> Vec<Said> {
    if context.activity().is_none() {
        return vec![context.strictest(|_| UNREGISTERED)];
    }
    let provisions = context.provisions();
    if provisions.is_empty() {
        return vec![context.strictest(|_| Said::needs_consent(Reason::NoBasis))];
    }
    let under =
        |provision: &Provision| context.strictest(|law| on_basis(law, context, classes, &provision.basis));
    provisions.into_iter().map(under).collect()
}

fn on_basis(law: &Pack, context: &Context<'_>, classes: &BTreeSet<Class>, basis: &Basis) -> Said {
    let reason = match basis {
        Basis::Law(place) if !context.policy.counts_under(law, place) => {
            return Said::needs_consent(Reason::NoBasis);
        }
        Basis::Law(_) => Reason::OnLaw,
        Basis::Consent(..) => Reason::OnConsent,
        Basis::OptOut(_) => Reason::OnOptOut,
    };
    by_route(law, context, classes, basis.route(), Said::permit(reason))
}

fn by_route(law: &Pack, context: &Context<'_>, classes: &BTreeSet<Class>, route: Route, open: Said) -> Said {
    if law.open_route(route, classes).is_some() {
        return open;
    }
    if law.routes.contains_key(&route) {
        return Said::needs_consent(Reason::NoBasis);
    }
    let asks = context.activity().is_some_and(|a| !a.requires.is_empty());
    if asks && law.routes.contains_key(&Route::Consent) {
        Said::permit(Reason::OnConsent)
    } else {
        Said::needs_consent(Reason::RouteNotInLaw)
    }
}
