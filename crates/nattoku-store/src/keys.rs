//! A ledger's keys, in a place of their own: what seals and opens, and what is destroyed to erase.
//!
//! The place is a file named as the ledger with `.keys` after it, or the schema `nattoku_keys` of the ledger's database. What
//! lies there is sealed by group keys, and these are wrapped by a key-encryption key that is kept elsewhere and asked when a
//! group is first met, never for every event.
//! Unwrapped keys stay in memory that is wiped when they are dropped. `docs/reference/ledger-format.md` has the bytes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hashlink::LruCache;
use nattoku_seal::{Group, KekError, Key, KeyEncryptionKey, Kind, Nonce, Place, PrincipalKeys, SealingKey};
use zeroize::Zeroizing;

use crate::error::StoreError;
pub(crate) use crate::random::Shared;
use crate::transfer::Identity;

mod file;
mod groups;
mod open;
mod place;
mod prepare;
mod rotate;
mod schema;
mod tombstones;

pub(crate) use open::{Absent, Of, Opening, no_kek};
use place::KeyPlace;
pub(crate) use place::{WrappedGroup, WrappedKeys};
pub(crate) use prepare::Prepared;
pub use rotate::Rotated;
pub(crate) use tombstones::{Tombstone, Unburied};

/// Most principals whose keys are remembered.
const REMEMBERED_MAX: usize = 200_000;

/// For how many new principals each group is asked for by itself; for more, all are asked for at once.
const GROUPS_ASKED_SINGLY: usize = 64;

/// Which key-encryption key a ledger's keys rest on.
#[derive(Debug, Clone, Default)]
pub enum Kek {
    /// The one in a file beside the ledger, named as it with `.kek` after it. It is made with the ledger.
    #[default]
    Beside,
    /// One that is kept elsewhere.
    Given(Arc<dyn KeyEncryptionKey>),
}

/// The keys of one ledger. Shared by reference between threads.
pub(crate) struct Keyring {
    /// Where they lie, for people.
    shown: String,
    ledger: [u8; 16],
    kek: Arc<dyn KeyEncryptionKey>,
    index: Key,
    event_ids: Key,
    randomness: Shared,
    state: Mutex<State>,
}

/// Where the keys lie, and what was unwrapped lately.
struct State {
    place: Box<dyn KeyPlace>,
    groups: HashMap<Group, SealingKey>,
    /// The first that came is forgotten first: to note a use writes to its neighbors too.
    principals: LruCache<[u8; 16], Arc<PrincipalKeys>>,
    /// What tells whether the keys of groups may have been rotated since; none while nobody asked.
    stamp: Option<Vec<u8>>,
}

impl Keyring {
    /// The path of the key file of the ledger at a path.
    pub(crate) fn path_beside(ledger: &Path) -> PathBuf {
        with_suffix(ledger, ".keys")
    }

    /// The path of the file of the key-encryption key of the ledger at a path, where none is given.
    pub(crate) fn kek_path_beside(ledger: &Path) -> PathBuf {
        with_suffix(ledger, ".kek")
    }

    /// The ledger whose keys these are.
    pub(crate) const fn ledger(&self) -> [u8; 16] {
        self.ledger
    }

    /// What an identifier is found by.
    pub(crate) fn lookup(&self, identifier: &str) -> [u8; 16] {
        nattoku_seal::blind_index(&self.index, identifier)
    }

    /// What the sessions of a principal are found by.
    pub(crate) fn session_owner(&self, principal: &[u8; 16]) -> [u8; 16] {
        nattoku_seal::session_owner(&self.index, principal)
    }

    /// The key of derived event ids.
    pub(crate) fn event_id_key(&self) -> [u8; 32] {
        *self.event_ids.bytes()
    }

    /// The keys of a principal; none where they are destroyed.
    ///
    /// # Errors
    /// Neither keys nor a tombstone are there, or they do not open.
    pub(crate) fn of(&self, id: &[u8; 16]) -> Result<Option<Arc<PrincipalKeys>>, StoreError> {
        let state = &mut *self.state();
        if let Some(keys) = state.principals.peek(id) {
            return Ok(Some(Arc::clone(keys)));
        }
        let Some((_, wrapped)) = state.place.principals(&[*id])?.pop() else {
            return if state.place.has_tombstone(id)? { Ok(None) } else { Err(no_keys(&self.shown)) };
        };
        self.unwrap(state, *id, &wrapped).map(Some)
    }

    /// The key of the commitments to a principal's payloads; none where it is destroyed.
    pub(crate) fn commitment_key(&self, id: &[u8; 16]) -> Result<Option<[u8; 32]>, StoreError> {
        Ok(self.of(id)?.map(|keys| *keys.commitment_key().bytes()))
    }

    /// Remembers the keys of principals who are about to be read, all asked for at once.
    pub(crate) fn expect(&self, ids: impl Iterator<Item = [u8; 16]>) -> Result<(), StoreError> {
        let state = &mut *self.state();
        let mut unknown: Vec<_> = ids.filter(|id| !state.principals.contains_key(id)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        if unknown.is_empty() {
            return Ok(());
        }
        for (id, wrapped) in state.place.principals(&unknown)? {
            self.unwrap(state, id, &wrapped)?;
        }
        Ok(())
    }

    fn unwrap(
        &self,
        state: &mut State,
        id: [u8; 16],
        wrapped: &[u8],
    ) -> Result<Arc<PrincipalKeys>, StoreError> {
        let version = SealingKey::version_of(wrapped);
        let group = self.group(state, Group::of(&id), version)?;
        let keys = PrincipalKeys::unwrap(&group, self.ledger, id, wrapped).map_err(|error| {
            StoreError::Corrupt { what: format!("a principal's keys in {} do not open: {error}", self.shown) }
        })?;
        Ok(remember(state, id, Arc::new(keys)))
    }

    /// Makes the keys of new principals, with the commitment keys they have, and returns when they are on disk.
    pub(crate) fn add(&self, new: &[([u8; 16], [u8; 32])]) -> Result<(), StoreError> {
        if new.is_empty() {
            return Ok(());
        }
        let state = &mut *self.state();
        in_transaction(state, |state| {
            let mut wrapped = Vec::with_capacity(new.len());
            let mut groups = HashMap::new();
            if new.len() > GROUPS_ASKED_SINGLY {
                let stored = state.place.groups()?;
                groups.extend(stored.into_iter().map(|(number, version, _)| (number, version)));
            }
            for (id, commitment) in new {
                let keys = PrincipalKeys::new(self.random_key()?, Key::new(*commitment));
                let group = Group::of(id);
                let group = match groups.get(&group.number()) {
                    Some(version) => self.group(state, group, Some(*version))?,
                    None => self.group_or_new(state, group)?,
                };
                groups.insert(Group::of(id).number(), group.version());
                wrapped.push((*id, keys.wrap(&group, self.ledger, *id, &self.nonce()?)));
                remember(state, *id, Arc::new(keys));
            }
            state.place.put_principals(&wrapped)
        })
    }

    /// Ends what has been begun, where a call panicked. Whoever else changes keys has not begun while this looks.
    pub(crate) fn break_off(&self) {
        break_off(&mut self.state());
    }

    /// Takes in keys of a ledger that arrives, as they lay where it came from.
    pub(crate) fn adopt(
        &self,
        groups: &[WrappedGroup],
        principals: &[WrappedKeys],
        tombstones: &[Tombstone],
    ) -> Result<(), StoreError> {
        let state = &mut *self.state();
        in_transaction(state, |state| {
            for (number, version, wrapped) in groups {
                state.place.put_group(*number, *version, wrapped)?;
            }
            state.place.put_principals(principals)?;
            let live: Vec<_> = tombstones.iter().map(|stone| (stone.id, stone.live_at)).collect();
            state.place.bury(&live)?;
            for stone in tombstones {
                if let Some(at) = stone.everywhere_at {
                    state.place.bury_everywhere(&[stone.id], at)?;
                }
            }
            Ok(())
        })
    }

    /// The keys of the whole ledger as they lie, and the id of what wraps them: for whoever moves the ledger.
    pub(crate) fn identity(&self) -> Result<Identity, StoreError> {
        let state = &mut *self.state();
        let mut secret = |kind: Kind| {
            state.place.secret(kind.byte())?.ok_or_else(|| StoreError::Corrupt {
                what: format!("{} lacks a key of the ledger", self.shown),
            })
        };
        let (index_key, id_key) = (secret(Kind::IndexKey)?, secret(Kind::EventIdKey)?);
        Ok(Identity { ledger_id: self.ledger, kek: self.kek.id(), index_key, id_key })
    }

    /// The keys of all groups as they lie.
    pub(crate) fn wrapped_groups(&self) -> Result<Vec<WrappedGroup>, StoreError> {
        self.state().place.groups()
    }

    /// The keys of those of some principals who have any, as they lie.
    pub(crate) fn wrapped_principals(&self, ids: &[[u8; 16]]) -> Result<Vec<WrappedKeys>, StoreError> {
        self.state().place.principals(ids)
    }

    /// Seals the payload of an event.
    pub(crate) fn seal_payload(
        &self,
        id: &[u8; 16],
        revision: u64,
        payload: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        let place = Place::payload(self.ledger, *id, revision);
        self.seal(id, &place, payload)
    }

    /// Opens the payload of an event; none where the principal is erased.
    pub(crate) fn open_payload(
        &self,
        id: &[u8; 16],
        revision: u64,
        sealed: &[u8],
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(keys) = self.of(id)? else { return Ok(None) };
        self.open_payload_by(&keys, id, revision, sealed).map(|payload| Some(payload.to_vec()))
    }

    /// The same by keys that are at hand.
    pub(crate) fn open_payload_by(
        &self,
        keys: &PrincipalKeys,
        id: &[u8; 16],
        revision: u64,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let place = Place::payload(self.ledger, *id, revision);
        keys.sealing().open(&place, sealed).map_err(|error| StoreError::Corrupt {
            what: format!("revision {revision}: its personal part does not open: {error}"),
        })
    }

    /// Seals an identifier.
    pub(crate) fn seal_identifier(&self, id: &[u8; 16], identifier: &str) -> Result<Vec<u8>, StoreError> {
        self.seal(id, &Place::identifier(self.ledger, *id), identifier.as_bytes())
    }

    /// Opens an identifier; none where the principal is erased.
    pub(crate) fn open_identifier(&self, id: &[u8; 16], sealed: &[u8]) -> Result<Option<String>, StoreError> {
        let Some(keys) = self.of(id)? else { return Ok(None) };
        let opened = keys.sealing().open(&Place::identifier(self.ledger, *id), sealed);
        let text = opened
            .map_err(|error| error.to_string())
            .and_then(|bytes| String::from_utf8(bytes.to_vec()).map_err(|_| "it is no text".to_owned()));
        text.map(Some).map_err(|why| StoreError::Corrupt {
            what: format!("the identifier of a principal does not open: {why}"),
        })
    }

    fn seal(&self, id: &[u8; 16], place: &Place, text: &[u8]) -> Result<Vec<u8>, StoreError> {
        let keys = self.of(id)?.ok_or_else(|| no_keys(&self.shown))?;
        self.seal_by(&keys, place, text)
    }

    fn seal_by(&self, keys: &PrincipalKeys, place: &Place, text: &[u8]) -> Result<Vec<u8>, StoreError> {
        Ok(keys.sealing().seal(place, &self.nonce()?, text))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn place(&self, kind: Kind, number: u64) -> Place {
        Place { kind, ledger: self.ledger, subject: self.kek.id(), number }
    }

    fn nonce(&self) -> Result<Nonce, StoreError> {
        let mut nonce = [0; 12];
        fill(&self.randomness, &mut nonce)?;
        Ok(nonce)
    }

    fn random_key(&self) -> Result<Key, StoreError> {
        random_key(&self.randomness)
    }
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keyring")
            .field("shown", &self.shown)
            .field("kek", &self.kek.name())
            .finish_non_exhaustive()
    }
}

/// Runs `write` in one transaction that keeps other writers out, and returns when it is on disk. What was remembered of
/// one that failed is forgotten.
fn in_transaction<T>(
    state: &mut State,
    write: impl FnOnce(&mut State) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let begun = state.place.begin();
    let written = begun.and_then(|()| write(state)).and_then(|written| {
        state.place.commit()?;
        Ok(written)
    });
    if written.is_err() {
        break_off(state);
    }
    written
}

fn break_off(state: &mut State) {
    state.principals.clear();
    state.groups.clear();
    state.stamp = None;
    state.place.rollback();
}

fn remember(state: &mut State, id: [u8; 16], keys: Arc<PrincipalKeys>) -> Arc<PrincipalKeys> {
    state.principals.insert(id, Arc::clone(&keys));
    keys
}

fn fill(randomness: &Shared, bytes: &mut [u8]) -> Result<(), StoreError> {
    Ok(randomness.lock().unwrap_or_else(PoisonError::into_inner).fill(bytes)?)
}

fn random_key(randomness: &Shared) -> Result<Key, StoreError> {
    let mut bytes = Zeroizing::new([0; 32]);
    fill(randomness, &mut *bytes)?;
    Ok(Key::new(*bytes))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn no_keys(shown: &str) -> StoreError {
    StoreError::Keys(KekError::new(
        format!(
            "鍵ファイル {shown} に、台帳にいる本人の鍵がありません。新しい控えの鍵ファイルに戻してください"
        ),
        format!(
            "the key file `{shown}` lacks the keys of a principal of the ledger; put the newest copy of the key file back"
        ),
    ))
}
