//! A small policy over a store of its own.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use nattoku_model::Language;
use nattoku_model::clock::Clock;
use nattoku_model::event::By;
use nattoku_operations::{Nattoku, WillRequest};
use nattoku_policy::check;
use nattoku_policy::source::Source;
use nattoku_store::{OpenMode, SeededRandomness, SqliteStore};

pub(crate) const POLICY: &str = r#"
policy shop version="2019-12-11" {
    effective "2019-12-11T00:00:00+09:00"
    timezone "Asia/Tokyo"
    languages en prevails=en
    controller country=JP { en "Nattoku Shop" }
}
category purchase { en "Purchase history" }
source till channel=direct { en "Our tills"; gives purchase }
purpose proposals number="2" { en "Proposals" }
application campaigns { en "Campaign desk" }
activity offers purpose=proposals { en "Offers"; needs purchase; by campaigns; requires consent=mail }
consent mail text="1" accepts="1" { en "Mail"; wording "1" { en "We send you offers." }; consequence { en "No offers." } }
"#;

const EARLIER: &str = r#"
policy shop version="2015-10-01" {
    effective "2015-10-01T00:00:00+09:00"
    timezone "Asia/Tokyo"
    languages en prevails=en
    controller country=JP { en "Nattoku Shop" }
}
category telex { en "Telex number" }
source till channel=direct { en "Our tills"; gives telex }
"#;

/// A clock that the test sets.
#[derive(Clone)]
pub(crate) struct SetClock(Arc<Mutex<Timestamp>>);

impl SetClock {
    pub(crate) fn set(&self, now: &str) {
        *self.0.lock().unwrap() = now.parse().unwrap();
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// The shop with its clock, its ledger in a file that is made anew.
pub(crate) fn open(name: &str, now: &str) -> (Nattoku, SetClock) {
    let sources = [Source::new("policy.kdl", POLICY), Source::new("earlier/2015-10-01/policy.kdl", EARLIER)];
    let checked = check(&sources);
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.sqlite"));
    for suffix in
        ["", "-wal", "-shm", ".keys", ".keys-wal", ".keys-shm", ".kek", ".state", ".state-wal", ".state-shm"]
    {
        let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
    }
    let store = SqliteStore::open(&path, OpenMode::Create, SeededRandomness::new(1)).unwrap();
    let clock = SetClock(Arc::new(Mutex::new(now.parse().unwrap())));
    let nattoku =
        Nattoku::new(checked.versions.unwrap(), checked.notices, Box::new(store), Box::new(clock.clone()));
    (nattoku, clock)
}

/// The principal, on the web.
pub(crate) fn by_principal() -> WillRequest {
    WillRequest { channel: "web".to_owned(), by: By::Principal, language: Language::En, seen: None, id: None }
}
