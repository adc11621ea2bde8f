//! One-time sign-in links, and the sessions of people.
//!
//! Links are of one process, which prints them. Sessions are in the deployment's state, so that any of its servers knows whoever has
//! signed in at one, and none after they have signed out. A page is shown without asking the state where that was asked a moment ago:
//! signing out holds at once where it is done, and everywhere after [`REMEMBERED`].
//!
//! Only digests of tokens are kept, so that what leaks of this memory opens nothing.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use hashlink::LruCache;
use jiff::{SignedDuration, Timestamp};
use nattoku_store::{SignedIn, State, StoreError};
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
/// How often it is noted that a session is used, and those that are over are removed.
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
    /// The session cannot be written; the link is used up then.
    pub fn open(&self, state: &dyn State, token: &str, now: Timestamp) -> Result<Opened, StoreError> {
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
        self.begin(state, &principal, None, now).map(Opened::Session)
    }

    /// Whose session the token is of, while it lasts; asking keeps it from going idle.
    ///
    /// # Errors
    /// The state cannot be read.
    pub fn principal(
        &self,
        state: &dyn State,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let Some(secret) = secret(token) else { return Ok(None) };
        let digest = digest(token);
        if let Some(remembered) = self.lock().remembered.get(&digest).filter(|r| r.is_fresh(now)) {
            return Ok(Some(remembered.principal.clone()));
        }
        let Some(session) = state.session(&secret)?.filter(|session| is_alive(session, now)) else {
            self.lock().remembered.remove(&digest);
            return Ok(None);
        };
        if now.duration_since(session.seen) >= NOTED
            && let Err(error) = state.session_seen(&secret, now)
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
    /// It cannot be written.
    pub(crate) fn begin(
        &self,
        state: &dyn State,
        principal: &str,
        id_token: Option<String>,
        now: Timestamp,
    ) -> Result<String, StoreError> {
        if self.lock().is_to_remove(now) {
            let later = |length: SignedDuration| now.checked_sub(length).unwrap_or(Timestamp::MIN);
            state.end_sessions(later(IDLE + NOTED), later(ABSOLUTE), SESSIONS_MAX)?;
        }
        let secret = self.random();
        let session = SignedIn { principal: principal.to_owned(), id_token, opened: now, seen: now };
        state.begin_session(&secret, &session)?;
        Ok(hex(&secret))
    }

    /// Ends a session, and gives the provider's word by which it was begun, where it was.
    ///
    /// # Errors
    /// It cannot be written; whoever has the token goes on to be signed in.
    pub fn close(&self, state: &dyn State, token: &str) -> Result<Option<String>, StoreError> {
        let Some(secret) = secret(token) else { return Ok(None) };
        let ended = state.end_session(&secret)?;
        // Whoever has read it just before it ended may remember it still, for as long as other servers do.
        self.lock().remembered.remove(&digest(token));
        Ok(ended.and_then(|session| session.id_token))
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
