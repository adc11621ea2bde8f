//! A place at which whoever comes waits until it is opened.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use crate::tell;

/// Open at first. A copy is the same gate.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    /// Closes it, and says so before anybody can have come there.
    pub(crate) fn close(&self, said: &str) {
        let mut is_closed = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        *is_closed = true;
        tell(said);
    }

    pub(crate) fn open(&self) {
        let (is_closed, changed) = &*self.0;
        *is_closed.lock().unwrap_or_else(PoisonError::into_inner) = false;
        changed.notify_all();
    }

    /// Goes through, and where it is closed tells that somebody waits.
    pub(crate) fn pass(&self) {
        let (is_closed, changed) = &*self.0;
        let closed = is_closed.lock().unwrap_or_else(PoisonError::into_inner);
        if *closed {
            tell("paused");
            drop(changed.wait_while(closed, |closed| *closed));
        }
    }
}
