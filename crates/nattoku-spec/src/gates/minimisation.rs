//! What must be done to use no more than needed (R25, R33)?

use nattoku_model::policy::Minimisation;
use nattoku_model::request::Action;
use nattoku_model::{Gate, GateAnswer, Reason, Verdict};

use crate::case::Case;

/// Permits on condition that the activity's minimisations are carried out; an act that is itself one needs it no more.
pub(super) fn judge(case: &Case<'_>) -> GateAnswer {
    let nothing = GateAnswer::new(Gate::Minimisation, Verdict::Permit, Reason::NothingToMinimise);
    let Some(activity) = case.activity().filter(|_| !case.is_disclosure()) else { return nothing };
    let done_by_the_act = match case.request.action {
        Action::Pseudonymize | Action::Anonymize => Some(Minimisation::Pseudonymize),
        _ => None,
    };
    let todo: Vec<&str> = activity
        .minimisations_of(case.category)
        .into_iter()
        .filter(|m| Some(*m) != done_by_the_act)
        .map(Minimisation::as_str)
        .collect();
    if todo.is_empty() {
        return nothing;
    }
    GateAnswer::new(Gate::Minimisation, Verdict::PermitWithConditions, Reason::Minimise)
        .by_rule(case.activity_rule())
        .detail("minimisation", todo.join(" "))
}
