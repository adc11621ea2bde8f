//! Which policy is in force, where the ledger says so: by its newest `policy_published` (G4).
//!
//! The event stands in the one order in which consents stand, so that a revision is one policy and one state. It names the policy by the
//! digest of all its files; the files themselves lie in the deployment's state, where every node finds them.

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use nattoku_model::Language;
use nattoku_model::event::{Event, Recorded, Revision};
use nattoku_model::name::VersionName;
use nattoku_policy::check::check_without_scenarios;
use nattoku_policy::diagnostic::Words;
use nattoku_policy::digest;
use nattoku_policy::source::Source;
use nattoku_store::{KeptPolicy, NewEvent, State, Store, StoreError};

use crate::append::check_event;
use crate::error::OperationError;
use crate::nattoku::Nattoku;
use crate::publication::Publication;

/// What a digest is written with in an event.
const SHA256: &str = "sha256:";

/// A policy that was put in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForceFrom {
    /// From which revision.
    pub revision: Revision,
    /// When the ledger took that in.
    pub recorded_at: Timestamp,
    /// The version that is the current one by it.
    pub version: VersionName,
    /// What its files come to: SHA-256 in hexadecimal.
    pub digest: String,
}

/// A policy of which there is no text that could be used.
#[derive(Debug, thiserror::Error)]
pub enum UnusablePolicy {
    /// There is none.
    #[error("this ledger has put no policy in force yet")]
    NonePutInForce,
    /// No text is kept of it.
    #[error("of the policy sha256:{0} no text is kept")]
    NotKept(String),
    /// What is kept is not what it was.
    #[error("what is kept as the policy sha256:{0} is not that policy any more")]
    Altered(String),
    /// This program finds errors in it.
    #[error("this program finds errors in the policy sha256:{0}")]
    Broken(String),
    /// The ledger or the state cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl UnusablePolicy {
    /// The sentence for a person.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        match (self, language) {
            (Self::Store(error), language) => error.message(language),
            (_, Language::En) => self.to_string(),
            (Self::NonePutInForce, Language::Ja) => {
                "この台帳では、まだどのポリシーも有効になっていません".to_owned()
            }
            (Self::NotKept(digest), Language::Ja) => {
                format!("ポリシー sha256:{digest} の本文が保管されていません")
            }
            (Self::Altered(digest), Language::Ja) => {
                format!(
                    "ポリシー sha256:{digest} として保管されているものが、そのポリシーではなくなっています"
                )
            }
            (Self::Broken(digest), Language::Ja) => {
                format!("このプログラムでは、ポリシー sha256:{digest} に誤りが見つかります")
            }
        }
    }

    /// How to mend it, where that is known.
    #[must_use]
    pub fn help(&self) -> Option<Words> {
        match self {
            Self::NonePutInForce => Some(Words::new(
                "nattoku policy activate フォルダー で有効にします",
                "`nattoku policy activate FOLDER` puts one in force",
            )),
            Self::NotKept(_) | Self::Altered(_) => Some(Words::new(
                "そのポリシーのフォルダーで nattoku policy activate フォルダー を実行すると、保管し直せます",
                "`nattoku policy activate FOLDER`, with the folder of that policy, keeps it again",
            )),
            Self::Broken(_) => Some(Words::new(
                "もっと新しい nattoku で確かめたポリシーなら、このプログラムを新しくしてください",
                "where a newer nattoku has checked it, this program is to be renewed first",
            )),
            Self::Store(_) => None,
        }
    }
}

/// What came of putting a policy in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PutInForce {
    /// It is, from this event on.
    Now(InForceFrom),
    /// It was already.
    Already(InForceFrom),
}

impl InForceFrom {
    /// Nothing, where an event does not put a policy in force: one that names no SHA-256 tells of a time before the ledger did.
    pub(crate) fn of(recorded: &Recorded) -> Option<Self> {
        let Event::PolicyPublished { version, digest } = &recorded.event else { return None };
        let digest = digest.strip_prefix(SHA256).unwrap_or(digest).to_owned();
        bytes_of(&digest)?;
        let (revision, recorded_at) = (recorded.revision, recorded.recorded_at);
        Some(Self { revision, recorded_at, version: version.clone(), digest })
    }
}

/// Every policy that a ledger has put in force up to a revision, oldest first.
///
/// # Errors
/// The ledger cannot be read.
pub fn activations(store: &dyn Store, until: Revision) -> Result<Vec<InForceFrom>, StoreError> {
    Ok(store.general_events(until)?.iter().filter_map(InForceFrom::of).collect())
}

/// The policy that a ledger has in force at a revision; nothing where it never put one in force.
///
/// # Errors
/// The ledger cannot be read.
pub fn in_force(store: &dyn Store, at: Revision) -> Result<Option<InForceFrom>, StoreError> {
    Ok(activations(store, at)?.pop())
}

/// The policy of a folder as it is kept.
#[must_use]
pub fn to_be_kept(sources: &[Source], kept: Timestamp) -> KeptPolicy {
    let mut files: Vec<_> =
        sources.iter().map(|source| (source.name.clone(), source.bytes.clone())).collect();
    files.sort_unstable();
    // A digest of ours is always 32 bytes in hexadecimal.
    let digest = bytes_of(&digest::of_all(sources)).unwrap_or_default();
    KeptPolicy { digest, kept, files }
}

/// What is published of the policy that a ledger has in force.
///
/// # Errors
/// There is none, no text of it is kept, or this program cannot use it.
pub fn published_in_force(store: &dyn Store, state: &dyn State) -> Result<Publication, UnusablePolicy> {
    let now = in_force(store, store.revision()?)?.ok_or(UnusablePolicy::NonePutInForce)?;
    kept_publication(state, &now.digest)
}

/// What is published of the policy that is kept under a digest.
///
/// # Errors
/// There is none, or this program cannot use it.
pub fn kept_publication(state: &dyn State, digest: &str) -> Result<Publication, UnusablePolicy> {
    let sources = kept_sources(state, digest)?;
    let checked = check_without_scenarios(&sources);
    Publication::of(&checked).ok_or_else(|| UnusablePolicy::Broken(digest.to_owned()))
}

/// The files of the policy that is kept under a digest.
///
/// # Errors
/// There is none, or it is another by now.
pub fn kept_sources(state: &dyn State, digest: &str) -> Result<Vec<Source>, UnusablePolicy> {
    let kept = bytes_of(digest).map(|bytes| state.policy(&bytes)).transpose()?.flatten();
    let kept = kept.ok_or_else(|| UnusablePolicy::NotKept(digest.to_owned()))?;
    let sources: Vec<Source> = kept.files.into_iter().map(|(path, bytes)| Source::new(path, bytes)).collect();
    if digest::of_all(&sources) == digest {
        Ok(sources)
    } else {
        Err(UnusablePolicy::Altered(digest.to_owned()))
    }
}

/// The bytes of a digest in hexadecimal, as it is written here.
pub(crate) fn bytes_of(digest: &str) -> Option<[u8; 32]> {
    HEXLOWER.decode(digest.as_bytes()).ok()?.try_into().ok()
}

/// A digest in hexadecimal.
#[must_use]
pub fn hexadecimal(digest: &[u8; 32]) -> String {
    HEXLOWER.encode(digest)
}

impl Nattoku {
    /// Whether the ledger has its policy in force.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn is_in_force(&self) -> Result<bool, StoreError> {
        let now = in_force(self.store.as_ref(), self.store.revision()?)?;
        Ok(now.is_some_and(|now| now.digest == self.publication().sources_digest()))
    }

    /// Puts its policy in force: from the event on by which that is done, each decision is of this policy, at every node.
    ///
    /// # Errors
    /// The ledger cannot be read or written.
    pub fn put_in_force(&self) -> Result<PutInForce, OperationError> {
        let digest = self.publication().sources_digest().to_owned();
        let before = in_force(self.store.as_ref(), self.store.revision()?)?;
        if let Some(already) = before.filter(|before| before.digest == digest) {
            return Ok(PutInForce::Already(already));
        }
        let version = self.policy().version.clone();
        let event = Event::PolicyPublished { version: version.clone(), digest: format!("{SHA256}{digest}") };
        check_event(self.versions(), &event).map_err(|refused| OperationError::Refused(refused.words))?;
        let at = self.after_all_recorded(self.store.last_recorded_at()?);
        let appended = self.append_at(&[NewEvent::general(at, event)], at)?;
        let appended = appended.first().ok_or(OperationError::Changed)?;
        let (revision, recorded_at) = (appended.revision, appended.recorded_at);
        Ok(PutInForce::Now(InForceFrom { revision, recorded_at, version, digest }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_64_digits_and_nothing_else() {
        let bytes: [u8; 32] = std::array::from_fn(|n| u8::try_from(n * 8).unwrap());
        assert_eq!(bytes_of(&hexadecimal(&bytes)), Some(bytes));
        for not in [
            "",
            "00",
            &"0".repeat(63),
            &"0".repeat(65),
            &"g".repeat(64),
            &"é".repeat(32),
            &"A".repeat(64),
            &"+1".repeat(32),
        ] {
            assert_eq!(bytes_of(not), None, "{not}");
        }
    }
}
