//! Who may call: tokens, what each may do, and for which applications (R36).
//!
//! Of a token only a digest is kept. Its secret is 32 random bytes, which nobody guesses, so that the digest need not be slow.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use nattoku_model::name::nearest;
use nattoku_store::{State, StoreError, Token};
use sha2::{Digest, Sha256};
use siphasher::sip128::SipHasher24;

/// What the secret of a token begins with, so that one that has leaked is known for what it is.
const PREFIX: &str = "nattoku_";
/// In a token's applications: every application.
pub const EVERY_APPLICATION: &str = "*";

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
    /// Follow what happens to everybody.
    Feed,
    /// Read the figures of the server.
    Metrics,
}

impl CallerAct {
    /// Every act.
    pub const ALL: [Self; 7] =
        [Self::Decide, Self::Search, Self::Read, Self::Will, Self::Record, Self::Feed, Self::Metrics];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Decide => "decide",
            Self::Search => "search",
            Self::Read => "read",
            Self::Will => "will",
            Self::Record => "record",
            Self::Feed => "feed",
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
    /// The id of the token, or of the program where an issuer vouches for it.
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

    /// A caller by the word of somebody who tells apart who it is: it has no token of ours, and does not expire.
    #[must_use]
    pub const fn declared(id: String, applications: Vec<String>, acts: Vec<CallerAct>) -> Self {
        Self { id, applications, acts, expires: None }
    }

    /// Whether it may do this.
    #[must_use]
    pub fn may(&self, act: CallerAct) -> bool {
        self.acts.contains(&act)
    }

    /// Whether it may ask as an application.
    #[must_use]
    pub fn is(&self, application: &str) -> bool {
        self.applications.iter().any(|own| own == application || own == EVERY_APPLICATION)
    }

    /// The application as which it asks where it names none: the one it is.
    #[must_use]
    pub fn application(&self) -> Option<&str> {
        match self.applications.as_slice() {
            [own] if own != EVERY_APPLICATION => Some(own),
            _ => None,
        }
    }
}

/// The callers there are, as they were last read.
#[derive(Debug)]
pub struct Callers {
    read: RwLock<Read>,
    /// The key of tags, another for each start.
    tag_key: [u8; 16],
}

/// What was read, with what was worked out since.
#[derive(Debug, Default)]
struct Read {
    by_digest: HashMap<[u8; 32], Arc<Known>>,
    /// Those who have called, by their secrets under a key that nobody knows: `SipHash` takes far less time than SHA-256
    /// where the processor has no instructions for it, and a call is not much more than that.
    by_tag: HashMap<u128, Arc<Known>>,
}

/// A caller, with when it called last, in microseconds; nothing where it has not since that was last noted.
#[derive(Debug)]
struct Known {
    caller: Arc<Caller>,
    used: AtomicI64,
}

/// How exactly it is noted when somebody called last, in microseconds.
const USED_EVERY: i64 = 1_000_000;

/// Not since that was last noted.
const NOT_USED: i64 = i64::MIN;

impl Callers {
    /// Nobody yet; `random` is to be known to nobody.
    #[must_use]
    pub fn new(random: [u8; 16]) -> Self {
        Self { read: RwLock::default(), tag_key: random }
    }

    /// Reads who there is, and notes who has called since the last time. A token that was revoked is good for nothing from here on.
    ///
    /// # Errors
    /// It cannot be read or written; then what was read before goes on to hold.
    pub fn refresh(&self, state: &dyn State) -> Result<(), StoreError> {
        let tokens = state.tokens()?;
        let good = tokens.iter().filter(|token| token.revoked.is_none());
        let by_digest = good.map(|token| (token.digest, Arc::new(Known::of(token)))).collect();
        let read = Read { by_digest, by_tag: HashMap::new() };
        let before = std::mem::replace(&mut *self.read.write().unwrap_or_else(PoisonError::into_inner), read);
        let before = before.by_digest.into_values();
        let used: Vec<(String, Timestamp)> =
            before.filter_map(|known| Some((known.caller.id.clone(), known.used()?))).collect();
        if used.is_empty() { Ok(()) } else { state.tokens_used(&used) }
    }

    /// Whose secret it is; nobody's, where there is no such token, or it has expired or was revoked.
    #[must_use]
    pub fn by_secret(&self, secret: &str, now: Timestamp) -> Option<Arc<Caller>> {
        let Known { caller, used } = &*self.known(secret)?;
        if caller.expires.is_some_and(|expires| expires <= now) {
            return None;
        }
        // To the second, so that threads that answer the same caller seldom write where others read.
        if now.as_microsecond().saturating_sub(used.load(Ordering::Relaxed)) >= USED_EVERY {
            used.store(now.as_microsecond(), Ordering::Relaxed);
        }
        Some(Arc::clone(caller))
    }

    fn known(&self, secret: &str) -> Option<Arc<Known>> {
        let tag = SipHasher24::new_with_key(&self.tag_key).hash(secret.as_bytes()).as_u128();
        let read = || self.read.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = read().by_tag.get(&tag) {
            return Some(Arc::clone(known));
        }
        let digest = digest(secret);
        // Whoever guesses keeps nobody waiting.
        read().by_digest.get(&digest)?;
        let mut read = self.read.write().unwrap_or_else(PoisonError::into_inner);
        let known = Arc::clone(read.by_digest.get(&digest)?);
        read.by_tag.insert(tag, Arc::clone(&known));
        Some(known)
    }
}

impl Known {
    fn of(token: &Token) -> Self {
        Self { caller: Arc::new(Caller::of(token)), used: AtomicI64::new(NOT_USED) }
    }

    fn used(&self) -> Option<Timestamp> {
        let used = self.used.load(Ordering::Relaxed);
        Some(used).filter(|used| *used != NOT_USED).and_then(|used| Timestamp::from_microsecond(used).ok())
    }
}

#[cfg(test)]
mod tests {
    use nattoku_store::{OpenMode, Place, SeededRandomness, Settings, SqliteStore, Store as _};

    use super::*;

    /// A state of its own, with the folder it is in.
    fn state(name: &str) -> (Box<dyn State>, std::path::PathBuf) {
        let folder = std::env::temp_dir().join(format!("nattoku-callers-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("ledger.sqlite");
        let store = SqliteStore::open(&path, OpenMode::Create, SeededRandomness::new(1)).unwrap();
        let state = Place::Sqlite(path).open_state(store.ledger_id().unwrap(), Settings::default()).unwrap();
        (state, folder)
    }

    fn at(text: &str) -> Timestamp {
        format!("2026-01-01T{text}Z").parse().unwrap()
    }

    fn token(id: &str, secret: &Secret, applications: &[&str], acts: &[&str]) -> Token {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Token {
            id: id.to_owned(),
            digest: secret.digest(),
            applications: owned(applications),
            acts: owned(acts),
            note: String::new(),
            created: at("00:00:00"),
            expires: None,
            revoked: None,
            last_used: None,
        }
    }

    #[test]
    fn a_secret_is_known_for_what_it_is_and_shown_by_nothing() {
        let secret = Secret::of(&[0xab; 32]);
        assert_eq!(secret.reveal(), format!("nattoku_{}", "ab".repeat(32)));
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_ne!(secret.digest(), Secret::of(&[0xac; 32]).digest());
    }

    #[test]
    fn an_act_has_a_name_of_its_own() {
        for act in CallerAct::ALL {
            assert_eq!(CallerAct::named(act.as_str()), Ok(act));
        }
        assert_eq!(CallerAct::named("decides"), Err(Some("decide")));
        assert_eq!(CallerAct::named("zzzzzzzz"), Err(None));
    }

    #[test]
    fn a_caller_asks_as_its_applications() {
        let secret = Secret::of(&[1; 32]);
        let of =
            |applications: &[&str]| Caller::of(&token("t", &secret, applications, &["decide", "of_later"]));
        let one = of(&["shop"]);
        assert!(one.is("shop") && !one.is("desk") && !one.is("") && !one.is("*"));
        assert_eq!(one.application(), Some("shop"));
        let several = of(&["shop", "desk"]);
        assert!(several.is("desk"));
        assert_eq!(several.application(), None);
        let every = of(&["*"]);
        assert!(every.is("anything"));
        assert_eq!(every.application(), None);
        assert!(!of(&[]).is("shop"));
        // An act that is not known allows nothing.
        assert!(one.may(CallerAct::Decide));
        assert!(CallerAct::ALL.into_iter().filter(|act| *act != CallerAct::Decide).all(|act| !one.may(act)));
    }

    #[test]
    fn who_is_read_may_call_until_they_may_not() {
        let (state, folder) = state("read");
        let (first, second) = (Secret::of(&[1; 32]), Secret::of(&[2; 32]));
        let callers = Callers::new([0; 16]);
        let known = |secret: &Secret, now: &str| {
            callers.by_secret(secret.reveal(), at(now)).map(|caller| caller.id.clone())
        };
        state.add_token(&token("first", &first, &["*"], &["decide"])).unwrap();
        assert_eq!(known(&first, "01:00:00"), None, "not read yet");
        callers.refresh(&*state).unwrap();
        let expires = Some(at("02:00:00"));
        state.add_token(&Token { expires, ..token("second", &second, &["*"], &["decide"]) }).unwrap();
        callers.refresh(&*state).unwrap();
        assert_eq!(known(&first, "01:00:00").as_deref(), Some("first"));
        assert_eq!(known(&second, "01:59:59").as_deref(), Some("second"));
        assert_eq!(known(&second, "02:00:00"), None, "from then on it is not to be taken");
        for wrong in ["", "nattoku_", "first", &first.reveal().to_uppercase()] {
            assert_eq!(callers.by_secret(wrong, at("01:00:00")), None, "{wrong}");
        }
        state.revoke_token("first", at("01:30:00")).unwrap();
        assert_eq!(known(&first, "01:30:00").as_deref(), Some("first"), "not read yet");
        callers.refresh(&*state).unwrap();
        assert_eq!(known(&first, "01:30:00"), None);
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn it_is_noted_when_each_has_called_last() {
        let (state, folder) = state("used");
        let secret = Secret::of(&[1; 32]);
        let callers = Callers::new([0; 16]);
        state.add_token(&token("first", &secret, &["*"], &[])).unwrap();
        callers.refresh(&*state).unwrap();
        let last = || state.token("first").unwrap().unwrap().last_used;
        callers.by_secret(secret.reveal(), at("01:00:00")).unwrap();
        callers.by_secret(secret.reveal(), at("01:00:01")).unwrap();
        assert_eq!(last(), None, "it is noted when it is read anew, and not at every call");
        callers.refresh(&*state).unwrap();
        assert_eq!(last(), Some(at("01:00:01")));
        callers.refresh(&*state).unwrap();
        assert_eq!(last(), Some(at("01:00:01")));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
