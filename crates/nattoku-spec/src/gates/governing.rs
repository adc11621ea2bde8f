//! Which version governs this holding (R75)?

use nattoku_model::GateAnswer;

use crate::case::Case;

/// Refers where the text of the governing version is not at hand, or where the history that decides is not known.
pub(super) fn judge(case: &Case<'_>) -> GateAnswer {
    case.governed.answer.clone()
}
