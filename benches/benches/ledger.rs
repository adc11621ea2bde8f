//! What proofs of the ledger take, beside SHA-256 alone, and what verifying it whole takes, beside SHA-256 over the same bytes.
//!
//! `cargo bench -p nattoku-benches --bench ledger -- EVENTS` makes a ledger of so many; a million by default.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement stops at the first surprise"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use nattoku_benches::cpu::{process_seconds, thread_time};
use nattoku_benches::report::{Report, float};
use nattoku_ledger::{Checkpoint, Hash, Kind, LogProof, Note, SigningKey, inclusion};
use nattoku_model::{Event, Revision};
use nattoku_store::{NewEvent, OpenMode, SeededRandomness, SqliteStore, Store};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// How many events each principal has.
const EVENTS_EACH: u64 = 20;
/// How many proofs are made and verified.
const PROOFS: u64 = 20_000;

fn main() {
    let events = std::env::args().filter_map(|arg| arg.replace('_', "").parse().ok()).next_back();
    let events: u64 = events.unwrap_or(1_000_000);
    let folder = std::env::temp_dir().join(format!("nattoku-bench-ledger-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let store =
        SqliteStore::open(folder.join("ledger.sqlite"), OpenMode::Create, SeededRandomness::new(1)).unwrap();
    let report = Report::of_people(u32::try_from(events).unwrap());
    let appending = took(|| fill(&store, events));
    report.figure("appended, an event", nanos(appending) / float(events), "ns");
    proofs(&store, events, &report);
    verifying(&store, events, &report);
    drop(store);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Events of many principals, as random ones come.
fn fill(store: &dyn Store, events: u64) {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let start: Timestamp = "2020-01-01T00:00:00Z".parse().unwrap();
    let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let principals = (events / EVENTS_EACH).max(1);
    let mut batch = Vec::with_capacity(1_000);
    for n in 0..events {
        let principal = format!("customer-{:08}", random.next_u64() % principals);
        let at = start.checked_add(SignedDuration::from_micros(i64::try_from(n).unwrap())).unwrap();
        let event = Event::DataErased { category: "purchase.history_of_the_member_store".into() };
        batch.push(NewEvent::about(&principal, at, event));
        if batch.len() == 1_000 || n + 1 == events {
            store.append(&batch, now, false).unwrap();
            batch.clear();
        }
    }
}

fn proofs(store: &dyn Store, events: u64, report: &Report) {
    let mut random = ChaCha8Rng::seed_from_u64(9);
    let tree = store.durable_tree().unwrap();
    let revisions: Vec<Revision> = (0..PROOFS).map(|_| Revision(1 + random.next_u64() % events)).collect();
    // Twice: the first reads what the machine has not in memory.
    let make = || -> Vec<Vec<Hash>> {
        revisions
            .iter()
            .map(|revision| store.inclusion_proof(*revision, tree.size).unwrap().unwrap())
            .collect()
    };
    let _ = make();
    let mut made = Vec::new();
    let making = took(|| made = make());
    let leaves: Vec<Hash> =
        revisions.iter().map(|r| Hash::of_leaf(&store.opened_leaf(*r).unwrap().unwrap().leaf)).collect();
    let n_hashes: usize = made.iter().map(Vec::len).sum();
    let hashing = took(|| {
        for proof in &made {
            let mut hash = Hash::of_empty_tree();
            for sibling in proof {
                hash = Hash::of_node(sibling, &hash);
            }
            black_box(hash);
        }
    });
    let checking = took(|| {
        for ((revision, leaf), proof) in revisions.iter().zip(&leaves).zip(&made) {
            inclusion::verify(*leaf, revision.0 - 1, tree.size, proof, tree.root).unwrap();
        }
    });
    let each = |time: Duration| nanos(time) / float(PROOFS);
    report.figure("hashes of a proof", float(n_hashes) / float(PROOFS), "");
    report.time("SHA-256 of a proof's nodes", each(hashing), each(hashing), None);
    report.time("proof made", each(making), each(hashing), None);
    report.goal("proof made", each(making) / 1e3, "µs", 50.0);
    report.time("proof verified", each(checking), each(hashing), None);
    let key = SigningKey::new("bench", Kind::Ed25519, [1; 32]).unwrap();
    let mut note = Note::new(Checkpoint::of("bench", tree).to_string()).unwrap();
    note.sign(&key, 0).unwrap();
    let files: Vec<String> = revisions
        .iter()
        .zip(&made)
        .take(1_000)
        .map(|(revision, hashes)| {
            let (index, hashes) = (revision.0 - 1, hashes.clone());
            LogProof { extra: None, index, hashes, checkpoint: note.to_string() }.to_string()
        })
        .collect();
    let whole = took(|| {
        for (file, leaf) in files.iter().zip(&leaves) {
            LogProof::parse(file).unwrap().verify(*leaf, key.verifying_key(), &[]).unwrap();
        }
    });
    report.goal("file verified, with signature", nanos(whole) / 1e3 / float(files.len()), "µs", 60.0);
    report.figure("file", float(files.first().map_or(0, String::len)), "bytes");
}

fn verifying(store: &dyn Store, events: u64, report: &Report) {
    let mut leaves = Vec::new();
    for revision in 1..=events {
        leaves.push(store.opened_leaf(Revision(revision)).unwrap().unwrap().leaf);
    }
    // What the tree hashes: every leaf and every node.
    let hashing = took(|| {
        for leaf in &leaves {
            black_box(Sha256::digest(leaf));
            black_box(Hash::of_node(&Hash([1; 32]), &Hash([2; 32])));
        }
    });
    drop(leaves);
    // Twice: the first reads what the machine has not in memory.
    let _ = store.verify().unwrap();
    let (start, used) = (Instant::now(), process_seconds());
    let root = store.verify().unwrap().root;
    let (wall, used) = (start.elapsed().as_secs_f64(), process_seconds() - used);
    assert_eq!(root, store.durable_tree().unwrap().root);
    let (hashed, all) = (nanos(hashing) / float(events), float(events));
    report.time("SHA-256 of an event", hashed, hashed, None);
    report.time("verified, an event, processors", used * 1e9 / all, hashed, None);
    // The rate of one processor at SHA-256 alone, beside that of all of them at verifying.
    report.ratio("verified, on the wall", all / wall, hashed / (wall * 1e9 / all), 0.5);
}

/// The processor time that something takes.
fn took(work: impl FnOnce()) -> Duration {
    let start = thread_time();
    work();
    thread_time().saturating_sub(start)
}

fn nanos(time: Duration) -> f64 {
    time.as_secs_f64() * 1e9
}
