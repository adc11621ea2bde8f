//! On what giving data abroad rests (APPI-28-1, APPI-28-3), as a condition over the consent that it may need.

use jiff::Timestamp;
use nattoku_model::law::{Pack, TransferCondition};
use nattoku_model::policy::{Basis, Recipient, Transfer};
use nattoku_model::{Action, Gate, Reason, Verdict};

use super::claim::Lift;
use super::consent::ItemRule;
use super::context::{Context, NO_LAW};
use super::recipient::{Duty, duty};
use crate::condition::Condition;
use crate::lexicon::Lexicon;
use crate::population::State;
use crate::said::{Said, worst};

/// What each law says, in their order.
#[derive(Debug, Clone)]
pub(crate) struct TransferRule {
    terms: Vec<Term>,
    lift: Lift,
}

#[derive(Debug, Clone)]
enum Term {
    Fixed(Said),
    Consent(ItemRule),
}

impl TransferRule {
    pub(crate) fn new(context: &Context<'_>, lift: Lift) -> Self {
        let recipient = context.recipient().filter(|_| context.request.action.gives());
        let terms = match recipient {
            None => vec![Term::Fixed(Said::permit(Reason::Domestic))],
            Some(recipient) => {
                context.policy.packs.iter().map(|law| under(law, context, recipient)).collect()
            }
        };
        Self { terms, lift }
    }

    pub(crate) fn judge(&self, state: &State<'_>, lexicon: &Lexicon, at: Timestamp) -> Said {
        let said = worst(self.terms.iter().map(|term| match term {
            Term::Fixed(said) => *said,
            Term::Consent(item) => {
                let said = item.judge(state, lexicon, at);
                match said.verdict {
                    Verdict::Permit => Said::permit(Reason::ForeignConsent),
                    Verdict::NeedsConsent => NEEDS_CONSENT,
                    _ => said,
                }
            }
        }));
        self.lift.apply(Gate::Transfer, said.unwrap_or(NO_LAW))
    }

    /// When it says nothing worse than a verdict at an instant.
    pub(crate) fn permits(&self, at: Timestamp, at_most: Verdict) -> Condition {
        if self.lift.eases(at_most) {
            return Condition::Always;
        }
        if self.terms.is_empty() {
            return Condition::fixed(NO_LAW.is_at_most(at_most));
        }
        Condition::all(self.terms.iter().map(|term| match term {
            Term::Fixed(said) => Condition::fixed(said.is_at_most(at_most)),
            Term::Consent(item) => item.permits(at),
        }))
    }
}

const NEEDS_CONSENT: Said = Said::needs_consent(Reason::NeedsForeignConsent);

fn under(law: &Pack, context: &Context<'_>, recipient: &Recipient) -> Term {
    let policy = context.policy;
    if !policy.is_abroad_under(law, recipient) {
        return Term::Fixed(Said::permit(Reason::Domestic));
    }
    let has = |condition: TransferCondition| law.transfer.conditions.contains_key(&condition);
    // What law permits to be given needs no consent to go abroad.
    let provision =
        context.provisions().first().copied().filter(|_| context.request.action == Action::Provide);
    if let Some(Basis::Law(basis)) = provision.map(|p| &p.basis)
        && has(TransferCondition::Law)
        && policy.counts_under(law, basis)
    {
        return Term::Fixed(Said::permit(Reason::OnLaw));
    }
    let (condition, term) = match &recipient.transfer {
        Some(Transfer::EquivalentCountry) if policy.holds_equal(law, &recipient.country) => {
            let equal = Said::permit(Reason::EquivalentCountry);
            (TransferCondition::EquivalentCountry, Term::Fixed(equal))
        }
        Some(Transfer::ConformingSystem(check)) => {
            let said = match duty(context, Some(check), None) {
                Duty::Kept => Said::permit(Reason::ConformingSystem),
                Duty::Unknown => Said::refer(Reason::DutyUnknown),
                Duty::Overdue => Said::deny(Reason::TransferCheckOverdue),
            };
            (TransferCondition::ConformingSystem, Term::Fixed(said))
        }
        Some(Transfer::Consent(item)) => {
            (TransferCondition::Consent, Term::Consent(ItemRule::new(context, item, None)))
        }
        Some(Transfer::EquivalentCountry) | None => (TransferCondition::Consent, Term::Fixed(NEEDS_CONSENT)),
    };
    if has(condition) { term } else { Term::Fixed(NEEDS_CONSENT) }
}
