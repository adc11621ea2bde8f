//! A real medium of which single calls go wrong, for tests of what becomes of appends then.

use std::collections::HashMap;
use std::sync::mpsc::Sender;

use nattoku_model::Revision;

use super::{Asking, Found, Head, KnownPrincipal, Medium, Plan, Sight, StoredId};
use crate::error::StoreError;

type Commit<M> = dyn FnMut(&mut M, &Plan<'_>) -> Result<(), StoreError> + Send;

/// The medium, and what is done in the place of some of its calls.
pub(crate) struct Faulty<M: ?Sized> {
    medium: Box<M>,
    /// Instead of the first commit.
    commit: Option<Box<Commit<M>>>,
    /// Calls of `begin` that fail after that commit.
    begins_failing: usize,
    /// Told before a rest panics.
    rests: Option<Sender<()>>,
}

impl<M: Medium + ?Sized> Faulty<M> {
    pub(crate) fn new(medium: Box<M>) -> Self {
        Self { medium, commit: None, begins_failing: 0, rests: None }
    }

    /// The first commit is this.
    pub(crate) fn first_commit(
        mut self,
        commit: impl FnMut(&mut M, &Plan<'_>) -> Result<(), StoreError> + Send + 'static,
    ) -> Self {
        self.commit = Some(Box::new(commit));
        self
    }

    /// After the first commit the medium cannot be reached so many times.
    pub(crate) fn away(mut self, times: usize) -> Self {
        self.begins_failing = times;
        self
    }

    /// Every rest panics, after it has told so.
    pub(crate) fn rest_panics(mut self, told: Sender<()>) -> Self {
        self.rests = Some(told);
        self
    }
}

/// What a connection says that breaks.
pub(crate) fn lost() -> StoreError {
    StoreError::Unavailable { source: "a test has it fail".into() }
}

/// Commits, and has the connection break before the answer.
pub(crate) fn commit_and_lose<M: Medium + ?Sized>(medium: &mut M, plan: &Plan<'_>) -> Result<(), StoreError> {
    medium.commit(plan)?;
    medium.break_off();
    Err(lost())
}

impl<M: Medium + ?Sized> Medium for Faulty<M> {
    fn begin(&mut self) -> Result<Head, StoreError> {
        match self.begins_failing.checked_sub(1).filter(|_| self.commit.is_none()) {
            Some(rest) => {
                self.begins_failing = rest;
                Err(lost())
            }
            None => self.medium.begin(),
        }
    }

    fn views(&mut self, asking: &[&Asking]) -> Result<Vec<Sight>, StoreError> {
        self.medium.views(asking)
    }

    fn find(
        &mut self,
        ids: &[&StoredId],
        ordinals: &[i64],
    ) -> Result<(HashMap<StoredId, Found>, Vec<Revision>), StoreError> {
        self.medium.find(ids, ordinals)
    }

    fn principals(&mut self, identifiers: &[&str]) -> Result<Vec<(String, KnownPrincipal)>, StoreError> {
        self.medium.principals(identifiers)
    }

    fn newest_ordinal(&mut self) -> Result<i64, StoreError> {
        self.medium.newest_ordinal()
    }

    fn commit(&mut self, plan: &Plan<'_>) -> Result<(), StoreError> {
        match self.commit.take() {
            Some(mut commit) => commit(&mut self.medium, plan),
            None => self.medium.commit(plan),
        }
    }

    fn leaf_hashes(&mut self, first: u64, last: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        self.medium.leaf_hashes(first, last)
    }

    fn abandon(&mut self) {
        self.medium.abandon();
    }

    fn has_forgotten(&mut self) -> Result<bool, StoreError> {
        self.medium.has_forgotten()
    }

    fn by_id(&mut self, ids: &[[u8; 16]]) -> Result<Vec<([u8; 16], i64, bool)>, StoreError> {
        self.medium.by_id(ids)
    }

    fn erased(&mut self) -> Result<Vec<([u8; 16], i64)>, StoreError> {
        self.medium.erased()
    }

    fn empty_log(&mut self) -> Result<bool, StoreError> {
        self.medium.empty_log()
    }

    fn break_off(&mut self) {
        self.medium.break_off();
    }

    fn rests(&self) -> bool {
        self.rests.is_some() || self.medium.rests()
    }

    fn rest(&mut self) {
        if let Some(told) = &self.rests {
            let _ = told.send(());
            panic!("a test has it fail");
        }
        self.medium.rest();
    }
}
