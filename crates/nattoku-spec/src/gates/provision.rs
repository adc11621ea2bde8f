//! By which route do others get the data: consent, a notified opt-out, law, entrustment, joint use, succession
//! (APPI-27-1, APPI-27-2, APPI-27-5a to APPI-27-5c)? Which routes there are, and to which classes each is closed, the law
//! packs say.

use nattoku_model::history::Holding;
use nattoku_model::law::{Pack, Route};
use nattoku_model::policy::{Basis, RecipientKind, Rule};
use nattoku_model::request::Action;
use nattoku_model::{Gate, GateAnswer, Reason, Verdict};

use crate::case::Case;
use crate::law::{citing, strictest};

/// Without a rule of the policy, a third party gets data only with the principal's consent; by an activity that gives data
/// to nobody, not even then (R30). Whether the consent or the choice it rests on stands, their own gates say.
pub(super) fn judge(case: &Case<'_>, holding: &Holding) -> GateAnswer {
    let gives_for_itself = matches!(case.request.action, Action::Provide | Action::Share);
    if gives_for_itself && case.activity().is_some_and(|a| a.to_nobody) {
        return to_nobody(case);
    }
    strictest(Gate::Provision, case.policy, |law| judge_under(law, case, holding))
}

fn judge_under(law: &Pack, case: &Case<'_>, holding: &Holding) -> GateAnswer {
    let is_succession = case.recipient().is_some_and(|r| r.kind == RecipientKind::Successor);
    match case.request.action {
        Action::Entrust => apart(law, case, holding, Route::Entrustment),
        Action::Share => apart(law, case, holding, Route::JointUse),
        Action::Provide if is_succession => apart(law, case, holding, Route::Succession),
        Action::Provide => to_third_party(law, case, holding),
        _ => say(Verdict::Permit, Reason::NotAThirdParty),
    }
}

/// Whoever gets data by one of these routes is no third party, where the law has the route.
fn apart(law: &Pack, case: &Case<'_>, holding: &Holding, route: Route) -> GateAnswer {
    by_route(law, case, holding, route, || say(Verdict::Permit, Reason::NotAThirdParty))
}

fn to_third_party(law: &Pack, case: &Case<'_>, holding: &Holding) -> GateAnswer {
    if case.activity().is_none() {
        return case.unregistered(Gate::Provision);
    }
    let Some((name, provision)) = case.provision() else {
        return say(Verdict::NeedsConsent, Reason::NoBasis);
    };
    if let Basis::Law(basis) = &provision.basis
        && !case.policy.counts_under(law, basis)
    {
        return of_other_law(law, basis).by_rule(Rule::new("provision", name));
    }
    let answer = by_route(law, case, holding, provision.basis.route(), || match &provision.basis {
        Basis::Consent(item, _) => say(Verdict::Permit, Reason::OnConsent).detail("item", item),
        Basis::OptOut(choice) => say(Verdict::Permit, Reason::OnOptOut).detail("choice", choice),
        Basis::Law(basis) => say(Verdict::Permit, Reason::OnLaw).detail("basis", basis),
    });
    if answer.rule.is_some() { answer } else { answer.by_rule(Rule::new("provision", name)) }
}

/// What the route gives where the law has it and it is open to the data. Where the law does not have it, there is left
/// what the activity asks the principal to agree to.
fn by_route(
    law: &Pack,
    case: &Case<'_>,
    holding: &Holding,
    route: Route,
    open: impl FnOnce() -> GateAnswer,
) -> GateAnswer {
    if let Some(rule) = law.open_route(route, &case.classes(holding)) {
        return citing(open(), &rule.grounds);
    }
    if let Some(closed) = law.routes.get(&route) {
        return citing(say(Verdict::NeedsConsent, Reason::NoBasis), &closed.grounds);
    }
    let asked = case.activity().and_then(|a| a.requires.first());
    match asked.zip(law.routes.get(&Route::Consent)) {
        Some((item, consent)) => {
            let on_consent = say(Verdict::Permit, Reason::OnConsent).by_rule(case.activity_rule());
            citing(on_consent.detail("item", item), &consent.grounds)
        }
        None => say(Verdict::NeedsConsent, Reason::RouteNotInLaw)
            .detail("route", route.as_str())
            .detail("law", format!("{} {}", law.abbreviation, law.version)),
    }
}

/// What one law orders is no ground under another.
fn of_other_law(law: &Pack, basis: &str) -> GateAnswer {
    let answer = say(Verdict::NeedsConsent, Reason::NoBasis).detail("basis", basis);
    match law.routes.get(&Route::Law) {
        Some(rule) => citing(answer, &rule.grounds),
        None => answer,
    }
}

fn to_nobody(case: &Case<'_>) -> GateAnswer {
    say(Verdict::Deny, Reason::ToNobody)
        .by_rule(case.activity_rule())
        .detail("activity", &case.request.activity)
}

fn say(verdict: Verdict, reason: Reason) -> GateAnswer {
    GateAnswer::new(Gate::Provision, verdict, reason)
}
