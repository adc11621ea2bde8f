//! Receipts: what verifies, and that nothing else does.

use nattoku_ledger::{
    Checkpoint, Frontier, Hash, Json, Kind, LogProof, Note, Opening, Receipt, ReceiptError, SigningKey, Tree,
    inclusion,
};

use crate::support::key;

const KEY: [u8; 32] = [9; 32];
const PAYLOAD: &str = r#"{"by":"guardian:g1","evidence":"form 12"}"#;
const TEXT: &str = "加盟店に購入履歴を渡します。";

/// HMAC-SHA256 of the payload under the key, by another program.
const SEALED: &str = "017920a989f0bfc54371644defa83b888848dbdde82ffac89b6369d1d2a24e6b";
/// SHA-256 of the text, by another program.
const TEXT_SHA256: &str = "2c2765bf61e0fc48218bc79ffb451acc39a43f0fda54c054ef51a7607de3dda3";

fn leaf() -> String {
    format!(
        "\u{1}{{\"at\":\"2026-05-01T06:00:00Z\",\"by\":\"guardian\",\"channel\":\"shop\",\"event\":\"consent_granted\",\"item\":\"partner_sharing\",\
         \"language\":\"ja\",\"principal\":\"0c730b69905c5ef7a4ca5269f7236540\",\"recorded_at\":\"2026-05-04T01:00:00Z\",\
         \"sealed\":\"{SEALED}\",\"text_version\":\"2\"}}"
    )
}

fn record(leaf_hash: Hash) -> Json {
    Json::object([
        ("schema_version", "ISO/IEC TS 27560:2023".into()),
        ("record_id", "R-0000000005".into()),
        ("pii_principal_id", "0c730b69905c5ef7a4ca5269f7236540".into()),
        (
            "ledger",
            Json::object([
                ("origin", "example.jp/log".into()),
                ("revision", "5".into()),
                ("leaf_hash", leaf_hash.to_string().into()),
            ]),
        ),
        (
            "notice",
            Json::object([
                ("item", "partner_sharing".into()),
                ("text_version", "2".into()),
                ("language", "ja".into()),
                ("text", TEXT.into()),
                ("sha256", TEXT_SHA256.into()),
            ]),
        ),
        (
            "events",
            vec![Json::object([
                ("event_type", "consent_granted".into()),
                ("event_time", "2026-05-01T06:00:00Z".into()),
                ("event_state", "dpv:ConsentGiven".into()),
                ("entity_id", "guardian".into()),
            ])]
            .into(),
        ),
    ])
}

fn proof(leaf_hash: Hash, signer: &SigningKey, witness: &SigningKey) -> LogProof {
    let leaves: Vec<Hash> = (0..7_u8).map(|i| if i == 4 { leaf_hash } else { Hash::of_leaf(&[i]) }).collect();
    let mut nodes = |node: nattoku_ledger::Node| {
        let mut tree = Frontier::new();
        let first = usize::try_from(node.index).unwrap() << node.level;
        leaves[first..first + (1 << node.level)].iter().for_each(|leaf| tree.append(*leaf));
        Ok::<_, ()>(tree.root())
    };
    let tree = Tree { size: 7, root: nattoku_ledger::node::root(7, &mut nodes).unwrap() };
    let hashes = inclusion::prove(4, 7, &mut nodes).unwrap().unwrap();
    let mut note = Note::new(Checkpoint::of("example.jp/log", tree).to_string()).unwrap();
    note.sign(signer, 0).unwrap();
    note.sign(witness, 1_790_000_000).unwrap();
    LogProof { extra: None, index: 4, hashes, checkpoint: note.to_string() }
}

struct Given {
    log: SigningKey,
    witness: SigningKey,
    receipt: Receipt,
}

fn given() -> Given {
    let (log, witness) = (key("example.jp/log", Kind::Ed25519), key("w.example", Kind::CosignatureEd25519));
    let leaf_hash = Hash::of_leaf(leaf().as_bytes());
    let proof = proof(leaf_hash, &log, &witness);
    let opening = Some((PAYLOAD.to_owned(), KEY));
    let receipt = Receipt::issue(record(leaf_hash), leaf(), opening, proof, &log).unwrap();
    Given { log, witness, receipt }
}

fn verified(given: &Given, file: &str) -> Result<nattoku_ledger::VerifiedReceipt, ReceiptError> {
    let witnesses = [given.witness.verifying_key().clone()];
    Receipt::parse(file)?.verify(given.log.verifying_key(), &witnesses)
}

#[test]
fn a_receipt_verifies_with_the_logs_key_alone() {
    let given = given();
    let file = given.receipt.to_json();
    let shown = Receipt::parse(&file).unwrap().verify(given.log.verifying_key(), &[]).unwrap();
    assert_eq!((shown.revision, shown.tree.size, shown.opening), (5, 7, Opening::Checked));
    assert_eq!((shown.event.as_str(), shown.at.as_str()), ("consent_granted", "2026-05-01T06:00:00Z"));
    assert!(shown.cosigned.is_empty());
    let with_witness = verified(&given, &file).unwrap();
    assert_eq!(with_witness.cosigned[0].time, Some(1_790_000_000));
    // White space is nobody's matter.
    assert!(verified(&given, &Json::parse(&file).unwrap().canonical()).is_ok());
    let other = key("example.jp/other", Kind::Ed25519);
    let refused = Receipt::parse(&file).unwrap().verify(other.verifying_key(), &[]);
    assert!(matches!(refused, Err(ReceiptError::Statement(_))), "{refused:?}");
}

/// Every bit of a receipt counts: turned, it does not verify, or it is the same receipt in other white space. A witness whose
/// name or key's id is turned is one that nobody knows, and no longer counts.
#[test]
fn no_turned_bit_goes_unnoticed() {
    let given = given();
    let file = given.receipt.to_json().into_bytes();
    let whole = Json::parse(std::str::from_utf8(&file).unwrap()).unwrap();
    for place in 0..file.len() {
        for bit in 0..8 {
            let mut turned = file.clone();
            turned[place] ^= 1 << bit;
            let Ok(turned) = std::str::from_utf8(&turned) else { continue };
            let is_same = Json::parse(turned).is_ok_and(|json| json == whole);
            let is_found = verified(&given, turned).is_ok_and(|shown| shown.cosigned.len() == 1);
            assert_eq!(is_found, is_same, "byte {place}, bit {bit}");
        }
    }
}

#[test]
fn what_does_not_fit_together_is_named() {
    let given = given();
    let with = |change: &dyn Fn(&mut Receipt)| {
        let mut receipt = given.receipt.clone();
        change(&mut receipt);
        verified(&given, &receipt.to_json()).unwrap_err()
    };
    let reissued = |record: Json| {
        let Receipt { leaf, opening, proof, .. } = given.receipt.clone();
        let receipt = Receipt::issue(record, leaf, opening, proof, &given.log).unwrap();
        verified(&given, &receipt.to_json()).unwrap_err()
    };
    let changed = |from: &str, to: &str| {
        let record = given.receipt.record.canonical();
        assert!(record.contains(from), "{from}");
        Json::parse(&record.replace(from, to)).unwrap()
    };
    assert_eq!(with(&|r| r.record = changed("guardian", "principal")), ReceiptError::OtherRecord);
    // An issuer that signs something else than its own ledger says is found out as well.
    assert_eq!(reissued(changed("guardian", "principal")), ReceiptError::Differs("entity_id"));
    assert_eq!(reissued(changed("\"2026-05-01", "\"2026-05-02")), ReceiptError::Differs("event_time"));
    assert_eq!(reissued(changed("加盟店", "どこか")), ReceiptError::Differs("sha256"));
    assert_eq!(
        reissued(changed("\"text_version\":\"2\"", "\"text_version\":\"1\"")),
        ReceiptError::Differs("text_version")
    );
    assert_eq!(
        reissued(changed("\"revision\":\"5\"", "\"revision\":\"6\"")),
        ReceiptError::Differs("revision")
    );
    assert_eq!(reissued(changed("\"notice\"", "\"notices\"")), ReceiptError::Missing("notice"));
    assert_eq!(with(&|r| r.opening = Some((PAYLOAD.replace("12", "13"), KEY))), ReceiptError::Payload);
    assert_eq!(with(&|r| r.opening = Some((PAYLOAD.to_owned(), [8; 32]))), ReceiptError::Payload);
    assert!(matches!(with(&|r| r.leaf = r.leaf.replace("shop", "desk")), ReceiptError::Proof(_)));
    assert!(matches!(with(&|r| r.proof.index = 5), ReceiptError::Proof(_)));
}

#[test]
fn a_receipt_may_leave_out_what_is_personal_and_says_so() {
    let mut given = given();
    given.receipt.opening = None;
    assert_eq!(verified(&given, &given.receipt.to_json()).unwrap().opening, Opening::LeftOut);
}

#[test]
fn what_is_no_receipt_says_what_was_expected() {
    let given = given();
    let file = given.receipt.to_json();
    let refused = |file: &str| Receipt::parse(file).unwrap_err().to_string();
    assert!(refused("{}").contains("nattoku-receipt@v1"));
    assert!(refused("[]").contains("no object"));
    assert!(refused(&file.replace("\"leaf\"", "\"leef\"")).contains("`leef`"));
    assert!(
        refused(&file.replacen("\"format\"", "\"payload\": \"x\", \"format\"", 1)).contains("written twice")
    );
    let witness = key("w.example", Kind::CosignatureEd25519);
    let Receipt { record, leaf, opening, proof, .. } = given.receipt;
    assert_eq!(Receipt::issue(record, leaf, opening, proof, &witness), Err(ReceiptError::Key));
}
