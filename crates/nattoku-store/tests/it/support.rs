//! Folders that vanish, stores in them, and events.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use jiff::Timestamp;
use nattoku_kek::FileKek;
use nattoku_seal::Key;
use nattoku_store::{Kek, NewEvent, OpenMode, SeededRandomness, Settings, SqliteStore, StoreError};

/// A folder of its own for one test, removed when it is dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        Self::under(&std::env::temp_dir())
    }

    /// A folder in memory where the system has files there, for what is written thousands of times.
    pub(crate) fn in_memory() -> Self {
        let memory = Path::new("/dev/shm");
        if memory.is_dir() { Self::under(memory) } else { Self::new() }
    }

    fn under(folder: &Path) -> Self {
        static N_FOLDERS: AtomicU32 = AtomicU32::new(0);
        let n = N_FOLDERS.fetch_add(1, Ordering::Relaxed);
        let folder = folder.join(format!("nattoku-store-files-{}-{n}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.0.join(file)
    }

    /// A new store in the folder, always with the same random bytes.
    pub(crate) fn store(&self) -> SqliteStore {
        open(&self.path("ledger.sqlite"), OpenMode::Create).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A key-encryption key in a file of a folder, the same in every folder.
pub(crate) fn kek_in(folder: &Path) -> Kek {
    let path = folder.join("nattoku.kek");
    // Where it is there already, it is this one.
    let _ = FileKek::create(&path, [0x4b; 16], Key::new([0x5c; 32]));
    Kek::Given(Arc::new(FileKek::open(path).unwrap()))
}

pub(crate) fn open(path: &Path, mode: OpenMode) -> Result<SqliteStore, StoreError> {
    SqliteStore::open(path, mode, SeededRandomness::new(1))
}

/// Opens a store that does not wait for locks.
pub(crate) fn open_impatient(path: &Path, pages_max: Option<u32>) -> Result<SqliteStore, StoreError> {
    let settings =
        Settings { wait_for_lock_max: std::time::Duration::from_millis(1), pages_max, ..Settings::default() };
    SqliteStore::open_with(path, OpenMode::Create, SeededRandomness::new(2), settings)
}

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The present of the tests.
pub(crate) fn now() -> Timestamp {
    instant("2026-04-01T00:00:00Z")
}

/// Reads a line that must be right.
pub(crate) fn event(line: &str) -> NewEvent {
    NewEvent::from_line(line.as_bytes()).unwrap_or_else(|e| panic!("{line}: {e}"))
}

/// One line of every event, with all its fields.
pub(crate) const EVERY_EVENT: [&str; 22] = [
    r#"{"event":"principal_registered","principal":"p1","at":"2020-01-01T00:00:00Z","born":"1985-04-01","residence":"JP-13 東京都","unknown_relationships":["club"]}"#,
    r#"{"event":"guardian_linked","principal":"p1","at":"2020-01-01T00:00:01Z","guardian":"g 1","until":"2024-01-01T00:00:00Z"}"#,
    r#"{"event":"relationship_started","principal":"p1","at":"2020-01-02T00:00:00Z","relationship":"contract"}"#,
    r#"{"event":"relationship_ended","principal":"p1","at":"2020-01-03T00:00:00Z","relationship":"contract"}"#,
    r#"{"event":"data_acquired","principal":"p1","at":"2020-01-04T00:00:00Z","category":"location.base_station","source":"shop_paper","entrusted_from":"group_company","policy_version":"2019-12-11"}"#,
    r#"{"event":"data_erased","principal":"p1","at":"2020-01-05T00:00:00Z","category":"location"}"#,
    r#"{"event":"notice_given","principal":"p1","at":"2020-01-06T00:00:00Z","policy_version":"2019-12-11","language":"ja","channel":"web"}"#,
    r#"{"event":"consent_granted","principal":"p1","at":"2020-01-07T00:00:00.5Z","item":"partner_sharing","text_version":"2","language":"en","channel":"shop","by":"agent:a-7","until":"2030-01-01T00:00:00Z","evidence":"power of attorney no. 5\nseen by the desk"}"#,
    r#"{"event":"consent_withdrawn","principal":"p1","at":"2020-01-08T00:00:00Z","item":"partner_sharing","channel":"call from 090-0000-0000","by":"guardian:g 1"}"#,
    r#"{"event":"choice_declined","principal":"p1","at":"2020-01-09T00:00:00Z","choice":"offers","channel":"web","by":"principal"}"#,
    r#"{"event":"choice_restored","principal":"p1","at":"2020-01-10T00:00:00Z","choice":"offers","channel":"web","by":"principal"}"#,
    r#"{"event":"data_used","principal":"p1","at":"2020-01-11T00:00:00Z","application":"campaign","activity":"own_offers","categories":["purchase","location"]}"#,
    r#"{"event":"data_provided","principal":"p1","at":"2020-01-12T00:00:00Z","recipient":"store_partners","activity":"partner_offers","categories":["purchase"],"basis":"consent"}"#,
    r#"{"event":"data_received","principal":"p1","at":"2020-01-13T00:00:00Z","source":"member_store","activity":"points","categories":["purchase"],"basis":"contract of 2019"}"#,
    r#"{"event":"restriction_placed","principal":"p1","at":"2020-01-14T00:00:00Z","categories":["purchase"],"actions":["use","provide"],"claim":"C-1"}"#,
    r#"{"event":"restriction_lifted","principal":"p1","at":"2020-01-15T00:00:00Z","categories":[],"actions":[],"claim":"C-1"}"#,
    r#"{"event":"recipient_assessed","at":"2020-01-16T00:00:00Z","recipient":"call_center"}"#,
    r#"{"event":"recipient_supervised","at":"2020-01-17T00:00:00Z","recipient":"call_center"}"#,
    r#"{"event":"recipient_suspended","at":"2020-01-18T00:00:00Z","recipient":"call_center"}"#,
    r#"{"event":"recipient_ended","at":"2020-01-19T00:00:00Z","recipient":"call_center"}"#,
    r#"{"event":"publication_published","at":"2020-01-20T00:00:00Z","publication":"joint_use"}"#,
    r#"{"event":"policy_published","at":"2020-01-21T00:00:00Z","version":"2019-12-11","digest":"sha256:00ff"}"#,
];

/// One line of every event that came after the first version of the ledger: they stand apart, so that the bytes of those before them are
/// seen to stay what they were.
pub(crate) const LATER_EVENTS: [&str; 1] = [
    r#"{"event":"data_viewed","principal":"p1","at":"2020-01-22T00:00:00Z","application":"customer_desk","department":"service_desk","role":"adviser","activity":"inquiry_answer","categories":["contact","billing"],"reason":"inquiry"}"#,
];

pub(crate) fn every_event() -> Vec<NewEvent> {
    EVERY_EVENT.iter().map(|line| event(line)).collect()
}
