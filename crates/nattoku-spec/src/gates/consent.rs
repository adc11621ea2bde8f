//! Has the principal agreed to all that the act needs (R41, R42, R48)?

use nattoku_model::{Gate, GateAnswer, Reason, Verdict};

use crate::case::Case;
use crate::consent;

/// The worst of the items needed; silence is not consent.
pub(super) fn judge(case: &Case<'_>) -> GateAnswer {
    case.needed_consents()
        .into_iter()
        .map(|needed| {
            let answer =
                consent::judge(Gate::Consent, case.policy, case.history, needed.item, needed.accepts);
            answer.detail("needed_by", &needed.rule)
        })
        .reduce(GateAnswer::worse)
        .unwrap_or_else(|| GateAnswer::new(Gate::Consent, Verdict::Permit, Reason::NoConsentNeeded))
}
