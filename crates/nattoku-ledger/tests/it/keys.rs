//! Keys as text, and what each kind signs.

use nattoku_ledger::key::is_key_name;
use nattoku_ledger::{Checkpoint, Hash, KeyError, Kind, Note, NoteError, SigningKey, Tree, VerifyingKey};

use crate::support::key;

#[test]
fn every_kind_is_written_and_read() {
    for kind in Kind::ALL {
        let key = key("example.jp/log", kind);
        let private = key.to_private_text();
        let public = key.verifying_key().to_string();
        assert_eq!(private.parse::<SigningKey>().unwrap().verifying_key(), key.verifying_key());
        assert_eq!(public.parse::<VerifyingKey>().unwrap().kind(), kind);
        assert_eq!(public.parse::<SigningKey>().unwrap_err(), KeyError::Public);
        assert_eq!(private.parse::<VerifyingKey>().unwrap_err(), KeyError::Private);
        assert!(!format!("{key:?}").contains(&private), "a private key is not shown");
    }
}

#[test]
fn what_cannot_be_a_name_is_refused() {
    for name in ["", "a b", "a+b", "全角　空白", "a\u{a0}b", "a\nb"] {
        assert!(!is_key_name(name), "{name}");
        assert_eq!(SigningKey::new(name, Kind::Ed25519, [0; 32]).unwrap_err(), KeyError::Name);
    }
    assert!(is_key_name("プライバシー.例/台帳"));
}

#[test]
fn a_key_of_an_unknown_kind_says_which_there_are() {
    let error = "a+00000000+AgAA".parse::<VerifyingKey>().unwrap_err();
    assert_eq!(error, KeyError::Kind(2));
    assert!(error.to_string().contains("01, 04 and 06"));
}

#[test]
fn cosignatures_tell_their_time_and_sign_checkpoints_alone() {
    let tree = Tree { size: 5, root: Hash::of_leaf(b"root") };
    for kind in [Kind::CosignatureEd25519, Kind::CosignatureMlDsa44] {
        let key = key("witness.example", kind);
        let public = [key.verifying_key().clone()];
        let mut note = Note::new(Checkpoint::of("example.jp/log", tree).to_string()).unwrap();
        note.sign(&key, 1_700_000_000).unwrap();
        let verified = Note::parse(note.to_string().as_bytes()).unwrap().verify(&public).unwrap();
        assert_eq!(verified[0].time, Some(1_700_000_000));
        let mut text = Note::new("a text\n").unwrap();
        assert_eq!(text.sign(&key, 0), Err(NoteError::NotACheckpoint));
        // The time is signed: a line that tells another does not verify.
        let mut other = Note::new(note.text()).unwrap();
        other.sign(&key, 1_700_000_001).unwrap();
        assert_ne!(other, note);
    }
}
