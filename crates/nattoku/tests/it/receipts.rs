//! Receipts, as a customer gets and checks them.

use crate::log::{Given, told};

fn given(name: &str) -> Given {
    let given = Given::new(name);
    given.said(&["ledger", "key", "new", "log.key"]);
    given
}

const ISSUE: [&str; 6] = ["receipt", "issue", "--principal", "hana", "--key", "log.key"];
const VERIFY: [&str; 5] = ["receipt", "verify", "receipt.json", "--key", "log.key.pub"];

#[test]
fn a_receipt_needs_a_checkpoint_that_has_the_event() {
    let given = given("receipt-early");
    let early = given.run(&ISSUE);
    assert_eq!(early.status.code(), Some(2));
    assert!(told(&early).contains("nattoku ledger checkpoint --key log.key"), "{}", told(&early));
    given.said(&["ledger", "checkpoint", "--key", "log.key"]);
    given.grow("offers");
    let newer = given.run(&ISSUE);
    assert_eq!(newer.status.code(), Some(2));
    assert!(told(&newer).contains("revision 9 is not yet in the checkpoint"), "{}", told(&newer));
    let stranger = given.run(&["receipt", "issue", "--principal", "nobody", "--key", "log.key"]);
    assert_eq!(stranger.status.code(), Some(2), "{}", told(&stranger));
}

#[test]
fn a_consent_is_shown_with_the_words_agreed_to() {
    let given = given("receipt-consent");
    given.said(&[
        "consent",
        "grant",
        "partner_sharing",
        "--principal",
        "hana",
        "--channel",
        "shop",
        "--evidence",
        "form 12",
    ]);
    given.said(&["ledger", "checkpoint", "--key", "log.key"]);
    given.said(&[&ISSUE[..], &["--out", "receipt.json"]].concat());
    let verified = given.said(&VERIFY);
    assert!(verified.starts_with("verified: revision 9 of `nattoku.invalid/"), "{verified}");
    assert!(verified.contains("what is personal is what the ledger committed to"), "{verified}");
    let file = given.read("receipt.json");
    let receipt: serde_json::Value = serde_json::from_str(&file).unwrap();
    let record = &receipt["record"];
    assert_eq!(record["events"][0]["event_state"], "dpv:ConsentGiven");
    let text = record["notice"]["text"].as_str().unwrap();
    assert!(text.starts_with("For offers and benefits by member stores"), "{text}");
    let purposes = record["pii_processing"]["purposes"].as_array().unwrap();
    assert!(purposes.iter().all(|purpose| purpose["lawful_basis"] == "dpv:Consent") && !purposes.is_empty());
    assert!(file.contains("Member stores") && file.contains("form 12"));
    assert_eq!(given.said(&ISSUE), file, "the same receipt again");
    // Word for word, or not at all.
    given.write("receipt.json", &file.replace("member stores", "other stores"));
    let changed = given.run(&VERIFY);
    assert_eq!(changed.status.code(), Some(1));
    assert!(told(&changed).contains("`record` is not what its issuer signed"), "{}", told(&changed));
    let japanese = given.run(&[&VERIFY[..], &["--lang", "ja"]].concat());
    assert!(told(&japanese).contains("控えは成り立ちません"), "{}", told(&japanese));
}

#[test]
fn what_is_personal_may_be_left_out() {
    let given = given("receipt-bare");
    given.said(&["ledger", "checkpoint", "--key", "log.key"]);
    let bare = given.said(&[&ISSUE[..], &["--revision", "1", "--without-payload"]].concat());
    assert!(
        !bare.contains("payload") && !bare.contains("commitment_key") && !bare.contains("1985"),
        "{bare}"
    );
    given.write("receipt.json", &bare);
    let verified = given.said(&[&VERIFY[..], &["--format", "json"]].concat());
    let verified: serde_json::Value = serde_json::from_str(&verified).unwrap();
    assert_eq!((&verified["verified"], &verified["payload"]), (&true.into(), &"left_out".into()));
    let other = given.run(&[&ISSUE[..], &["--revision", "400"]].concat());
    assert!(told(&other).contains("revision 400 is no event about `hana`"), "{}", told(&other));
}

#[test]
fn a_witness_that_is_wanted_must_have_cosigned() {
    let given = given("receipt-witness");
    given.said(&["ledger", "key", "new", "w.key", "--for", "witness", "--name", "witness.example/w1"]);
    given.said(&["ledger", "checkpoint", "--key", "log.key"]);
    given.said(&[&ISSUE[..], &["--out", "receipt.json"]].concat());
    let wanted = [&VERIFY[..], &["--witness", "w.key.pub"]].concat();
    let alone = given.run(&wanted);
    assert_eq!(alone.status.code(), Some(1));
    assert!(told(&alone).contains("`witness.example/w1` has not cosigned it"), "{}", told(&alone));
    let request = given.said(&["ledger", "prove", "consistency", "0", "--checkpoint", "log.key.checkpoint"]);
    given.write("request", &request);
    let lines = given.said(&[
        "ledger",
        "witness",
        "request",
        "--key",
        "w.key",
        "--log",
        "log.key.pub",
        "--state",
        "w",
    ]);
    given.write("lines", &lines);
    given.said(&["ledger", "checkpoint", "--key", "log.key", "--add", "lines", "--witness", "w.key.pub"]);
    given.write("receipt.json", &given.said(&ISSUE));
    assert!(given.said(&wanted).contains("cosigned by witness.example/w1"));
}
