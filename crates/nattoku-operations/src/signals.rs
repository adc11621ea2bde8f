//! What a browser says of its own accord, taken as declining (R49).

use nattoku_model::Language;
use nattoku_model::event::{By, Revision};
use nattoku_model::name::ChoiceName;
use nattoku_model::policy::SignalKind;

use crate::choices::newest_act;
use crate::error::OperationError;
use crate::nattoku::{Nattoku, Receipt, WillRequest};

impl Nattoku {
    /// Takes a signal that a principal's browser sends: declines, by the channel of its name, what the policy says that it declines
    /// and the principal never answered. Whoever has answered, by whatever way and however, is left with that answer. So it may be
    /// taken as often as it is sent: what it declined once it does not decline again, not even after the principal resumed it.
    ///
    /// # Errors
    /// Where the ledger knows no such principal, or it cannot be read or written; what was declined before that stays so.
    pub fn take_signal(
        &self,
        principal: &str,
        kind: SignalKind,
        language: Language,
    ) -> Result<Vec<Receipt>, OperationError> {
        let Some(signal) = self.policy().signals.get(&kind) else { return Ok(Vec::new()) };
        let unanswered: Vec<&ChoiceName> = self.with_history(principal, |history| {
            signal.declines.iter().filter(|choice| newest_act(history, choice).is_none()).collect()
        })?;
        let will = WillRequest {
            channel: kind.as_str().to_owned(),
            by: By::Principal,
            language,
            // The ledger itself refuses it where an answer came in meanwhile, and where the signal was taken twice at once.
            seen: Some(Revision::default()),
            id: None,
        };
        let mut receipts = Vec::new();
        for choice in unanswered {
            match self.decline_choice(principal, choice.as_str(), &will) {
                Ok(receipt) => receipts.push(receipt),
                Err(OperationError::Changed) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(receipts)
    }
}
