//! Keys are made with a ledger, opened with it, and held against it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hashlink::LruCache;
use nattoku_kek::FileKek;
use nattoku_seal::{KekError, Key, KeyEncryptionKey, Kind, Place};

use super::file::KeyFile;
use super::place::KeyPlace;
use super::schema::KeySchema;
use super::{Kek, Keyring, REMEMBERED_MAX, Shared, State, fill, random_key};
use crate::error::StoreError;
use crate::postgres::Address;
use crate::transfer::Identity;

/// What may be done about keys that are not there.
#[derive(Debug)]
pub(crate) enum Absent<'a> {
    /// Make them, with these bytes as the key of event ids where there was one.
    Make(Option<[u8; 32]>),
    /// Make room for those of a ledger that arrives.
    Arrive(&'a Identity),
    /// Refuse: the ledger has principals, whose keys cannot be made anew.
    Refuse,
}

/// Where a ledger is, and so where its keys are.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Of<'a> {
    File(&'a Path),
    Database(&'a Address),
}

/// How keys are to be opened.
pub(crate) struct Opening<'a> {
    pub(crate) of: Of<'a>,
    pub(crate) ledger: [u8; 16],
    pub(crate) kek: &'a Kek,
    pub(crate) absent: Absent<'a>,
    pub(crate) is_read_only: bool,
    pub(crate) wait_for_lock_max: Duration,
    pub(crate) randomness: Shared,
}

impl Keyring {
    /// Opens the keys of a ledger, or makes them.
    pub(crate) fn open(opening: Opening<'_>) -> Result<Self, StoreError> {
        let may_make = !matches!(opening.absent, Absent::Refuse);
        if let (Of::Database(_), Kek::Beside) = (opening.of, opening.kek) {
            return Err(no_kek());
        }
        let (place, is_new) = find(&opening, may_make)?;
        let kek = kek(&opening, is_new)?;
        if let Absent::Arrive(identity) = opening.absent
            && identity.kek != kek.id()
        {
            return Err(other_kek(&kek.name()));
        }
        let mut place = place;
        if is_new {
            make(place, &opening, kek.as_ref())?;
            // A file gets its log once it has tables.
            place = find(&opening, may_make)?.0;
        }
        whether_ours(place.as_mut(), &opening, kek.as_ref())?;
        let of_kind = |kind| Place { kind, ledger: opening.ledger, subject: kek.id(), number: 0 };
        let mut secret = |kind: Kind| -> Result<Key, StoreError> {
            let wrapped = place.secret(kind.byte())?.ok_or_else(|| StoreError::Corrupt {
                what: format!("{} lacks a key of the ledger", place.shown()),
            })?;
            Ok(kek.unwrap(&of_kind(kind), &wrapped)?)
        };
        let (index, event_ids) = (secret(Kind::IndexKey)?, secret(Kind::EventIdKey)?);
        let shown = place.shown();
        let state =
            State { place, groups: HashMap::new(), principals: LruCache::new(REMEMBERED_MAX), stamp: None };
        let (ledger, randomness) = (opening.ledger, opening.randomness);
        Ok(Self { shown, ledger, kek, index, event_ids, randomness, state: Mutex::new(state) })
    }

    /// Copies the key file of a ledger that is in a file, while it is in use.
    pub(crate) fn copy(ledger: &Path, copy: &Path) -> Result<(), StoreError> {
        KeyFile::copy_to(&Self::path_beside(ledger), copy)
    }
}

/// Where the keys lie, and whether there are none yet.
fn find(opening: &Opening<'_>, may_make: bool) -> Result<(Box<dyn KeyPlace>, bool), StoreError> {
    let (place, is_new): (Box<dyn KeyPlace>, bool) = match opening.of {
        Of::File(ledger) => {
            let path = Keyring::path_beside(ledger);
            let shown = path.display().to_string();
            let opened = KeyFile::open(path, may_make, opening.is_read_only, opening.wait_for_lock_max)?;
            let (file, is_new) = opened.ok_or_else(|| missing(&shown))?;
            (Box::new(file), is_new)
        }
        Of::Database(address) => {
            let (schema, is_new) = KeySchema::open(address)?;
            (Box::new(schema), is_new)
        }
    };
    if is_new && !may_make { Err(missing(&place.shown())) } else { Ok((place, is_new)) }
}

/// The key-encryption key, made now where it is to lie beside a ledger whose keys are made now.
fn kek(opening: &Opening<'_>, is_new: bool) -> Result<Arc<dyn KeyEncryptionKey>, StoreError> {
    let ledger = match (opening.kek, opening.of) {
        (Kek::Given(kek), _) => return Ok(Arc::clone(kek)),
        (Kek::Beside, Of::File(ledger)) => ledger,
        (Kek::Beside, Of::Database(_)) => return Err(no_kek()),
    };
    let path = Keyring::kek_path_beside(ledger);
    if let (true, false, Absent::Make(_)) = (is_new, path.exists(), &opening.absent) {
        let mut id = [0; 16];
        fill(&opening.randomness, &mut id)?;
        let made = FileKek::create(&path, id, random_key(&opening.randomness)?);
        // Where somebody else was quicker, theirs is as good.
        if let (Err(error), false) = (made, path.exists()) {
            return Err(error.into());
        }
    }
    Ok(Arc::new(FileKek::open(path)?))
}

/// Makes the tables, and the keys of the whole ledger.
fn make(
    mut place: Box<dyn KeyPlace>,
    opening: &Opening<'_>,
    kek: &dyn KeyEncryptionKey,
) -> Result<(), StoreError> {
    place.begin()?;
    let made = place.make(opening.ledger, kek.id()).and_then(|is_made| {
        if !is_made {
            // Somebody else was quicker.
            return Ok(());
        }
        if let Absent::Arrive(identity) = opening.absent {
            place.put_secret(Kind::IndexKey.byte(), &identity.index_key)?;
            return place.put_secret(Kind::EventIdKey.byte(), &identity.id_key);
        }
        let event_ids = match opening.absent {
            Absent::Make(Some(before)) => Key::new(before),
            _ => random_key(&opening.randomness)?,
        };
        let index = random_key(&opening.randomness)?;
        for (kind, key) in [(Kind::IndexKey, index), (Kind::EventIdKey, event_ids)] {
            let at = Place { kind, ledger: opening.ledger, subject: kek.id(), number: 0 };
            let mut nonce = [0; 12];
            fill(&opening.randomness, &mut nonce)?;
            place.put_secret(kind.byte(), &kek.wrap(&at, &nonce, &key)?)?;
        }
        Ok(())
    });
    match made.and_then(|()| place.commit()) {
        Ok(()) => Ok(()),
        Err(error) => {
            place.rollback();
            Err(error)
        }
    }
}

/// Whether these are the keys of this ledger, and rest on this key-encryption key.
fn whether_ours(
    place: &mut dyn KeyPlace,
    opening: &Opening<'_>,
    kek: &dyn KeyEncryptionKey,
) -> Result<(), StoreError> {
    let (ledger, wanted) = place.owner()?;
    let shown = place.shown();
    if ledger != Some(opening.ledger) {
        return Err(StoreError::Keys(KekError::new(
            format!("鍵ファイル {shown} は別の台帳のものです。この台帳の鍵ファイルを置いてください"),
            format!("the key file `{shown}` is of another ledger; put the key file of this ledger there"),
        )));
    }
    if wanted != Some(kek.id()) {
        let name = kek.name();
        return Err(StoreError::Keys(KekError::new(
            format!(
                "鍵ファイル {shown} は、鍵暗号化鍵 {name} で包まれていません。設定の `[keys] kek` を確かめてください"
            ),
            format!(
                "the key file `{shown}` does not rest on the key-encryption key `{name}`; check `kek` under `[keys]` in nattoku.toml"
            ),
        )));
    }
    Ok(())
}

fn missing(shown: &str) -> StoreError {
    StoreError::Keys(KekError::new(
        format!(
            "鍵ファイル {shown} がありません。控えから戻してください。これがなければ、台帳の封をした部分は開けません"
        ),
        format!(
            "the key file `{shown}` is missing; put its copy back: without it nothing sealed in the ledger opens"
        ),
    ))
}

/// A ledger in a database was to be opened without a key-encryption key that is kept somewhere.
pub(crate) fn no_kek() -> StoreError {
    StoreError::Keys(KekError::new(
        "PostgreSQLの台帳には、鍵暗号化鍵を置く場所の設定が必要です。\
         `nattoku ledger sealing create file:/etc/nattoku/ledger.kek` で作り、`nattoku.toml` の `[keys] kek` か \
         環境変数 NATTOKU_KEK にその名前を書いてください",
        "a ledger in PostgreSQL needs to be told where its key-encryption key is kept: make one by \
         `nattoku ledger sealing create file:/etc/nattoku/ledger.kek`, and name it as `kek` under `[keys]` in \
         nattoku.toml or in NATTOKU_KEK",
    ))
}

fn other_kek(name: &str) -> StoreError {
    StoreError::Keys(KekError::new(
        format!(
            "この台帳の鍵は、鍵暗号化鍵 {name} ではないもので包まれています。書き出した台帳の鍵暗号化鍵を設定の `[keys] kek` か \
             NATTOKU_KEK に書いてください"
        ),
        format!(
            "the keys of the ledger that arrives do not rest on the key-encryption key `{name}`; name the one of the ledger \
             that was exported, as `kek` under `[keys]` in nattoku.toml or in NATTOKU_KEK"
        ),
    ))
}
