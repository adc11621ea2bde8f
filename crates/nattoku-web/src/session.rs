//! One-time sign-in links, and the sessions of people.
//!
//! Links are of one process, which prints them. Sessions are in the deployment's state, so that any of its servers knows whoever has
//! signed in at one, and none after they have signed out. A page is shown without asking the state where that was asked a moment ago:
//! signing out holds at once where it is done, and everywhere after [`REMEMBERED`].
//!
//! A session is of the person who had an identifier when it began: whoever is registered under it after they were erased is another.
//!
//! Only digests of tokens are kept, so that what leaks of this memory opens nothing.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use hashlink::LruCache;
use jiff::{SignedDuration, Timestamp};
use nattoku_operations::{Node, OperationError};
use nattoku_store::{OwnSession, SignedIn, StoreError, session_number};

use crate::hex::hex;

mod link;
mod own;
mod whose;

pub use link::Opened;
pub(crate) use own::own_sessions;
pub(crate) use whose::{Whose, fresh_until};

use link::Link;
use whose::Remembered;

/// How long a sign-in link may wait to be opened: as long as a session may last, for it is printed where the server runs.
pub const LINK_LASTS: SignedDuration = ABSOLUTE;
/// A session ends after this long without a request, and not later than a minute after that.
pub const IDLE: SignedDuration = SignedDuration::from_mins(20);
/// A session ends after this long in any case.
pub const ABSOLUTE: SignedDuration = SignedDuration::from_hours(12);
/// For how long a session is taken to go on without asking the state again: signing out holds at every server by then.
pub const REMEMBERED: SignedDuration = SignedDuration::from_secs(5);
/// How exactly it is known when a session was used last, and how often those that are over are removed.
const NOTED: SignedDuration = SignedDuration::from_mins(1);
/// What a session that was used differs by from one that never was.
const USED: SignedDuration = SignedDuration::from_micros(1);
/// Most sessions of a deployment, counted once a minute: beyond them those that have been idle longest end.
const SESSIONS_MAX: u64 = 1_000_000;
/// Most sessions that this process remembers.
const REMEMBERED_MAX: usize = 10_000;

/// Where 32 random bytes come from; the program's edge passes the operating system's in.
pub type Randomness = Box<dyn Fn() -> [u8; 32] + Send + Sync>;

/// The links of one process, and the sessions of its deployment.
pub struct Sessions {
    randomness: Randomness,
    inner: Mutex<Inner>,
}

struct Inner {
    links: HashMap<[u8; 32], Link>,
    /// Whose sessions went on when the state was asked last, by their numbers.
    remembered: LruCache<[u8; 32], Remembered>,
    /// When those that are over were removed last.
    removed: Option<Timestamp>,
}

/// By what a session begins.
pub(crate) struct Begun<'a> {
    pub(crate) principal: &'a str,
    /// The provider's word, where it is by that.
    pub(crate) id_token: Option<String>,
    /// When the person showed who they are, where that is known.
    pub(crate) proved: Option<Timestamp>,
}

impl Sessions {
    /// No links, and nothing remembered yet.
    #[must_use]
    pub fn new(randomness: Randomness) -> Self {
        let remembered = LruCache::new(REMEMBERED_MAX);
        let inner = Inner { links: HashMap::new(), remembered, removed: None };
        Self { randomness, inner: Mutex::new(inner) }
    }

    /// Whose session the token is of, while it lasts and they are known; asking keeps it from going idle.
    ///
    /// # Errors
    /// The state or the ledger cannot be read.
    pub fn principal(
        &self,
        node: &Node,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<String>, OperationError> {
        Ok(self.whose(node, token, now)?.map(|whose| whose.principal))
    }

    /// The same, with what else is known of the session.
    pub(crate) fn whose(
        &self,
        node: &Node,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<Whose>, OperationError> {
        let Some(secret) = secret(token) else { return Ok(None) };
        let number = session_number(&secret);
        if let Some(remembered) = self.lock().remembered.get(&number).filter(|r| r.is_fresh(now)) {
            return Ok(Some(remembered.whose.clone()));
        }
        let session = node.state().session(&secret)?;
        let session = session.filter(|session| is_alive(session.opened, session.seen, now));
        let session = match session {
            Some(session) if is_known(node, &session)? => session,
            _ => {
                self.lock().remembered.remove(&number);
                return Ok(None);
            }
        };
        // What is asked from memory after this is noted by the next that is not: no later than is promised. The first use is noted at once:
        // it tells that whoever signed in has the cookie.
        let is_first = session.seen <= session.opened;
        if (is_first || now.duration_since(session.seen) >= NOTED - REMEMBERED)
            && let Err(error) = node.state().session_seen(&secret, used_at(&session, now))
        {
            // Pages are shown all the same: it goes idle sooner than it should.
            tracing::warn!(%error, "it cannot be noted that a session is used");
        }
        let whose = Whose::of(number, session);
        self.lock().remembered.insert(number, Remembered { whose: whose.clone(), asked: now });
        Ok(Some(whose))
    }

    /// Begins a session; the token is for its cookie.
    ///
    /// # Errors
    /// It cannot be written, or the ledger does not know the principal.
    pub(crate) fn begin(
        &self,
        node: &Node,
        begun: Begun<'_>,
        now: Timestamp,
    ) -> Result<String, OperationError> {
        let secret = self.random();
        self.begin_with(node, &secret, begun, now)?;
        Ok(hex(&secret))
    }

    fn begin_with(
        &self,
        node: &Node,
        secret: &[u8; 32],
        begun: Begun<'_>,
        now: Timestamp,
    ) -> Result<(), OperationError> {
        let Begun { principal, id_token, proved } = begun;
        let known = id(node, principal)?;
        let id = known.ok_or_else(|| OperationError::unknown_principal(principal))?;
        if self.lock().is_to_remove(now) {
            let before = |length: SignedDuration| now.checked_sub(length).unwrap_or(Timestamp::MIN);
            let removed = node.state().end_sessions(before(IDLE + NOTED), before(ABSOLUTE), SESSIONS_MAX);
            if let Err(error) = removed {
                // Whoever signs in has no part in it, and it is tried again.
                tracing::warn!(%error, "sessions that are over cannot be removed");
            }
        }
        let principal = principal.to_owned();
        let session = SignedIn { principal, id, id_token, proved, opened: now, seen: now };
        Ok(node.state().begin_session(secret, &owner(node, &id), &session)?)
    }

    /// Ends a session, and gives the provider's word by which it was begun, where it was.
    ///
    /// # Errors
    /// It cannot be read or written; whoever has the token goes on to be signed in, or it is not known whether they do.
    pub fn close(&self, node: &Node, token: &str) -> Result<Option<String>, OperationError> {
        let Some(secret) = secret(token) else { return Ok(None) };
        // Read before it is ended: ending may be done twice, where the answer to the first is lost.
        let session = node.state().session(&secret)?;
        node.state().end_session(&secret).map_err(not_known)?;
        // Whoever has read it just before it ended may remember it still, for as long as other servers do.
        self.lock().remembered.remove(&session_number(&secret));
        Ok(session.and_then(|session| session.id_token))
    }

    /// 32 random bytes.
    pub(crate) fn random(&self) -> [u8; 32] {
        (self.randomness)()
    }

    /// A panic elsewhere leaves whole entries behind, so the lock is good even when poisoned.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Whether it is time to remove sessions that are over: for one who asks, once in a while.
    fn is_to_remove(&mut self, now: Timestamp) -> bool {
        let is_due = self.removed.is_none_or(|removed| now.duration_since(removed).abs() >= NOTED);
        if is_due {
            self.removed = Some(now);
        }
        is_due
    }
}

/// The ledger's id of a principal; nothing, where it knows nobody of that name.
fn id(node: &Node, principal: &str) -> Result<Option<[u8; 16]>, OperationError> {
    Ok(node.following().look().nattoku().principal_id(principal)?)
}

/// By what the sessions of whoever has an id are found.
fn owner(node: &Node, id: &[u8; 16]) -> [u8; 16] {
    node.following().look().nattoku().session_owner(id)
}

/// Whether the ledger still knows the person whose session it is by the identifier that they had.
fn is_known(node: &Node, session: &SignedIn) -> Result<bool, OperationError> {
    Ok(id(node, &session.principal)? == Some(session.id))
}

/// When it was used last is known to [`NOTED`]: nobody's session ends sooner than after [`IDLE`].
fn is_alive(opened: Timestamp, seen: Timestamp, now: Timestamp) -> bool {
    now.duration_since(seen) < IDLE + NOTED && now.duration_since(opened) <= ABSOLUTE
}

/// When a session is used: never when it was begun, be it that the clock stands still.
fn used_at(session: &SignedIn, now: Timestamp) -> Timestamp {
    now.max(session.opened.saturating_add(USED).unwrap_or(now))
}

/// What is to end and gets no answer may have ended.
fn not_known(error: StoreError) -> StoreError {
    match error {
        StoreError::Unreachable { source } | StoreError::Unavailable { source } => {
            StoreError::Uncertain { source }
        }
        other => other,
    }
}

/// The secret of a session by the token of its cookie; nothing where it is no such token.
fn secret(token: &str) -> Option<[u8; 32]> {
    data_encoding::HEXLOWER.decode(token.as_bytes()).ok()?.try_into().ok()
}
