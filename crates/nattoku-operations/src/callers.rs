//! Who may call: tokens, what each may do, and for which applications (R36).
//!
//! Of a token only a digest is kept. Its secret is 32 random bytes, which nobody guesses, so that the digest need not be slow.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use nattoku_model::name::nearest;
use nattoku_store::{State, StoreError, Token};
use sha2::{Digest, Sha256};

/// What the secret of a token begins with, so that one that has leaked is known for what it is.
const PREFIX: &str = "nattoku_";
/// In a token's applications: every application.
const EVERY: &str = "*";

/// What a caller may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallerAct {
    /// Ask for decisions.
    Decide,
    /// Ask about everybody.
    Search,
    /// Read what is known of a principal.
    Read,
    /// Record a principal's will.
    Will,
    /// Record events.
    Record,
    /// Read the figures of the server.
    Metrics,
}

impl CallerAct {
    /// Every act.
    pub const ALL: [Self; 6] =
        [Self::Decide, Self::Search, Self::Read, Self::Will, Self::Record, Self::Metrics];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Decide => "decide",
            Self::Search => "search",
            Self::Read => "read",
            Self::Will => "will",
            Self::Record => "record",
            Self::Metrics => "metrics",
        }
    }

    /// The act of a name.
    ///
    /// # Errors
    /// There is none; the nearest, where one is near.
    pub fn named(name: &str) -> Result<Self, Option<&'static str>> {
        let found = Self::ALL.into_iter().find(|act| act.as_str() == name);
        found.ok_or_else(|| nearest(name, Self::ALL.map(Self::as_str)))
    }
}

impl fmt::Display for CallerAct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The secret of a token, as its caller sends it. It is shown once, when it is made.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The secret made of random bytes.
    #[must_use]
    pub fn of(random: &[u8; 32]) -> Self {
        Self(format!("{PREFIX}{}", HEXLOWER.encode(random)))
    }

    /// What is sent.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        digest(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// A caller whose token is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The id of the token.
    pub id: String,
    applications: Vec<String>,
    acts: Vec<CallerAct>,
    expires: Option<Timestamp>,
}

impl Caller {
    fn of(token: &Token) -> Self {
        // An act that this version does not know allows nothing.
        let acts = token.acts.iter().filter_map(|act| CallerAct::named(act).ok()).collect();
        Self { id: token.id.clone(), applications: token.applications.clone(), acts, expires: token.expires }
    }

    /// Whether it may do this.
    #[must_use]
    pub fn may(&self, act: CallerAct) -> bool {
        self.acts.contains(&act)
    }

    /// Whether it may ask as an application.
    #[must_use]
    pub fn is(&self, application: &str) -> bool {
        self.applications.iter().any(|own| own == application || own == EVERY)
    }

    /// The application as which it asks where it names none: the one it is.
    #[must_use]
    pub fn application(&self) -> Option<&str> {
        match self.applications.as_slice() {
            [own] if own != EVERY => Some(own),
            _ => None,
        }
    }
}

/// The callers there are, as they were last read.
#[derive(Debug, Default)]
pub struct Callers {
    by_digest: RwLock<HashMap<[u8; 32], Arc<Caller>>>,
    used: Mutex<HashMap<String, Timestamp>>,
}

impl Callers {
    /// Nobody yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads who there is, and notes who has called since the last time. A token that was revoked is good for nothing from here on.
    ///
    /// # Errors
    /// It cannot be read or written; then what was read before goes on to hold.
    pub fn refresh(&self, state: &dyn State) -> Result<(), StoreError> {
        let tokens = state.tokens()?;
        let good = tokens.iter().filter(|token| token.revoked.is_none());
        let by_digest = good.map(|token| (token.digest, Arc::new(Caller::of(token)))).collect();
        *self.by_digest.write().unwrap_or_else(PoisonError::into_inner) = by_digest;
        let used: Vec<(String, Timestamp)> = {
            let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
            used.drain().collect()
        };
        if used.is_empty() { Ok(()) } else { state.tokens_used(&used) }
    }

    /// Whose secret it is; nobody's, where there is no such token, or it has expired or was revoked.
    #[must_use]
    pub fn by_secret(&self, secret: &str, now: Timestamp) -> Option<Arc<Caller>> {
        let digest = digest(secret);
        let caller = {
            let by_digest = self.by_digest.read().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(by_digest.get(&digest)?)
        };
        if caller.expires.is_some_and(|expires| expires <= now) {
            return None;
        }
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        match used.get_mut(&caller.id) {
            Some(last) => *last = now,
            None => drop(used.insert(caller.id.clone(), now)),
        }
        drop(used);
        Some(caller)
    }
}
