//! Signed notes, by Go's cases and the example of C2SP.

use nattoku_ledger::{Kind, Note, NoteError, SigningKey, VerifyingKey};
use serde_json::Value;

use crate::support::key;
use crate::vectors::{from_base64, vectors};

fn keys(case: &Value) -> Vec<VerifyingKey> {
    case["vkeys"].as_array().unwrap().iter().map(|key| key.as_str().unwrap().parse().unwrap()).collect()
}

#[test]
fn good_unverified_invalid_and_malformed_notes() {
    let Some(v) = vectors("signed-note/notes.json") else { return };
    for case in v["cases"].as_array().unwrap() {
        let bytes = from_base64(case["note_b64"].as_str().unwrap());
        let keys = keys(case);
        let verdict = match Note::parse(&bytes).map(|note| (note.verify(&keys), note)) {
            Err(_) => "malformed",
            Ok((Err(NoteError::NotSignedBy(_)), _)) => "unverified",
            Ok((Err(_), _)) => "invalid signature",
            Ok((Ok(verified), note)) => {
                assert_eq!(Some(verified.len() as u64), case["verified"].as_u64(), "{}", case["name"]);
                assert_eq!(note.to_string().as_bytes(), bytes, "{}", case["name"]);
                "ok"
            }
        };
        assert_eq!(Some(verdict), case["verdict"].as_str(), "{}", case["name"]);
    }
}

#[test]
fn a_note_is_signed_as_go_signs_it() {
    let Some(v) = vectors("signed-note/notes.json") else { return };
    let key: SigningKey = v["skey_for_good_vkey"].as_str().unwrap().parse().unwrap();
    assert_eq!(key.to_private_text(), v["skey_for_good_vkey"].as_str().unwrap());
    let mut note = Note::new(v["sign"]["text_utf8"].as_str().unwrap()).unwrap();
    note.sign(&key, 0).unwrap();
    assert_eq!(note.signatures()[0].to_string(), v["sign"]["want_signature_line"].as_str().unwrap());
}

#[test]
fn bad_and_mangled_keys_are_refused() {
    let Some(v) = vectors("signed-note/notes.json") else { return };
    for bad in v["bad_vkeys"].as_array().unwrap() {
        assert!(bad.as_str().unwrap().parse::<VerifyingKey>().is_err(), "{bad}");
    }
    for good in v["cases"].as_array().unwrap().iter().flat_map(|case| case["vkeys"].as_array().unwrap()) {
        let good = good.as_str().unwrap();
        assert_eq!(good.parse::<VerifyingKey>().unwrap().to_string(), good);
        for start in 0..good.len() {
            for end in start..good.len() {
                let part = &good[start..end + usize::from(start > 0)];
                assert!(part.parse::<VerifyingKey>().is_err(), "{part}");
            }
        }
        for place in 0..good.len() {
            let mut mangled = good.as_bytes().to_vec();
            mangled[place] += 1;
            let mangled = String::from_utf8(mangled).unwrap();
            assert!(mangled.parse::<VerifyingKey>().is_err(), "{mangled}");
        }
    }
}

#[test]
fn a_line_of_a_known_key_that_is_written_otherwise_does_not_verify() {
    let key = key("example.jp/a", Kind::Ed25519);
    let mut note = Note::new("text\n").unwrap();
    note.sign(&key, 0).unwrap();
    let written = note.to_string();
    // 68 bytes end with two characters and one `=`: the last character has two unused bits.
    let last = written.chars().rev().nth(2).unwrap();
    let other = char::from(u8::try_from(last).unwrap() + 1);
    let mut bytes = written.into_bytes();
    let place = bytes.len() - 3;
    bytes[place] = u8::try_from(other).unwrap();
    let note = Note::parse(&bytes).unwrap();
    let public = [key.verifying_key().clone()];
    assert_eq!(note.verify(&public), Err(NoteError::WrongSignature("example.jp/a".to_owned())));
}

#[test]
fn any_changed_byte_of_a_note_is_noticed() {
    let key = key("example.jp/a", Kind::Ed25519);
    let mut note = Note::new("first\n\nsecond\n").unwrap();
    note.sign(&key, 0).unwrap();
    let bytes = note.to_string().into_bytes();
    let public = [key.verifying_key().clone()];
    assert!(Note::parse(&bytes).unwrap().verify(&public).is_ok());
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[place] ^= 1 << bit;
            let verified = Note::parse(&changed).is_ok_and(|note| note.verify(&public).is_ok());
            assert!(!verified, "byte {place}, bit {bit}");
        }
    }
}

#[test]
fn signing_again_replaces_the_line_and_others_stay() {
    let (ours, other) = (key("a", Kind::Ed25519), key("b", Kind::Ed25519));
    let mut note = Note::new("text\n").unwrap();
    note.sign(&ours, 0).unwrap();
    note.sign(&other, 0).unwrap();
    note.sign(&ours, 0).unwrap();
    let names: Vec<&str> = note.signatures().iter().map(|line| line.key.name.as_str()).collect();
    assert_eq!(names, ["b", "a"]);
    assert_eq!(Note::new("no line feed"), Err(NoteError::Text));
    assert_eq!(Note::new("a\ttab\n"), Err(NoteError::Text));
}
