//! Which version governs this holding (R75)?

use nattoku_model::{Gate, GateAnswer, Reason, Verdict};

use crate::case::Case;

/// Refers where the text of the governing version is not at hand, or where the history that decides is not known. Whatever
/// version governs, the principal may see the data (APPI-33-1).
pub(super) fn judge(case: &Case<'_>) -> GateAnswer {
    if case.is_disclosure() && case.governed.answer.verdict != Verdict::Permit {
        return GateAnswer::new(Gate::Governing, Verdict::Permit, Reason::DisclosureToPrincipal);
    }
    case.governed.answer.clone()
}
