//! Being ready for the policy that comes next, and going on to it where the ledger does (G4).
//!
//! A deployment keeps a policy before it is put in force, and each node makes what would stand by it: that may take as long as folding
//! everybody. Once the ledger has the event, whoever takes it in goes on at once. A node that is not ready stays before the event, and so
//! permits nothing once its lease has run out.

use std::sync::{Arc, MutexGuard, PoisonError};

use nattoku_model::name::VersionName;

use super::{Node, NodeError};
use crate::follow::{Renewed, Standing};
use crate::in_force::{bytes_of, hexadecimal, in_force, kept_publication};

/// How often a first lease is asked for while the ledger goes on to other policies.
const FIRST_LEASE_TRIES: usize = 8;

/// A policy that a node has become ready for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeReady {
    /// What its files come to: SHA-256 in hexadecimal.
    pub digest: String,
    /// Its current version.
    pub version: VersionName,
    /// Over which population it would stand.
    pub renewed: Renewed,
}

impl Node {
    /// Becomes ready for the policy that the ledger waits for here, or else for the one that was kept last. Tells which where it is newly
    /// so; that may take long.
    ///
    /// # Errors
    /// The ledger or the state cannot be read; or the policy cannot be used, and the node does not become ready for it.
    pub fn make_ready(&self) -> Result<Option<MadeReady>, NodeError> {
        let standing = self.following.standing();
        let Some(digest) = self.next_policy(&standing)? else {
            self.note_ready(standing.edition().digest())?;
            *self.ready() = None;
            return Ok(None);
        };
        let is_ready = {
            let ready = self.ready();
            let ready = ready.as_ref().filter(|ready| ready.edition().digest() == digest);
            if let Some(own) = ready.filter(|ready| !ready.shares_with(&standing)) {
                // A population of its own stays near.
                own.catch_up_to(standing.revision())?;
            }
            ready.is_some()
        };
        let made = if is_ready { None } else { Some(self.make(&standing, &digest)?) };
        self.note_ready(&digest)?;
        Ok(made)
    }

    /// Takes the first lease. Where the ledger has gone on to another policy since this node's was read, it becomes ready for that first.
    ///
    /// # Errors
    /// As [`renew`](Self::renew) and [`make_ready`](Self::make_ready).
    pub fn take_first_lease(&self) -> Result<(), NodeError> {
        for _ in 1..FIRST_LEASE_TRIES {
            match self.renew() {
                Ok(_) => return Ok(()),
                Err(NodeError::NotReady(_)) => drop(self.make_ready()?),
                Err(error) => return Err(error),
            }
        }
        self.renew().map(drop)
    }

    /// Whether the ledger goes on by a policy that this node has to become ready for.
    #[must_use]
    pub fn is_waited_for(&self) -> bool {
        self.following.look().has_ended()
    }

    /// Goes on to the policy that the ledger has in force, from one whose term has ended.
    pub(super) fn go_on(&self, ended: &Arc<Standing>) -> Result<(), NodeError> {
        let mut ready = self.ready();
        if !Arc::ptr_eq(&self.following.standing(), ended) {
            // Somebody else was quicker.
            return Ok(());
        }
        let store = ended.nattoku().store.as_ref();
        let next = in_force(store, store.revision()?)?;
        // What has ended was in force; should the ledger know of none any more, nothing is gone on to.
        let Some(next) = next else { return Err(NodeError::NotReady(ended.edition().digest().to_owned())) };
        match ready.take_if(|ready| ready.edition().digest() == next.digest) {
            Some(standing) => {
                if !standing.shares_with(ended) {
                    // Nobody finds it behind what was answered by before.
                    standing.catch_up_to(ended.revision())?;
                }
                self.following.go_on(standing, next.revision);
                Ok(())
            }
            None => Err(NodeError::NotReady(next.digest)),
        }
    }

    /// The digest of the policy to be ready for.
    fn next_policy(&self, standing: &Standing) -> Result<Option<String>, NodeError> {
        if standing.has_ended() {
            let store = standing.nattoku().store.as_ref();
            return Ok(in_force(store, store.revision()?)?.map(|next| next.digest));
        }
        let kept = self.state.policies()?;
        let newest = kept.last().map(|(digest, _)| hexadecimal(digest));
        Ok(newest.filter(|newest| newest != standing.edition().digest()))
    }

    fn make(&self, standing: &Standing, digest: &str) -> Result<MadeReady, NodeError> {
        if !standing.has_ended() {
            // What was ready before is no more: it is noted first, for whoever puts a policy in force meanwhile.
            self.note_ready(standing.edition().digest())?;
        }
        let publication = kept_publication(&*self.state, digest)?;
        let version = publication.current().version.clone();
        let (next, renewed) = self.following.make(publication)?;
        if !next.shares_with(standing) {
            // What came while it was being folded is little.
            next.catch_up_to(standing.revision())?;
        }
        *self.ready() = Some(next);
        Ok(MadeReady { digest: digest.to_owned(), version, renewed })
    }

    /// Notes by which policy it could answer at once, for whoever puts one in force, where that is not noted.
    fn note_ready(&self, digest: &str) -> Result<(), NodeError> {
        let Some(digest) = bytes_of(digest) else { return Ok(()) };
        if !self.state.nodes_ready(&digest)?.contains(&self.id) {
            self.state.ready_for(&self.id, &digest)?;
        }
        Ok(())
    }

    fn ready(&self) -> MutexGuard<'_, Option<Standing>> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
