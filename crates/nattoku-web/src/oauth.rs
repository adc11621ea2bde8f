//! Callers by the word of an issuer (RFC 6749, client credentials; RFC 9068): which programs of which issuers may call, and the tokens
//! of theirs that were checked a moment ago.
//!
//! A caller is a program, and not its token: a program that comes with another token is the same caller, to limits, to idempotency keys
//! and in what it is told.

use std::collections::HashMap;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};

use hashlink::LruCache;
use jiff::{SignedDuration, Timestamp};
use nattoku_identity::{Issuer, Refused, issuer_of, looks_like_jwt};
use nattoku_operations::{Caller, CallerAct};
use nattoku_policy::diagnostic::Words;
use sha2::{Digest, Sha256};

use crate::blocking::rendering;
use crate::limits::Limits;

/// What the id of such a caller begins with. No token of our own has a colon in its id.
const ID_PREFIX: &str = "oauth:";
/// Most tokens that are remembered.
const REMEMBERED_MAX: usize = 10_000;
/// For how long a token is taken without being checked again: a key that its issuer takes back is missed by then.
const REMEMBERED: SignedDuration = SignedDuration::from_mins(5);

/// A program of an issuer, and what it may do.
#[derive(Debug, Clone)]
pub struct Client {
    /// Under which its issuer knows it.
    pub id: String,
    /// What it is called here.
    pub name: String,
    /// As which applications it may ask.
    pub applications: Vec<String>,
    /// What it may do.
    pub acts: Vec<CallerAct>,
    /// How often it may call, where that is otherwise than for others.
    pub calls_a_second: Option<NonZeroU32>,
}

/// The issuers whose word is taken, with their programs.
#[derive(Default)]
pub struct OAuth {
    issuers: Vec<Trusted>,
    limits: Vec<(String, NonZeroU32)>,
    remembered: Mutex<Remembered>,
}

struct Trusted {
    issuer: Arc<Issuer>,
    clients: HashMap<String, Arc<Caller>>,
    /// Whose turn it is to fetch keys: others wait for them without a thread of their own.
    turn: tokio::sync::Mutex<()>,
}

struct Remembered(LruCache<[u8; 32], (Arc<Caller>, Timestamp)>);

impl Default for Remembered {
    fn default() -> Self {
        Self(LruCache::new(REMEMBERED_MAX))
    }
}

/// Why a caller is not let in.
#[derive(Debug)]
pub(crate) enum NotLetIn {
    /// The token is not to be taken.
    Token(Refused),
    /// It is good, and its program is none of those that may call.
    Client(Words),
}

impl OAuth {
    /// Those that are declared. Nothing is asked of them yet.
    #[must_use]
    pub fn of(declared: Vec<(Issuer, Vec<Client>)>) -> Self {
        let mut limits = Vec::new();
        let issuers = declared.into_iter().map(|(issuer, clients)| {
            let clients = clients.into_iter().map(|client| {
                let id = format!("{ID_PREFIX}{}", client.name);
                limits.extend(client.calls_a_second.map(|calls| (id.clone(), calls)));
                (client.id, Arc::new(Caller::declared(id, client.applications, client.acts)))
            });
            Trusted {
                clients: clients.collect(),
                issuer: Arc::new(issuer),
                turn: tokio::sync::Mutex::default(),
            }
        });
        let issuers = issuers.collect();
        Self { issuers, limits, remembered: Mutex::default() }
    }

    /// Limits in which the programs have those of their own.
    #[must_use]
    pub fn limits(&self, calls_a_second: NonZeroU32) -> Limits {
        let own = self.limits.iter().cloned();
        own.fold(Limits::of(calls_a_second), |limits, (caller, calls)| limits.with(caller, calls))
    }

    /// Fetches keys that are due. Blocks; calls go on in the meantime.
    pub fn refresh(&self, now: Timestamp) {
        for trusted in self.issuers.iter().filter(|trusted| trusted.issuer.is_to_fetch(now)) {
            // What went wrong has been told.
            let _ = trusted.issuer.fetch(now);
        }
    }

    /// Whether a secret is for this to look at.
    pub(crate) fn is_for(&self, secret: &str) -> bool {
        !self.issuers.is_empty() && looks_like_jwt(secret)
    }

    /// Who calls with a token.
    pub(crate) async fn caller(&self, token: &str, now: Timestamp) -> Result<Arc<Caller>, NotLetIn> {
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        if let Some(caller) = self.remembered(&digest, now) {
            return Ok(caller);
        }
        let issuer = issuer_of(token).ok_or(NotLetIn::Token(Refused::NotAJwt))?;
        let trusted = self.issuers.iter().find(|trusted| trusted.issuer.name() == issuer);
        let trusted = trusted.ok_or(NotLetIn::Token(Refused::Issuer))?;
        let payload = trusted.check(token, now).await.map_err(NotLetIn::Token)?;
        let client = payload.client().map_err(NotLetIn::Token)?;
        let caller = trusted.clients.get(client).ok_or_else(|| NotLetIn::Client(no_such(client)))?;
        let expires = payload.expires().map_err(NotLetIn::Token)?;
        self.remember(digest, caller, expires, now);
        Ok(Arc::clone(caller))
    }

    fn remembered(&self, digest: &[u8; 32], now: Timestamp) -> Option<Arc<Caller>> {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let (caller, until) = remembered.0.get(digest)?;
        (now < *until).then(|| Arc::clone(caller))
    }

    fn remember(&self, digest: [u8; 32], caller: &Arc<Caller>, expires: Timestamp, now: Timestamp) {
        let until = now.checked_add(REMEMBERED).map_or(expires, |until| until.min(expires));
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.0.insert(digest, (Arc::clone(caller), until));
    }
}

impl Trusted {
    /// Checks a token, and once more where its key was not known and keys could be fetched.
    async fn check(&self, token: &str, now: Timestamp) -> Result<nattoku_identity::Payload, Refused> {
        let checked = self.issuer.check(token, now);
        if !checked.as_ref().is_err_and(Refused::wants_keys) {
            return checked;
        }
        let _turn = self.turn.lock().await;
        // Whoever had the turn before may have fetched them.
        let checked = self.issuer.check(token, now);
        if !checked.as_ref().is_err_and(Refused::wants_keys) || !self.issuer.may_fetch(now) {
            return checked;
        }
        let issuer = Arc::clone(&self.issuer);
        // It waits for no store, and so for no place: who may call is known while the store says nothing.
        let _ = rendering(move || issuer.fetch(now)).await;
        self.issuer.check(token, now)
    }
}

fn no_such(client: &str) -> Words {
    let shown: String = client.chars().filter(|c| !c.is_control()).take(80).collect();
    Words::new(
        format!("発行者の `{shown}` は、このサーバーの設定 `oauth.issuer.client` にありません"),
        format!("its issuer's `{shown}` is not among `oauth.issuer.client` in the settings of this server"),
    )
}

impl fmt::Debug for OAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.issuers.iter().map(|trusted| trusted.issuer.name())).finish()
    }
}
