//! Checkpoints: their text, and whose they are.

use nattoku_ledger::{Checkpoint, CheckpointError, Hash, Kind, Note, NoteError, Tree};

use crate::support::key;
use crate::vectors::{from_base64, vectors};

#[test]
fn bodies_by_the_published_cases() {
    let Some(v) = vectors("checkpoint/bodies.json") else { return };
    for case in v["cases"].as_array().unwrap() {
        let body = case["body"].as_str().unwrap();
        if case["want_err"].as_bool().unwrap() {
            assert_eq!(Checkpoint::parse(body), Err(CheckpointError::Shape), "{}", case["desc"]);
            continue;
        }
        // Their parser takes roots of any length, and empty further lines; the specification has 32 bytes and none.
        let root = body.lines().nth(2).unwrap();
        let with_root = body.replace(root, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        assert_eq!(Checkpoint::parse(body).is_ok(), from_base64(root).len() == 32 && !body.ends_with("\n\n"));
        assert_eq!(Checkpoint::parse(&with_root).is_ok(), !body.ends_with("\n\n"), "{}", case["desc"]);
    }
}

fn tree() -> Tree {
    Tree { size: 13, root: Hash::of_leaf(b"root") }
}

#[test]
fn a_text_is_read_as_it_is_written() {
    let mut checkpoint = Checkpoint::of("example.jp/log", tree());
    assert_eq!(Checkpoint::parse(&checkpoint.to_string()), Ok(checkpoint.clone()));
    checkpoint.extensions = vec!["one".to_owned(), "two".to_owned()];
    assert_eq!(Checkpoint::parse(&checkpoint.to_string()), Ok(checkpoint));
    let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    for size in ["01", "+1", "1 ", "", "18446744073709551616"] {
        assert!(Checkpoint::parse(&format!("log\n{size}\n{root}\n")).is_err(), "{size}");
    }
    assert!(Checkpoint::parse(&format!("log\n18446744073709551615\n{root}\n")).is_ok());
}

#[test]
fn a_checkpoint_is_that_of_the_log_that_signed_it() {
    let (log, other) = (key("example.jp/log", Kind::Ed25519), key("example.jp/other", Kind::Ed25519));
    let witness = key("witness.example", Kind::CosignatureEd25519);
    let mut note = Note::new(Checkpoint::of("example.jp/log", tree()).to_string()).unwrap();
    note.sign(&witness, 9).unwrap();
    let witnesses = [witness.verifying_key().clone()];
    let open = |note: &Note| Checkpoint::open(note.to_string().as_bytes(), log.verifying_key(), &witnesses);
    // A witness alone does not speak for a log.
    assert_eq!(open(&note), Err(NoteError::NotSignedBy(vec!["example.jp/log".to_owned()]).into()));
    note.sign(&log, 0).unwrap();
    let (checkpoint, cosigned) = open(&note).unwrap();
    assert_eq!((checkpoint.tree(), cosigned.len(), cosigned[0].time), (tree(), 1, Some(9)));

    let mut foreign = Note::new(Checkpoint::of("example.jp/log", tree()).to_string()).unwrap();
    foreign.sign(&other, 0).unwrap();
    let opened = Checkpoint::open(foreign.to_string().as_bytes(), other.verifying_key(), &[]);
    assert!(matches!(opened, Err(CheckpointError::OtherLog { .. })), "{opened:?}");
}
