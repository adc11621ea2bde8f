//! What a deployment remembers beside its ledger: who may call, who is signed in, which nodes hold a lease, to whom events are sent, and the
//! texts of the policies that it has in force or ready.
//!
//! None of it is a fact about a principal, so none is an event. It lies in a file named as the ledger with `.state` after it, or in
//! the schema `nattoku_state` of the ledger's database, and is no part of the ledger nor of its proof.
//! `docs/reference/state.md` has the tables.
//!
//! A *node* is a running program that answers from what it has read of the ledger. While it holds a *lease* it may answer without
//! asking; whoever wants something to be enforced everywhere waits until each node with a lease has applied it, or has none any
//! more. So a lease must never be thought over while its node believes to hold it, and may well be thought to go on for longer:
//!
//! - A node reads its own clock, then registers, and counts its lease from what it read. Only when it is registered does it read the
//!   ledger's head, and it answers nothing under the lease before it has applied all up to there. So for every renewal.
//! - Its clock must go on while the machine sleeps: [`time_since_boot`], and not [`std::time::Instant`].
//! - The length that is registered is longer than the one that the node counts, by how much the two clocks may drift apart.
//! - A node takes a new id, at random, whenever it is started.
//! - Whoever waits looks at [`State::leases`] again and again, since leases are renewed, and begins after what is to be enforced is
//!   in the ledger.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use nattoku_model::Revision;

mod clock;
mod file;
mod policy;
mod schema;
mod signed_in;
mod subscription;
mod token;

pub use clock::{NoClock, time_since_boot};
pub use policy::KeptPolicy;
pub use signed_in::{OwnSession, SignedIn, session_number};
pub use subscription::{DeadLetter, SigningSecret, Subscription};
pub use token::Token;

use crate::error::StoreError;
use crate::opening::Settings;
use crate::postgres::Address;
use file::StateFile;
use schema::StateSchema;

/// A node that holds a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NodeLease {
    /// The node's id.
    pub node: [u8; 16],
    /// How long the lease still goes on by the registry's clock, unless it is renewed. More than nothing, and never more than was
    /// registered.
    pub remaining: Duration,
    /// All up to here has the node applied.
    pub applied: Revision,
}

/// What a deployment remembers beside its ledger. Any number of threads may call at once; several programs may have it open, and
/// each sees what another has done as soon as that was answered.
///
/// What was written is durable when it is answered. Where the file is moved away or replaced while it is open, every call is
/// [`StoreError::Moved`].
pub trait State: Send + Sync + std::fmt::Debug {
    /// Adds a token. Dates are cut to the microsecond.
    ///
    /// # Errors
    /// [`StoreError::TokenThere`] where there is one with that id or that digest, be it revoked or not.
    fn add_token(&self, token: &Token) -> Result<(), StoreError>;

    /// Every token, by the bytes of its id.
    ///
    /// # Errors
    /// They cannot be read.
    fn tokens(&self) -> Result<Vec<Token>, StoreError>;

    /// The token with an id.
    ///
    /// # Errors
    /// It cannot be read.
    fn token(&self, id: &str) -> Result<Option<Token>, StoreError>;

    /// Revokes a token. False where there is none with that id. Where it is revoked already, the first date stays.
    ///
    /// # Errors
    /// It cannot be written.
    fn revoke_token(&self, id: &str, at: Timestamp) -> Result<bool, StoreError>;

    /// Notes when tokens were used last. Such a date only moves forward; ids that no token has are passed over.
    ///
    /// # Errors
    /// They cannot be written.
    fn tokens_used(&self, used: &[(String, Timestamp)]) -> Result<(), StoreError>;

    /// Begins the session of a person, which whoever has its secret may go on with; the secret is 32 random bytes of its own. Dates are
    /// cut to the microsecond. `owner` is what [`Store::session_owner`](crate::Store::session_owner) gives for whose it is.
    ///
    /// # Errors
    /// It cannot be written.
    fn begin_session(
        &self,
        secret: &[u8; 32],
        owner: &[u8; 16],
        session: &SignedIn,
    ) -> Result<(), StoreError>;

    /// The session of a secret, be it over by its dates or not: whether it is, whoever asks decides.
    ///
    /// # Errors
    /// It cannot be read.
    fn session(&self, secret: &[u8; 32]) -> Result<Option<SignedIn>, StoreError>;

    /// Notes when something was asked in a session last. Such a date only moves forward; nothing where there is no such session.
    ///
    /// # Errors
    /// It cannot be written.
    fn session_seen(&self, secret: &[u8; 32], at: Timestamp) -> Result<(), StoreError>;

    /// Ends a session, where there is one.
    ///
    /// # Errors
    /// It cannot be written; then it may go on.
    fn end_session(&self, secret: &[u8; 32]) -> Result<(), StoreError>;

    /// Every session of an owner, be it over by its dates or not; what was used last comes first.
    ///
    /// # Errors
    /// They cannot be read.
    fn sessions_of(&self, owner: &[u8; 16]) -> Result<Vec<OwnSession>, StoreError>;

    /// Ends the session of a number, where it is of the owner. False where there is none.
    ///
    /// # Errors
    /// It cannot be written; then it may go on.
    fn end_session_of(&self, owner: &[u8; 16], number: &[u8; 32]) -> Result<bool, StoreError>;

    /// The same, where it was never noted that anything was asked in it.
    ///
    /// # Errors
    /// It cannot be written; then it may go on.
    fn end_unused_session(&self, owner: &[u8; 16], number: &[u8; 32]) -> Result<bool, StoreError>;

    /// Ends every session of an owner.
    ///
    /// # Errors
    /// It cannot be written; then they may go on.
    fn end_sessions_of(&self, owner: &[u8; 16]) -> Result<(), StoreError>;

    /// Ends the sessions in which nothing was asked since `seen`, or that were begun before `opened`; then those that have been idle
    /// longest, until no more than `most` are left.
    ///
    /// # Errors
    /// It cannot be written.
    fn end_sessions(&self, seen: Timestamp, opened: Timestamp, most: u64) -> Result<(), StoreError>;

    /// Gives a node a lease, or prolongs the one it has: durable, and seen by everybody, before this returns. Only then may the
    /// node read the ledger's head. `length` is counted from a moment within this call. It never ends a lease sooner than was
    /// registered before; `applied` is taken as it is told. Leases that ran out long ago are removed.
    ///
    /// # Errors
    /// It cannot be written, or there is no clock; whether the lease is there is not known then, and the node must not count on it.
    fn register_lease(&self, node: &[u8; 16], length: Duration, applied: Revision) -> Result<(), StoreError>;

    /// Notes what a node has applied. It does not prolong the lease, never goes back, and does nothing where the node has none.
    ///
    /// # Errors
    /// It cannot be written.
    fn applied(&self, node: &[u8; 16], applied: Revision) -> Result<(), StoreError>;

    /// Ends the lease of a node that answers nothing under it any more; nothing where it has none.
    ///
    /// # Errors
    /// It cannot be written.
    fn end_lease(&self, node: &[u8; 16]) -> Result<(), StoreError>;

    /// The nodes whose lease has not run out, by id.
    ///
    /// # Errors
    /// They cannot be read, or there is no clock.
    fn leases(&self) -> Result<Vec<NodeLease>, StoreError>;

    /// Takes the turn at something that one program does at a time, or prolongs it: whether `holder` has it from now on for so long, counted
    /// from a moment within this call. It may be thought to go on for longer, and never for less.
    ///
    /// # Errors
    /// It cannot be written, or there is no clock; then whoever asked must not count on it.
    fn take_turn(&self, what: &str, holder: &[u8; 16], length: Duration) -> Result<bool, StoreError>;

    /// Ends a turn; nothing where another holds it.
    ///
    /// # Errors
    /// It cannot be written.
    fn end_turn(&self, what: &str, holder: &[u8; 16]) -> Result<(), StoreError>;

    /// Adds a receiver of events. False where there is one of that name.
    ///
    /// # Errors
    /// It cannot be written.
    fn add_subscription(&self, subscription: &Subscription) -> Result<bool, StoreError>;

    /// Every receiver of events, by the bytes of its name.
    ///
    /// # Errors
    /// They cannot be read.
    fn subscriptions(&self) -> Result<Vec<Subscription>, StoreError>;

    /// Removes a receiver with its dead letters. False where there is none of that name.
    ///
    /// # Errors
    /// It cannot be written.
    fn remove_subscription(&self, name: &str) -> Result<bool, StoreError>;

    /// Notes since when nothing is sent to a receiver and why, or that it is. False where there is none of that name.
    ///
    /// # Errors
    /// It cannot be written.
    fn pause_subscription(
        &self,
        name: &str,
        paused: Option<&(Timestamp, String)>,
    ) -> Result<bool, StoreError>;

    /// Moves the cursor of a receiver: from where it was seen, or from wherever it is. False where it is elsewhere by now, or there is no
    /// such receiver.
    ///
    /// # Errors
    /// It cannot be written.
    fn move_cursor(&self, name: &str, from: Option<Revision>, to: Revision) -> Result<bool, StoreError>;

    /// Keeps an event that a receiver did not take; once, however often it is told. Nothing where there is no such receiver.
    ///
    /// # Errors
    /// It cannot be written.
    fn bury(&self, letter: &DeadLetter) -> Result<(), StoreError>;

    /// Every dead letter, by receiver and revision.
    ///
    /// # Errors
    /// They cannot be read.
    fn dead_letters(&self) -> Result<Vec<DeadLetter>, StoreError>;

    /// Notes that all dead letters of a receiver are to be sent again, and tells how many there are.
    ///
    /// # Errors
    /// It cannot be written.
    fn revive_dead_letters(&self, name: &str) -> Result<u64, StoreError>;

    /// Keeps the text of a policy, for nodes to become ready for it, in the place of what was kept under its digest. It counts as kept after
    /// all others, should the clock say otherwise.
    ///
    /// # Errors
    /// It cannot be written.
    fn keep_policy(&self, policy: &KeptPolicy) -> Result<(), StoreError>;

    /// The policy whose files come to a digest.
    ///
    /// # Errors
    /// It cannot be read.
    fn policy(&self, digest: &[u8; 32]) -> Result<Option<KeptPolicy>, StoreError>;

    /// The digest of every policy, each with when it was kept last; what was kept last comes last.
    ///
    /// # Errors
    /// They cannot be read.
    fn policies(&self) -> Result<Vec<([u8; 32], Timestamp)>, StoreError>;

    /// Notes which policy a node could go on to answer by at once; it takes the place of what was noted before. Nodes without a lease are
    /// forgotten.
    ///
    /// # Errors
    /// It cannot be written.
    fn ready_for(&self, node: &[u8; 16], digest: &[u8; 32]) -> Result<(), StoreError>;

    /// The nodes that could go on to answer by a policy at once, be it that their lease has run out since.
    ///
    /// # Errors
    /// They cannot be read.
    fn nodes_ready(&self, digest: &[u8; 32]) -> Result<Vec<[u8; 16]>, StoreError>;

    /// Removes a dead letter.
    ///
    /// # Errors
    /// It cannot be written.
    fn forget_dead_letter(&self, name: &str, revision: Revision) -> Result<(), StoreError>;
}

/// Opens the state of the ledger in a file, or makes it.
pub(crate) fn open_beside(
    path: &Path,
    ledger: [u8; 16],
    settings: Settings,
) -> Result<Box<dyn State>, StoreError> {
    Ok(Box::new(StateFile::open(path_beside(path), ledger, settings.wait_for_lock_max)?))
}

/// Opens the state of the ledger in a database, or makes it.
pub(crate) fn open_in(address: &Address, ledger: [u8; 16]) -> Result<Box<dyn State>, StoreError> {
    Ok(Box::new(StateSchema::open(address, ledger)?))
}

/// What the clock of the server at an address says.
pub(crate) fn clock_of(address: &Address) -> Result<Timestamp, StoreError> {
    schema::clock_of(address)
}

fn path_beside(ledger: &Path) -> PathBuf {
    let mut path = ledger.as_os_str().to_owned();
    path.push(".state");
    path.into()
}

/// Most that a lease is taken for, in microseconds: a hundred years, so that no end of one is more than a column holds.
const LENGTH_MAX: i64 = 100 * 366 * 24 * 60 * 60 * 1_000_000;

/// How long ago a lease must have run out to be removed, in microseconds.
const KEPT_AFTER: i64 = 60 * 60 * 1_000_000;

/// The length of a lease as a column holds it, in microseconds; what is finer makes it longer.
fn length_column(length: Duration) -> i64 {
    let microseconds = length.as_nanos().div_ceil(1_000);
    i64::try_from(microseconds).unwrap_or(LENGTH_MAX).min(LENGTH_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_never_cut() {
        assert_eq!(length_column(Duration::from_micros(7)), 7);
        assert_eq!(length_column(Duration::from_nanos(7_001)), 8);
        assert_eq!(length_column(Duration::ZERO), 0);
        assert_eq!(length_column(Duration::MAX), LENGTH_MAX);
    }
}
