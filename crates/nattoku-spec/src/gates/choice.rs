//! Has the principal declined (R49), and does this pass all the same (R50)?

use nattoku_model::event::Revision;
use nattoku_model::name::ChoiceName;
use nattoku_model::policy::{Basis, Choice, Cover, RecipientKind, Refusability, Rule};
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
        .reduce(|worst, next| if next.verdict > worst.verdict { next } else { worst })
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

/// Whether the choice covers the act: by activity, by the purpose it is done for (R35), by the kind of recipient (R50), or
/// because the provision rests on the chance to decline.
fn covers(case: &Case<'_>, name: &ChoiceName, choice: &Choice) -> bool {
    let action = case.request.action;
    let fits = |narrowed: &Option<Action>| narrowed.is_none_or(|a| a == action);
    let by_cover = choice.covers.iter().any(|cover| match cover {
        Cover::Activity(activity, narrowed) => *activity == case.request.activity && fits(narrowed),
        Cover::Purpose(purpose, narrowed) => case.purposes().contains(&purpose) && fits(narrowed),
        Cover::Recipients(kind) => kind_of_flow(case) == Some(*kind),
    });
    let rests_on_it = action == Action::Provide
        && case.provision().is_some_and(|(_, p)| matches!(&p.basis, Basis::OptOut(c) if c == name));
    by_cover || rests_on_it
}

/// The class of this flow: whoever is provided with data is a third party to it, unless it succeeds us or is an authority.
fn kind_of_flow(case: &Case<'_>) -> Option<RecipientKind> {
    let kind = case.recipient()?.kind;
    match (case.request.action, kind) {
        (Action::Entrust, _) => Some(RecipientKind::Processor),
        (Action::Share, _) => Some(RecipientKind::JointUser),
        (Action::Provide, RecipientKind::Successor | RecipientKind::Authority) => Some(kind),
        (Action::Provide, _) => Some(RecipientKind::ThirdParty),
        _ => None,
    }
}
