//! One-time sign-in links, and sessions, in memory: a restart signs everybody out.
//!
//! Only digests of tokens are kept, so that what leaks of this memory opens nothing.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::hex::hex;

/// How long a sign-in link may wait to be opened: as long as a session may last, for it is printed where the server runs.
pub const LINK_LASTS: SignedDuration = ABSOLUTE;
/// A session ends after this long without a request.
pub const IDLE: SignedDuration = SignedDuration::from_mins(20);
/// A session ends after this long in any case.
pub const ABSOLUTE: SignedDuration = SignedDuration::from_hours(12);
/// How long it is remembered that a link was used, so that a second opening can be told from a wrong address.
const USED_REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

/// Where 32 random bytes come from; the program's edge passes the operating system's in.
pub type Randomness = Box<dyn Fn() -> [u8; 32] + Send + Sync>;

/// The links and sessions of one process.
pub struct Sessions {
    randomness: Randomness,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    links: HashMap<[u8; 32], Link>,
    sessions: HashMap<[u8; 32], Session>,
}

struct Link {
    principal: String,
    issued: Timestamp,
    used: bool,
}

struct Session {
    principal: String,
    /// The provider's word by which it was begun, which the provider wants back when it is to end there too.
    id_token: Option<String>,
    opened: Timestamp,
    seen: Timestamp,
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
    /// No links and no sessions yet.
    #[must_use]
    pub fn new(randomness: Randomness) -> Self {
        Self { randomness, inner: Mutex::default() }
    }

    /// Makes a link for `principal` that works once: the token for `/sign-in/{token}`, 64 hexadecimal digits.
    #[must_use]
    pub fn issue_link(&self, principal: &str, now: Timestamp) -> String {
        let token = self.token();
        let mut inner = self.lock();
        inner.forget_old(now);
        inner
            .links
            .insert(digest(&token), Link { principal: principal.to_owned(), issued: now, used: false });
        token
    }

    /// Opens a link: the first opening begins a session, every later one is told so.
    #[must_use]
    pub fn open(&self, token: &str, now: Timestamp) -> Opened {
        let session_token = self.token();
        let mut inner = self.lock();
        inner.forget_old(now);
        let Some(link) = inner.links.get_mut(&digest(token)) else { return Opened::Unknown };
        if link.used || now.duration_since(link.issued) > LINK_LASTS {
            return Opened::Spent;
        }
        link.used = true;
        let session = Session::of(&link.principal, None, now);
        inner.sessions.insert(digest(&session_token), session);
        Opened::Session(session_token)
    }

    /// Whose session the token is of, while it lasts; asking keeps it from going idle.
    #[must_use]
    pub fn principal(&self, token: &str, now: Timestamp) -> Option<String> {
        let mut inner = self.lock();
        let session = inner.sessions.get_mut(&digest(token)).filter(|s| s.is_alive(now))?;
        session.seen = now;
        Some(session.principal.clone())
    }

    /// Begins a session by the word of a provider; the token is for its cookie.
    pub(crate) fn begin(&self, principal: &str, id_token: String, now: Timestamp) -> String {
        let token = self.token();
        let mut inner = self.lock();
        inner.forget_old(now);
        inner.sessions.insert(digest(&token), Session::of(principal, Some(id_token), now));
        token
    }

    /// Ends a session, and gives the provider's word by which it was begun, where it was.
    pub fn close(&self, token: &str) -> Option<String> {
        self.lock().sessions.remove(&digest(token))?.id_token
    }

    /// 32 random bytes.
    pub(crate) fn random(&self) -> [u8; 32] {
        (self.randomness)()
    }

    fn token(&self) -> String {
        hex(&self.random())
    }

    /// A panic elsewhere leaves whole entries behind, so the lock is good even when poisoned.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn forget_old(&mut self, now: Timestamp) {
        self.links.retain(|_, link| now.duration_since(link.issued) <= USED_REMEMBERED);
        self.sessions.retain(|_, session| session.is_alive(now));
    }
}

impl Session {
    fn of(principal: &str, id_token: Option<String>, now: Timestamp) -> Self {
        Self { principal: principal.to_owned(), id_token, opened: now, seen: now }
    }

    fn is_alive(&self, now: Timestamp) -> bool {
        now.duration_since(self.seen) <= IDLE && now.duration_since(self.opened) <= ABSOLUTE
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU8, Ordering};

    fn sessions() -> Sessions {
        let next = AtomicU8::new(0);
        Sessions::new(Box::new(move || [next.fetch_add(1, Ordering::Relaxed); 32]))
    }

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    fn open(sessions: &Sessions, token: &str, now: Timestamp) -> String {
        match sessions.open(token, now) {
            Opened::Session(token) => token,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_link_works_once() {
        let sessions = sessions();
        let link = sessions.issue_link("p-1", at(0));
        let session = open(&sessions, &link, at(1));
        assert_eq!(sessions.principal(&session, at(2)).as_deref(), Some("p-1"));
        assert_eq!(sessions.open(&link, at(3)), Opened::Spent);
        assert_eq!(sessions.open("nonsense", at(3)), Opened::Unknown);
        assert_eq!(sessions.close(&session), None);
        assert_eq!(sessions.principal(&session, at(3)), None);
    }

    #[test]
    fn a_link_does_not_wait_for_ever() {
        let sessions = sessions();
        let link = sessions.issue_link("p-1", at(0));
        assert_eq!(sessions.open(&link, at(12 * 60 + 1)), Opened::Spent);
    }

    #[test]
    fn a_session_ends_when_idle_and_after_twelve_hours() {
        let sessions = sessions();
        let idle = open(&sessions, &sessions.issue_link("p-1", at(0)), at(0));
        assert_eq!(sessions.principal(&idle, at(21)), None);
        let busy = open(&sessions, &sessions.issue_link("p-1", at(0)), at(0));
        for quarter in 1..=48 {
            assert!(sessions.principal(&busy, at(quarter * 15)).is_some());
        }
        assert_eq!(sessions.principal(&busy, at(12 * 60 + 1)), None);
    }
}
