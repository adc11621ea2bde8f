//! Has the principal declined (R49), and does this pass all the same (R50)?

use nattoku_model::event::Revision;
use nattoku_model::name::ChoiceName;
use nattoku_model::policy::{Basis, Choice, Refusability, Rule};
use nattoku_model::request::Action;
use nattoku_model::{Gate, GateAnswer, Reason, Verdict};

use crate::case::Case;

/// Denies what a declined choice covers, but for its residue.
pub(super) fn judge(case: &Case<'_>) -> GateAnswer {
    let nothing = || GateAnswer::new(Gate::Choice, Verdict::Permit, Reason::NothingDeclined);
    if case.is_disclosure() {
        return nothing();
    }
    let declined = case.policy.choices.iter().filter_map(|(name, choice)| {
        let event = case.history.declined(name)?;
        let is_refusable = choice.refusability != Refusability::NotRefusable;
        (is_refusable && covers(case, name, choice)).then_some((name, choice, event.revision))
    });
    declined
        .map(|(name, choice, event)| judge_declined(case, name, choice, event))
        .reduce(GateAnswer::worse)
        .unwrap_or_else(nothing)
}

fn judge_declined(case: &Case<'_>, name: &ChoiceName, choice: &Choice, event: Revision) -> GateAnswer {
    let is_residue = choice
        .residue
        .iter()
        .any(|r| r.activity == case.request.activity && r.categories.iter().any(|c| c.covers(case.category)));
    let answer = if is_residue {
        GateAnswer::new(Gate::Choice, Verdict::Permit, Reason::ResidueOfChoice)
    } else {
        GateAnswer::new(Gate::Choice, Verdict::Deny, Reason::Declined)
    };
    answer.by_rule(Rule::new("choice", name)).on_events([event]).detail("choice", name)
}

/// Whether the choice covers the act, or the provision rests on the chance to decline it.
fn covers(case: &Case<'_>, name: &ChoiceName, choice: &Choice) -> bool {
    let action = case.request.action;
    let flow = case.recipient().and_then(|r| r.kind.of_flow(action));
    let rests_on_it = action == Action::Provide
        && case.provision().is_some_and(|(_, p)| matches!(&p.basis, Basis::OptOut(c) if c == name));
    choice.covers_act(action, &case.request.activity, &case.purposes(), flow) || rests_on_it
}
