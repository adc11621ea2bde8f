//! Choices: how each stands, declining and restoring (R49, R50, R53).

use nattoku_model::event::{Event, Recorded, Revision};
use nattoku_model::history::History;
use nattoku_model::name::ChoiceName;
use nattoku_model::policy::Refusability;
use nattoku_policy::diagnostic::Words;

use crate::consents::will_act;
use crate::dashboard::WillAct;
use crate::error::OperationError;
use crate::names::declared;
use crate::nattoku::{Nattoku, Receipt, WillRequest};

/// What is done with a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChoiceAct {
    /// The principal declines.
    Decline,
    /// The principal takes it back.
    Restore,
}

/// A choice with its state and its past.
#[derive(Debug, Clone)]
pub struct ChoiceState {
    /// The choice.
    pub choice: ChoiceName,
    /// Whether it stands declined.
    pub declined: bool,
    /// The newest act, if there was one.
    pub last: Option<WillAct>,
    /// Every act, newest first (R47).
    pub acts: Vec<WillAct>,
}

impl Nattoku {
    /// Every choice with its state, in the policy's order of names (R51).
    ///
    /// # Errors
    /// Where the ledger knows no such principal, or cannot be read.
    pub fn choices(&self, principal: &str) -> Result<Vec<ChoiceState>, OperationError> {
        let policy = self.policy();
        self.with_history(principal, |history| {
            policy.choices.keys().map(|choice| choice_state(history, choice)).collect()
        })
    }

    /// One choice with its state.
    ///
    /// # Errors
    /// Where the policy declares no such choice, the ledger knows no such principal, or it cannot be read.
    pub fn choice(&self, principal: &str, choice: &str) -> Result<ChoiceState, OperationError> {
        let choice = self.choice_name(choice)?;
        self.with_history(principal, |history| choice_state(history, &choice))
    }

    /// Records that the principal declines a choice: it takes effect with this answer.
    ///
    /// # Errors
    /// Where the policy declares no such choice or it cannot be declined (A6), it stands declined already, the ledger knows
    /// no such principal, or it cannot be written.
    pub fn decline_choice(
        &self,
        principal: &str,
        choice: &str,
        will: &WillRequest,
    ) -> Result<Receipt, OperationError> {
        self.act_on_choice(principal, choice, will, ChoiceAct::Decline)
    }

    /// Records that the principal takes a declined choice back. What was done in between stays denied (R53).
    ///
    /// # Errors
    /// As for declining; and where it is not declined.
    pub fn restore_choice(
        &self,
        principal: &str,
        choice: &str,
        will: &WillRequest,
    ) -> Result<Receipt, OperationError> {
        self.act_on_choice(principal, choice, will, ChoiceAct::Restore)
    }

    fn act_on_choice(
        &self,
        principal: &str,
        choice: &str,
        will: &WillRequest,
        act: ChoiceAct,
    ) -> Result<Receipt, OperationError> {
        let choice = self.choice_name(choice)?;
        let rule = self.policy().choices.get(&choice);
        if rule.is_some_and(|c| c.refusability == Refusability::NotRefusable) {
            return Err(OperationError::Refused(Words::new(
                format!(
                    "`{choice}` は契約や法令のために必要で、止められません。請求の手続きをご利用ください"
                ),
                format!(
                    "`{choice}` cannot be declined: contract or law needs it; the claim procedure is open"
                ),
            )));
        }
        self.append_act(
            principal,
            will,
            |history| newest_act(history, &choice),
            |history| {
                let (choice, channel, by) = (choice.clone(), will.channel.clone(), will.by.clone());
                match (act, history.declined(&choice).is_some()) {
                    (ChoiceAct::Decline, false) => Ok(Event::ChoiceDeclined { choice, channel, by }),
                    (ChoiceAct::Restore, true) => Ok(Event::ChoiceRestored { choice, channel, by }),
                    (ChoiceAct::Decline, true) => Err(OperationError::Refused(Words::new(
                        format!("`{choice}` はすでに止めています"),
                        format!("`{choice}` is declined already"),
                    ))),
                    (ChoiceAct::Restore, false) => Err(OperationError::Refused(Words::new(
                        format!("`{choice}` は止めていません"),
                        format!("`{choice}` is not declined"),
                    ))),
                }
            },
            |event| match event {
                Event::ChoiceDeclined { choice: of, channel, by } => {
                    act == ChoiceAct::Decline && *of == choice && will.is(channel, by)
                }
                Event::ChoiceRestored { choice: of, channel, by } => {
                    act == ChoiceAct::Restore && *of == choice && will.is(channel, by)
                }
                _ => false,
            },
        )
    }

    fn choice_name(&self, choice: &str) -> Result<ChoiceName, OperationError> {
        declared("choice", choice, &self.policy().choices)
    }
}

fn choice_state(history: &History<'_>, choice: &ChoiceName) -> ChoiceState {
    let acts: Vec<WillAct> = history.events().rev().filter_map(|e| choice_act(e, choice)).collect();
    ChoiceState {
        choice: choice.clone(),
        declined: history.declined(choice).is_some(),
        last: acts.first().cloned(),
        acts,
    }
}

pub(crate) fn newest_act(history: &History<'_>, choice: &ChoiceName) -> Option<Revision> {
    history.events().rev().find_map(|e| choice_act(e, choice)).map(|act| act.revision)
}

fn choice_act(recorded: &Recorded, choice: &ChoiceName) -> Option<WillAct> {
    match &recorded.event {
        Event::ChoiceDeclined { choice: c, channel, by } if c == choice => {
            Some(will_act(recorded, false, channel, by, None, None))
        }
        Event::ChoiceRestored { choice: c, channel, by } if c == choice => {
            Some(will_act(recorded, true, channel, by, None, None))
        }
        _ => None,
    }
}
