//! The published steps of a witness, and a log that forks.

use nattoku_ledger::{
    AddCheckpoint, Checkpoint, Hash, Kind, Note, Refusal, SigningKey, Tree, VerifyingKey, consistency,
};

use crate::support::{Log, key};
use crate::vectors::{bytes, vectors};

/// A witness in memory.
struct Witness {
    key: SigningKey,
    logs: Vec<VerifyingKey>,
    latest: Option<Tree>,
}

impl Witness {
    fn asked(&mut self, body: &[u8]) -> Result<String, Refusal> {
        let mut request = AddCheckpoint::parse(body)?;
        request.judge(&self.logs, self.latest)?;
        self.latest = Some(request.checkpoint.tree());
        request.note.sign(&self.key, 1_700_000_000).unwrap();
        Ok(request.note.signatures().last().unwrap().to_string())
    }
}

#[test]
fn the_nine_published_steps() {
    let Some(v) = vectors("tlog-witness/add-checkpoint.json") else { return };
    let origin = v["log_origin"].as_str().unwrap();
    let log = VerifyingKey::new(origin, Kind::Ed25519, &bytes(&v["log_ed25519_public_hex"])).unwrap();
    let name = v["witness_name"].as_str().unwrap();
    let mut witness = Witness { key: key(name, Kind::CosignatureEd25519), logs: vec![log], latest: None };
    let steps = v["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 9);
    for (step, case) in steps.iter().enumerate() {
        let answer = witness.asked(case["body"].as_str().unwrap().as_bytes());
        let (status, body) = match answer {
            Ok(lines) => (200, lines),
            Err(refusal) => {
                let size = refusal.size().map(|size| format!("{size}\n"));
                (refusal.status(), size.unwrap_or_else(|| refusal.to_string()))
            }
        };
        // The specification now answers 404 for an unknown log, where the witness of 2025 answered 403.
        let unknown = case["assert"][1] == "unknown log";
        let wanted = if unknown { 404 } else { case["status"].as_u64().unwrap() };
        assert_eq!(u64::from(status), wanted, "step {step}: {body}");
        let part = case["assert"][1].as_str().unwrap();
        match case["assert"][0].as_str().unwrap() {
            "==" => assert_eq!(body, part, "step {step}"),
            _ => assert!(body.contains(part), "step {step}: {body}"),
        }
    }
    assert_eq!(witness.latest.map(|tree| tree.size), Some(5));
}

fn request(log: &Log, key: &SigningKey, old: u64, new: u64) -> AddCheckpoint {
    signed(key, old, log.tree(new), consistency::prove(old, new, &mut log.nodes()).unwrap().unwrap())
}

fn signed(key: &SigningKey, old: u64, tree: Tree, proof: Vec<Hash>) -> AddCheckpoint {
    let checkpoint = Checkpoint::of("example.jp/log", tree);
    let mut note = Note::new(checkpoint.to_string()).unwrap();
    note.sign(key, 0).unwrap();
    AddCheckpoint { old, proof, note, checkpoint }
}

#[test]
fn a_fork_is_refused() {
    let (honest, log_key) = (Log::new(40), key("example.jp/log", Kind::Ed25519));
    let mut witness = Witness {
        key: key("witness.example", Kind::CosignatureEd25519),
        logs: vec![log_key.verifying_key().clone()],
        latest: None,
    };
    let ask = |witness: &mut Witness, request: &AddCheckpoint| witness.asked(request.to_string().as_bytes());
    assert!(ask(&mut witness, &request(&honest, &log_key, 0, 20)).is_ok());
    assert!(ask(&mut witness, &request(&honest, &log_key, 20, 33)).is_ok());
    // The operator shows others a log of as many leaves, in which one is another.
    let other = Tree { size: 33, root: Hash::of_leaf(b"another tree") };
    let fork = ask(&mut witness, &signed(&log_key, 33, other, Vec::new()));
    assert_eq!(fork, Err(Refusal::Fork { size: 33 }));
    // Nor does it help to go on from there, or to go back.
    let longer = Tree { size: 40, root: Hash::of_leaf(b"another tree") };
    let proof = consistency::prove(33, 40, &mut honest.nodes()).unwrap().unwrap();
    let refused = ask(&mut witness, &signed(&log_key, 33, longer, proof));
    assert!(matches!(refused, Err(Refusal::InvalidProof(_))), "{refused:?}");
    assert_eq!(ask(&mut witness, &request(&honest, &log_key, 20, 25)), Err(Refusal::OtherSize { size: 33 }));
    let shrunk = signed(&log_key, 33, honest.tree(20), Vec::new());
    assert_eq!(ask(&mut witness, &shrunk).unwrap_err().status(), 400);
    assert!(ask(&mut witness, &request(&honest, &log_key, 33, 40)).is_ok());
}

#[test]
fn a_request_that_cannot_be_read_says_what_was_expected() {
    let log_key = key("example.jp/log", Kind::Ed25519);
    let good = signed(&log_key, 0, Log::new(3).tree(3), Vec::new()).to_string();
    assert!(AddCheckpoint::parse(good.as_bytes()).is_ok());
    let hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
    let long = good.replacen("old 0\n", &format!("old 0\n{}", hash.repeat(64)), 1);
    for bad in
        ["", "old 00", "new 0", &good.replace("old 0", "old 4"), &good.replace("old 0", "old x"), &long]
    {
        assert_eq!(AddCheckpoint::parse(bad.as_bytes()).unwrap_err().status(), 400, "{bad}");
    }
}
