//! Is the agreement alive where the activity needs one, and the holding within its retention (R19, R38)?

use jiff::Timestamp;
use nattoku_model::event::Revision;
use nattoku_model::history::{Holding, Interval};
use nattoku_model::name::RelationshipName;
use nattoku_model::policy::{Activity, Retention, RetentionStart, Rule};
use nattoku_model::{Gate, GateAnswer, Reason, Verdict};

use crate::case::Case;

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
    let intervals = intervals(case, &activity.during);
    let names = activity.during.iter().map(RelationshipName::as_str).collect::<Vec<_>>().join(", ");
    if let Some(alive) = intervals.iter().find(|i| i.until.is_none()) {
        return say(Verdict::Permit, Reason::AgreementAlive)
            .on_events([alive.started_by])
            .detail("relationship", names);
    }
    let Some((_, ended)) = last_end(&intervals) else {
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
    case.text().retention_of(&holding.category).find(|retention| {
        clock_starts(case, holding, &retention.after)
            .is_some_and(|start| retention.period.after(start, &case.policy.timezone) <= case.history.at)
    })
}

/// When the retention clock starts; never while one of the relationships it waits for is alive. Where there never was one,
/// nothing is waited for.
fn clock_starts(case: &Case<'_>, holding: &Holding, after: &RetentionStart) -> Option<Timestamp> {
    let RetentionStart::Ended(relationships) = after else { return Some(holding.acquired) };
    let intervals = intervals(case, relationships);
    if intervals.iter().any(|i| i.until.is_none()) {
        return None;
    }
    Some(last_end(&intervals).map_or(holding.acquired, |(end, _)| end.max(holding.acquired)))
}

fn intervals(case: &Case<'_>, relationships: &[RelationshipName]) -> Vec<Interval> {
    relationships.iter().flat_map(|r| case.history.intervals(r)).collect()
}

fn last_end(intervals: &[Interval]) -> Option<(Timestamp, Revision)> {
    intervals.iter().filter_map(|i| i.until).max()
}

fn say(verdict: Verdict, reason: Reason) -> GateAnswer {
    GateAnswer::new(Gate::Relationship, verdict, reason)
}
