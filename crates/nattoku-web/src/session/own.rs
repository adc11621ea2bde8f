//! Where somebody is signed in, as they themselves are told, and ending it.

use jiff::Timestamp;
use nattoku_operations::{Node, OperationError};

use super::{OwnSession, Sessions, Whose, is_alive, not_known, owner};

/// Every session of whoever is signed in that goes on; what was used last comes first.
///
/// # Errors
/// The state cannot be read.
pub(crate) fn own_sessions(
    node: &Node,
    whose: &Whose,
    now: Timestamp,
) -> Result<Vec<OwnSession>, OperationError> {
    let mut all = node.state().sessions_of(&owner(node, &whose.id))?;
    all.retain(|session| is_alive(session.opened, session.seen, now));
    Ok(all)
}

impl Sessions {
    /// Ends one of them by its number; nothing where it is over, or is another's.
    ///
    /// # Errors
    /// It cannot be written; whether it goes on is not known, where there was no answer.
    pub(crate) fn end_own(
        &self,
        node: &Node,
        whose: &Whose,
        number: &[u8; 32],
    ) -> Result<(), OperationError> {
        if node.state().end_session_of(&owner(node, &whose.id), number).map_err(not_known)? {
            self.lock().remembered.remove(number);
        }
        Ok(())
    }

    /// Ends all of them.
    ///
    /// # Errors
    /// It cannot be written; whether they go on is not known, where there was no answer.
    pub(crate) fn end_all_own(&self, node: &Node, whose: &Whose) -> Result<(), OperationError> {
        node.state().end_sessions_of(&owner(node, &whose.id)).map_err(not_known)?;
        let mut inner = self.lock();
        let own: Vec<[u8; 32]> = inner
            .remembered
            .iter()
            .filter_map(|(number, remembered)| (remembered.whose.id == whose.id).then_some(*number))
            .collect();
        for number in own {
            inner.remembered.remove(&number);
        }
        Ok(())
    }
}
