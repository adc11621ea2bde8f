//! Single bits of a ledger's file, flipped at random: each is named when the ledger is verified, or lies where no data is.
//!
//! An ordinary run flips as many as a minute has room for; `NATTOKU_FLIPS` has it flip another number, `NATTOKU_SEED` others.
#![expect(clippy::print_stdout, reason = "a long run tells how far it is")]

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;

use nattoku_store::{OpenMode, Store};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

use crate::support::{Folder, event, every_event, instant, now, open};

mod pages;

const FLIPS: u64 = 10_000;
const PRINCIPALS: usize = 24;
const EVENTS: usize = 360;

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |number| number.parse().unwrap())
}

/// Numbers without a pattern, each by its place (`SplitMix64`).
fn random(seed: u64, n: u64) -> u64 {
    let mut z = seed.wrapping_add(n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A ledger with something of everything: of many principals, erased ones, everybody; personal parts; ids given and derived.
fn fill(folder: &Folder) {
    let store = folder.store();
    store.append(&every_event(), now(), false).unwrap();
    for n in 0..EVENTS {
        let (p, at) = (n * 7 % PRINCIPALS, format!("2021-01-01T{:02}:{:02}:00Z", n / 60 % 24, n % 60));
        let of = format!(r#""principal":"customer {p}","at":"{at}""#);
        let line = match n % 5 {
            0 => format!(r#"{{"event":"principal_registered",{of},"born":"19{:02}-04-01"}}"#, n % 100),
            1 => format!(
                r#"{{"event":"data_used",{of},"id":"used-{n}","application":"campaign","activity":"own_offers","categories":["purchase","location"]}}"#
            ),
            2 => format!(r#"{{"event":"recipient_assessed","at":"{at}","recipient":"call_center_{n}"}}"#),
            3 => format!(
                r#"{{"event":"consent_granted",{of},"item":"partner_sharing","text_version":"{n}","language":"ja","channel":"web","by":"guardian:g {n}","evidence":"no. {n}"}}"#
            ),
            _ => format!(r#"{{"event":"data_erased",{of},"category":"location.base_station_{n}"}}"#),
        };
        store.append(&[event(&line)], now(), false).unwrap();
    }
    for p in [3, 11] {
        store.erase(&format!("customer {p}"), now()).unwrap().unwrap();
    }
    store.erase_everywhere(instant("2026-05-01T00:00:00Z")).unwrap();
    store.erase("customer 7", instant("2026-05-02T00:00:00Z")).unwrap().unwrap();
    store.verify().unwrap();
}

/// Everything that a file holds, by table, in the order of the rows. How often somebody was erased only tells that it has changed,
/// as `SQLite`'s own counters do, and is set aside.
fn dump(path: &Path) -> Result<Vec<Vec<Value>>, rusqlite::Error> {
    let raw = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut all = Vec::new();
    for (table, order) in [
        ("sqlite_schema", "rowid"),
        ("meta", "name"),
        ("head", "only_row"),
        ("principals", "ordinal"),
        ("events", "revision"),
        ("payloads", "revision"),
        ("counts", "event"),
        ("nodes", "place"),
    ] {
        let mut select = raw.prepare(&format!("select * from {table} order by {order}"))?;
        let n_columns = select.column_count();
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let values = (0..n_columns).map(|column| row.get(column)).collect::<Result<Vec<Value>, _>>()?;
            if values.first() != Some(&Value::Text("erasures".to_owned())) {
                all.push(values);
            }
        }
    }
    for pragma in ["application_id", "user_version"] {
        all.push(vec![raw.pragma_query_value(None, pragma, |row| row.get(0))?]);
    }
    let fine: String = raw.query_row("pragma integrity_check(1)", [], |row| row.get(0))?;
    all.push(vec![Value::Text(fine)]);
    Ok(all)
}

/// What came of flips.
#[derive(Default)]
struct Tally {
    named: AtomicUsize,
    elsewhere: AtomicUsize,
}

/// A ledger and what is known of its file.
struct Ledger {
    bytes: Vec<u8>,
    is_data: Vec<bool>,
    whole: Vec<Vec<Value>>,
}

impl Ledger {
    fn of(folder: &Folder) -> Self {
        fill(folder);
        let path = folder.path("ledger.sqlite");
        let bytes = std::fs::read(&path).unwrap();
        let mut is_data = pages::data(&bytes);
        let counter = bytes.windows(8).position(|word| word == b"erasures").unwrap() + 8;
        is_data[counter..counter + 8].fill(false);
        Self { whole: dump(&path).unwrap(), bytes, is_data }
    }

    /// Flips a bit of the file at a path, verifies, and flips it back.
    fn try_flip(&self, path: &Path, bit: usize, tally: &Tally) {
        let (at, mask) = (bit / 8, 1 << (bit % 8));
        let file = OpenOptions::new().write(true).open(path).unwrap();
        file.write_all_at(&[self.bytes[at] ^ mask], at as u64).unwrap();
        if let Err(error) = open(path, OpenMode::ReadOnly).and_then(|store| store.verify()) {
            assert!(!error.to_string().is_empty());
            tally.named.fetch_add(1, Ordering::Relaxed);
        } else {
            assert!(!self.is_data[at], "bit {bit}, of data, is not named");
            let found = dump(path).unwrap_or_else(|error| panic!("bit {bit} is not named: {error}"));
            assert!(found == self.whole, "bit {bit} is not named, and changes what the file holds");
            tally.elsewhere.fetch_add(1, Ordering::Relaxed);
        }
        file.write_all_at(&[self.bytes[at]], at as u64).unwrap();
    }
}

#[test]
fn a_flipped_bit_is_named_or_lies_where_no_data_is() {
    let (n_flips, seed) = (setting("NATTOKU_FLIPS", FLIPS), setting("NATTOKU_SEED", 1));
    let folder = Folder::new();
    let ledger = Ledger::of(&folder);
    let n_data = ledger.is_data.iter().filter(|is_data| **is_data).count();
    println!("seed {seed}, {n_flips} flips over {} bytes, {n_data} of them of data", ledger.bytes.len());
    let (next, tally) = (AtomicU64::new(0), Tally::default());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                let mine = Folder::new();
                for suffix in ["", ".keys", ".kek"] {
                    let name = format!("ledger.sqlite{suffix}");
                    std::fs::copy(folder.path(&name), mine.path(&name)).unwrap();
                }
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= n_flips {
                        return;
                    }
                    if n.is_multiple_of(1_000) {
                        println!("{n} flips");
                    }
                    let n_bits = ledger.bytes.len() as u64 * 8;
                    let bit = usize::try_from(random(seed, n) % n_bits).unwrap();
                    ledger.try_flip(&mine.path("ledger.sqlite"), bit, &tally);
                }
            });
        }
    });
    let (named, elsewhere) = (tally.named.into_inner(), tally.elsewhere.into_inner());
    println!("{named} named, {elsewhere} where no data is");
    assert_eq!(named + elsewhere, usize::try_from(n_flips).unwrap());
    assert!(named > elsewhere, "most of the file is data");
}

/// The header and the first page, where a bit changes the most: all of them.
#[test]
fn every_bit_of_the_header_is_named_or_changes_nothing() {
    let folder = Folder::new();
    let ledger = Ledger::of(&folder);
    let tally = Tally::default();
    for bit in 0..100 * 8 {
        ledger.try_flip(&folder.path("ledger.sqlite"), bit, &tally);
    }
    assert!(tally.named.into_inner() > 0);
}
