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
use nattoku_store::SignedIn;
use sha2::{Digest, Sha256};

use crate::hex::hex;

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
/// How long it is remembered that a link was used, so that a second opening can be told from a wrong address.
const USED_REMEMBERED: SignedDuration = SignedDuration::from_hours(24);
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
    /// Whose sessions went on when the state was asked last, by the digests of their tokens.
    remembered: LruCache<[u8; 32], Remembered>,
    /// When those that are over were removed last.
    removed: Option<Timestamp>,
}

struct Link {
    principal: String,
    issued: Timestamp,
    used: bool,
}

struct Remembered {
    principal: String,
    asked: Timestamp,
}

/// What opening a sign-in link comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// A session has begun; the token is for its cookie.
    Session(String),
    /// The link was opened before, or waited too long.
    Spent,
    /// There is no such link.
    Unknown,
}

impl Sessions {
    /// No links, and nothing remembered yet.
    #[must_use]
    pub fn new(randomness: Randomness) -> Self {
        let remembered = LruCache::new(REMEMBERED_MAX);
        let inner = Inner { links: HashMap::new(), remembered, removed: None };
        Self { randomness, inner: Mutex::new(inner) }
    }

    /// Makes a link for `principal` that works once: the token for `/sign-in/{token}`, 64 hexadecimal digits.
    #[must_use]
    pub fn issue_link(&self, principal: &str, now: Timestamp) -> String {
        let token = hex(&self.random());
        let mut inner = self.lock();
        inner.forget_links(now);
        inner
            .links
            .insert(digest(&token), Link { principal: principal.to_owned(), issued: now, used: false });
        token
    }

    /// Opens a link: the first opening begins a session, every later one is told so.
    ///
    /// # Errors
    /// The session cannot be written, and the link can be opened again; or the principal is not known any more, and it is used up.
    pub fn open(&self, node: &Node, token: &str, now: Timestamp) -> Result<Opened, OperationError> {
        let principal = {
            let mut inner = self.lock();
            inner.forget_links(now);
            let Some(link) = inner.links.get_mut(&digest(token)) else { return Ok(Opened::Unknown) };
            if link.used || now.duration_since(link.issued) > LINK_LASTS {
                return Ok(Opened::Spent);
            }
            link.used = true;
            link.principal.clone()
        };
        let begun = self.begin(node, &principal, None, now);
        if let (Err(OperationError::Store(_)), Some(link)) =
            (&begun, self.lock().links.get_mut(&digest(token)))
        {
            link.used = false;
        }
        begun.map(Opened::Session)
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
        let Some(secret) = secret(token) else { return Ok(None) };
        let digest = digest(token);
        if let Some(remembered) = self.lock().remembered.get(&digest).filter(|r| r.is_fresh(now)) {
            return Ok(Some(remembered.principal.clone()));
        }
        let session = node.state().session(&secret)?.filter(|session| is_alive(session, now));
        let session = match session {
            Some(session) if is_known(node, &session)? => session,
            _ => {
                self.lock().remembered.remove(&digest);
                return Ok(None);
            }
        };
        // What is asked from memory after this is noted by the next that is not: no later than is promised.
        if now.duration_since(session.seen) >= NOTED - REMEMBERED
            && let Err(error) = node.state().session_seen(&secret, now)
        {
            // Pages are shown all the same: it goes idle sooner than it should.
            tracing::warn!(%error, "it cannot be noted that a session is used");
        }
        let remembered = Remembered { principal: session.principal.clone(), asked: now };
        self.lock().remembered.insert(digest, remembered);
        Ok(Some(session.principal))
    }

    /// Begins a session, by the word of a provider where it is given; the token is for its cookie.
    ///
    /// # Errors
    /// It cannot be written, or the ledger does not know the principal.
    pub(crate) fn begin(
        &self,
        node: &Node,
        principal: &str,
        id_token: Option<String>,
        now: Timestamp,
    ) -> Result<String, OperationError> {
        let known = node.following().look().nattoku().principal_id(principal)?;
        let id = known.ok_or_else(|| OperationError::unknown_principal(principal))?;
        if self.lock().is_to_remove(now) {
            let before = |length: SignedDuration| now.checked_sub(length).unwrap_or(Timestamp::MIN);
            let removed = node.state().end_sessions(before(IDLE + NOTED), before(ABSOLUTE), SESSIONS_MAX);
            if let Err(error) = removed {
                // Whoever signs in has no part in it, and it is tried again.
                tracing::warn!(%error, "sessions that are over cannot be removed");
            }
        }
        let secret = self.random();
        let session = SignedIn { principal: principal.to_owned(), id, id_token, opened: now, seen: now };
        node.state().begin_session(&secret, &session)?;
        Ok(hex(&secret))
    }

    /// Ends a session, and gives the provider's word by which it was begun, where it was.
    ///
    /// # Errors
    /// It cannot be read or written; whoever has the token goes on to be signed in.
    pub fn close(&self, node: &Node, token: &str) -> Result<Option<String>, OperationError> {
        let Some(secret) = secret(token) else { return Ok(None) };
        // Read before it is ended: ending may be done twice, where the answer to the first is lost.
        let session = node.state().session(&secret)?;
        node.state().end_session(&secret)?;
        // Whoever has read it just before it ended may remember it still, for as long as other servers do.
        self.lock().remembered.remove(&digest(token));
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
    fn forget_links(&mut self, now: Timestamp) {
        self.links.retain(|_, link| now.duration_since(link.issued) <= USED_REMEMBERED);
    }

    /// Whether it is time to remove sessions that are over: for one who asks, once in a while.
    fn is_to_remove(&mut self, now: Timestamp) -> bool {
        let is_due = self.removed.is_none_or(|removed| now.duration_since(removed).abs() >= NOTED);
        if is_due {
            self.removed = Some(now);
        }
        is_due
    }
}

impl Remembered {
    /// A clock that was set back makes nothing fresh.
    fn is_fresh(&self, now: Timestamp) -> bool {
        let age = now.duration_since(self.asked);
        !age.is_negative() && age < REMEMBERED
    }
}

/// Whether the ledger still knows the person whose session it is by the identifier that they had.
fn is_known(node: &Node, session: &SignedIn) -> Result<bool, OperationError> {
    let id = node.following().look().nattoku().principal_id(&session.principal)?;
    Ok(id == Some(session.id))
}

/// When it was used last is known to [`NOTED`]: nobody's session ends sooner than after [`IDLE`].
fn is_alive(session: &SignedIn, now: Timestamp) -> bool {
    now.duration_since(session.seen) < IDLE + NOTED && now.duration_since(session.opened) <= ABSOLUTE
}

/// The secret of a session by the token of its cookie; nothing where it is no such token.
fn secret(token: &str) -> Option<[u8; 32]> {
    data_encoding::HEXLOWER.decode(token.as_bytes()).ok()?.try_into().ok()
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
