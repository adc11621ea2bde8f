//! Is the agreement alive where the activity needs one, and the holding within its retention (R19, R38)?

use nattoku_model::history::Holding;
use nattoku_model::name::RelationshipName;
use nattoku_model::policy::{Activity, Retention, Rule};
use nattoku_model::{Gate, GateAnswer, Reason, Verdict};

use crate::case::Case;
use crate::retention;

/// Denies what is past retention, and what needs an agreement that is not there.
pub(super) fn judge(case: &Case<'_>, holding: &Holding) -> GateAnswer {
    if case.is_disclosure() {
        return say(Verdict::Permit, Reason::DisclosureToPrincipal);
    }
    let Some(activity) = case.activity() else { return case.unregistered(Gate::Relationship) };
    match retention_ended(case, holding) {
        Some(retention) => say(Verdict::Deny, Reason::RetentionEnded)
            .by_rule(Rule::new("retention", &retention.category))
            .on_events(holding.revision)
            .detail("period", retention.period),
        None => judge_agreement(case, activity),
    }
}

fn judge_agreement(case: &Case<'_>, activity: &Activity) -> GateAnswer {
    let say = |verdict, reason| say(verdict, reason).by_rule(case.activity_rule());
    if activity.during.is_empty() {
        return say(Verdict::Permit, Reason::NoAgreementNeeded);
    }
    let intervals = retention::intervals(case.history, &activity.during);
    let names = activity.during.iter().map(RelationshipName::as_str).collect::<Vec<_>>().join(", ");
    let alive = activity.during.iter().find_map(|name| {
        let alive = case.history.intervals(name).into_iter().find(|i| i.until.is_none())?;
        Some((name, alive.started_by))
    });
    if let Some((name, started_by)) = alive {
        return say(Verdict::Permit, Reason::AgreementAlive)
            .on_events([started_by])
            .detail("relationship", name);
    }
    let Some((_, ended)) = retention::last_end(&intervals) else {
        return say(Verdict::Deny, Reason::NoAgreement).detail("relationship", names);
    };
    let answer = if activity.may_continue {
        say(Verdict::Permit, Reason::ContinuingUse)
    } else {
        say(Verdict::Deny, Reason::AgreementEnded)
    };
    answer.on_events([ended]).detail("relationship", names)
}

/// The rule by which the holding should be gone, if there is one.
fn retention_ended<'a>(case: &Case<'a>, holding: &Holding) -> Option<&'a Retention> {
    retention::ends(case.text(), case.history, holding)
        .find(|(_, end)| end.is_some_and(|end| end <= case.history.at))
        .map(|(rule, _)| rule)
}

fn say(verdict: Verdict, reason: Reason) -> GateAnswer {
    GateAnswer::new(Gate::Relationship, verdict, reason)
}
