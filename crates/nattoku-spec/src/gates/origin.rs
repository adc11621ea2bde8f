//! Was it acquired justly, and for whom (R8, R15, R39)?

use nattoku_model::history::Holding;
use nattoku_model::name::{EntrusterName, SourceName};
use nattoku_model::policy::{Channel, Rule, Source};
use nattoku_model::request::Action;
use nattoku_model::{Gate, GateAnswer, Reason, Verdict};

use crate::case::Case;

/// Quarantines what came from an unconfirmed source, and keeps data entrusted by others to their work.
pub(super) fn judge(case: &Case<'_>, holding: &Holding) -> GateAnswer {
    let work_for = case.activity().and_then(|a| a.entrusted_by.as_ref());
    match (&holding.entrusted_from, work_for) {
        (Some(entruster), work_for) => judge_entrusted(case, holding, entruster, work_for),
        (None, Some(entruster)) => say(Verdict::Deny, Reason::OwnDataInEntrustedWork, holding)
            .by_rule(case.activity_rule())
            .detail("entruster", entruster),
        (None, None) => judge_own(case, holding),
    }
}

/// Data of another business serve that business's work, and are joined with nothing.
fn judge_entrusted(
    case: &Case<'_>,
    holding: &Holding,
    entruster: &EntrusterName,
    work_for: Option<&EntrusterName>,
) -> GateAnswer {
    let rule = Rule::new("entruster", entruster);
    if !case.policy.entrusters.contains_key(entruster) {
        return say(Verdict::Deny, Reason::Quarantined, holding).detail("source", entruster);
    }
    if work_for == Some(entruster) && case.request.action != Action::Combine {
        return say(Verdict::Permit, Reason::OriginConfirmed, holding)
            .by_rule(rule)
            .detail("source", entruster);
    }
    say(Verdict::Deny, Reason::EntrustedWorkOnly, holding).by_rule(rule).detail("entruster", entruster)
}

fn judge_own(case: &Case<'_>, holding: &Holding) -> GateAnswer {
    let Some(name) = &holding.source else { return say(Verdict::Permit, Reason::NoHolding, holding) };
    if case.is_disclosure() {
        // Quarantine keeps data from being used, not from being seen by the one they are about (APPI-33-1).
        return say(Verdict::Permit, Reason::DisclosureToPrincipal, holding);
    }
    match find_source(case, name) {
        Some(source) if is_confirmed(source, holding) => {
            say(Verdict::Permit, Reason::OriginConfirmed, holding)
                .by_rule(Rule::new("source", name))
                .detail("source", name)
        }
        Some(_) => say(Verdict::Deny, Reason::Quarantined, holding)
            .by_rule(Rule::new("source", name))
            .detail("source", name),
        None => say(Verdict::Deny, Reason::Quarantined, holding).detail("source", name),
    }
}

/// The source as the version in force knows it, or else the version that governs the holding.
fn find_source<'a>(case: &Case<'a>, name: &SourceName) -> Option<&'a Source> {
    case.policy.sources.get(name).or_else(|| case.text().sources.get(name))
}

/// An indirect source must be confirmed (APPI-30-1), and a source gives only what it is declared to give.
fn is_confirmed(source: &Source, holding: &Holding) -> bool {
    let is_vouched_for = source.channel != Channel::Indirect || source.confirmed_by.is_some();
    is_vouched_for && source.gives.iter().any(|c| c.covers(&holding.category))
}

fn say(verdict: Verdict, reason: Reason, holding: &Holding) -> GateAnswer {
    GateAnswer::new(Gate::Origin, verdict, reason).on_events(holding.revision)
}
