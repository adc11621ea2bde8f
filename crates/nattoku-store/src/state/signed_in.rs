//! Who is signed in, sealed by the secret that only the browser keeps: whoever reads the state learns of nobody that they are.

use std::fmt;

use jiff::Timestamp;
use nattoku_seal::{Key, Kind, Nonce, Place, SealingKey};
use sha2::{Digest, Sha256};

use crate::decode::instant;
use crate::error::StoreError;

/// A session of a person.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Whose it is.
    pub principal: String,
    /// The ledger's id of them: whoever is registered under the same identifier after they were erased is somebody else.
    pub id: [u8; 16],
    /// The provider's word by which it was begun, which the provider wants back when it is to end there too.
    pub id_token: Option<String>,
    /// When the person showed who they are, by a link or at the provider, where that was told.
    pub proved: Option<Timestamp>,
    /// When it was begun.
    pub opened: Timestamp,
    /// When something was asked in it last, as far as was noted.
    pub seen: Timestamp,
}

/// A session, as whoever it belongs to is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSession {
    /// What it is called: nobody gets its secret from that.
    pub number: [u8; 32],
    /// Whether it was begun by the word of a provider.
    pub is_by_provider: bool,
    /// When it was begun.
    pub opened: Timestamp,
    /// When something was asked in it last, as far as was noted.
    pub seen: Timestamp,
}

/// What the session of a secret is called.
#[must_use]
pub fn session_number(secret: &[u8; 32]) -> [u8; 32] {
    Sha256::digest(secret).into()
}

/// Neither of whom it is nor the provider's word, which is a token.
impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedIn")
            .field("opened", &self.opened)
            .field("seen", &self.seen)
            .finish_non_exhaustive()
    }
}

/// A session as it is kept.
pub(super) struct Kept {
    /// SHA-256 of its secret.
    pub(super) digest: [u8; 32],
    pub(super) sealed: Vec<u8>,
    /// In microseconds.
    pub(super) opened: i64,
    /// In microseconds.
    pub(super) seen: i64,
    /// In microseconds.
    pub(super) proved: Option<i64>,
}

/// What tells of the same session to whoever it belongs to.
pub(super) struct KeptSignIn {
    pub(super) owner: [u8; 16],
    pub(super) is_by_provider: bool,
}

/// A secret seals one text in its life: with a nonce that is always the same, nothing is sealed twice under it.
const NONCE: Nonce = [0; 12];

impl Kept {
    pub(super) fn of(ledger: [u8; 16], secret: &[u8; 32], session: &SignedIn) -> Self {
        let digest = session_number(secret);
        let text = serde_json::json!([session.principal, session.id, session.id_token]).to_string();
        Self {
            digest,
            sealed: key(secret).seal(&place(ledger, &digest), &NONCE, text.as_bytes()),
            opened: session.opened.as_microsecond(),
            seen: session.seen.as_microsecond(),
            proved: session.proved.map(Timestamp::as_microsecond),
        }
    }

    pub(super) fn open(&self, ledger: [u8; 16], secret: &[u8; 32]) -> Result<SignedIn, StoreError> {
        let corrupt = |why: String| StoreError::Corrupt { what: format!("a session: {why}") };
        let text = key(secret)
            .open(&place(ledger, &self.digest), &self.sealed)
            .map_err(|error| corrupt(error.to_string()))?;
        let (principal, id, id_token) =
            serde_json::from_slice(&text).map_err(|_| corrupt("what is sealed cannot be read".to_owned()))?;
        let (opened, seen) = (instant(self.opened)?, instant(self.seen)?);
        let proved = self.proved.map(instant).transpose()?;
        Ok(SignedIn { principal, id, id_token, proved, opened, seen })
    }
}

impl KeptSignIn {
    pub(super) const fn of(owner: &[u8; 16], session: &SignedIn) -> Self {
        Self { owner: *owner, is_by_provider: session.id_token.is_some() }
    }
}

fn key(secret: &[u8; 32]) -> SealingKey {
    SealingKey::new(&Key::new(*secret), 1)
}

fn place(ledger: [u8; 16], digest: &[u8; 32]) -> Place {
    let mut subject = [0; 16];
    subject.iter_mut().zip(digest).for_each(|(to, from)| *to = *from);
    Place { kind: Kind::Session, ledger, subject, number: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_secret_opens_it_and_nothing_shows_it() {
        let at = Timestamp::UNIX_EPOCH;
        let session = SignedIn {
            principal: "sakura".to_owned(),
            id: [5; 16],
            id_token: Some("word".to_owned()),
            proved: Some(at),
            opened: at,
            seen: at,
        };
        let kept = Kept::of([1; 16], &[2; 32], &session);
        assert_eq!(kept.open([1; 16], &[2; 32]).unwrap(), session);
        assert!(kept.open([1; 16], &[3; 32]).is_err());
        assert!(kept.open([2; 16], &[2; 32]).is_err());
        let holds = |text: &str| kept.sealed.windows(text.len()).any(|bytes| bytes == text.as_bytes());
        assert!(!holds("sakura") && !holds("word"));
        let shown = format!("{session:?}");
        assert!(!shown.contains("sakura") && !shown.contains("word"), "{shown}");
    }
}
