//! A few connections for reading, lent out one call at a time.

use std::sync::{Mutex, PoisonError};

use super::address::Address;
use super::session::Session;
use crate::error::StoreError;

/// Most connections kept open for the next call.
const IDLE_MAX: usize = 8;

pub(super) struct Pool {
    address: Address,
    idle: Mutex<Vec<Session>>,
}

impl Pool {
    pub(super) const fn new(address: Address) -> Self {
        Self { address, idle: Mutex::new(Vec::new()) }
    }

    /// Runs `read` over a connection. One that was kept may have gone stale, as when the server was restarted: then it is run
    /// once more over a new one.
    pub(super) fn read<T>(
        &self,
        read: impl Fn(&mut Session) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(mut session) = kept {
            let answer = read(&mut session);
            if !session.is_closed() {
                self.give_back(session);
                return answer;
            }
        }
        let mut session = self.address.connect()?;
        let answer = read(&mut session);
        self.give_back(session);
        answer
    }

    /// As [`Pool::read`], where `read` can be run only once: over a connection that was seen to work.
    pub(super) fn read_once<T>(
        &self,
        read: impl FnOnce(&mut Session) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut session = self.address.connect()?;
        let answer = read(&mut session);
        self.give_back(session);
        answer
    }

    pub(super) fn give_back(&self, session: Session) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_MAX && !session.is_closed() {
            idle.push(session);
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let idle = std::mem::take(self.idle.get_mut().unwrap_or_else(PoisonError::into_inner));
        // A connection waits for its end, which the thread of an asynchronous server must not.
        let _ = std::thread::spawn(move || drop(idle)).join();
    }
}
