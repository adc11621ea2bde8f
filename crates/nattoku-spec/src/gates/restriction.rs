//! Does an upheld claim, a hold or an open incident stop it (APPI-35), or is it gone?

use nattoku_model::history::Holding;
use nattoku_model::request::Action;
use nattoku_model::{Gate, GateAnswer, Reason, Verdict};

use crate::case::Case;

/// Denies what is restricted, and the use of what has been erased and not acquired since.
pub(super) fn judge(case: &Case<'_>, holding: &Holding) -> GateAnswer {
    let say = |verdict, reason| GateAnswer::new(Gate::Restriction, verdict, reason);
    let restrictions = case.history.restrictions(&holding.category, case.request.action);
    if !restrictions.is_empty() {
        return say(Verdict::Deny, Reason::Ceased).on_events(restrictions);
    }
    let is_needed_now = holding.revision.is_none() && case.request.action != Action::Collect;
    match case.history.erased(&holding.category).filter(|_| is_needed_now) {
        Some(erasure) => say(Verdict::Deny, Reason::Erased).on_events([erasure]),
        None => say(Verdict::Permit, Reason::Unrestricted),
    }
}
