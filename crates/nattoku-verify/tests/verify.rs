//! The verifier on a log made for it: what holds is said to, and what was changed is named.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use nattoku_ledger::{
    AddCheckpoint, Bundle, Checkpoint, Frontier, Hash, Json, Kind, LogProof, Node, Note, Receipt, Row,
    SigningKey, Tile, Tree, consistency, inclusion, receipt,
};

/// A log of so many leaves, as files, with the keys of log and witness.
struct Log {
    folder: PathBuf,
    leaves: Vec<Vec<u8>>,
    key: SigningKey,
    witness: SigningKey,
}

const LEAF: &str = "\u{1}{\"at\":\"2026-01-01T00:00:00Z\",\"by\":\"principal\",\"choice\":\"offers\",\"event\":\"choice_declined\",\
    \"principal\":\"00\",\"recorded_at\":\"2026-01-01T00:00:01Z\"}";

impl Log {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let mut leaves: Vec<Vec<u8>> = (0..600_u32).map(|i| i.to_be_bytes().to_vec()).collect();
        leaves[299] = LEAF.as_bytes().to_vec();
        let key = SigningKey::new("example.jp/log", Kind::Ed25519, [1; 32]).unwrap();
        let witness = SigningKey::new("w.example", Kind::CosignatureMlDsa44, [2; 32]).unwrap();
        let log = Self { folder, leaves, key, witness };
        log.write("log.pub", log.key.verifying_key().to_string().as_bytes());
        log.write("w.pub", log.witness.verifying_key().to_string().as_bytes());
        log.write("checkpoint", log.checkpoint(600).to_string().as_bytes());
        log.write("kept", log.checkpoint(300).to_string().as_bytes());
        for tile in Tile::since(0, 600) {
            log.write(&tile.to_string(), &log.tile(tile));
        }
        log
    }

    fn nodes(&self) -> impl FnMut(Node) -> Result<Hash, ()> {
        |node| {
            let first = usize::try_from(node.index).unwrap() << node.level;
            let mut tree = Frontier::new();
            self.leaves[first..first + (1 << node.level)]
                .iter()
                .for_each(|leaf| tree.append(Hash::of_leaf(leaf)));
            Ok(tree.root())
        }
    }

    fn tree(&self, size: u64) -> Tree {
        Tree { size, root: nattoku_ledger::node::root(size, &mut self.nodes()).unwrap() }
    }

    fn checkpoint(&self, size: u64) -> Note {
        let mut note = Note::new(Checkpoint::of("example.jp/log", self.tree(size)).to_string()).unwrap();
        note.sign(&self.key, 0).unwrap();
        note.sign(&self.witness, 5).unwrap();
        note
    }

    fn tile(&self, tile: Tile) -> Vec<u8> {
        let places = tile.first()..tile.first() + u64::from(tile.width);
        match tile.row {
            Row::Hashes(level) => {
                let mut nodes = self.nodes();
                places.flat_map(|index| nodes(Node { level: 8 * level, index }).unwrap().0).collect()
            }
            Row::Entries => {
                let mut bundle = Bundle::default();
                places.for_each(|index| bundle.push(&self.leaves[usize::try_from(index).unwrap()]).unwrap());
                bundle.into_bytes()
            }
        }
    }

    fn receipt(&self) -> Receipt {
        let hashes = inclusion::prove(299, 600, &mut self.nodes()).unwrap().unwrap();
        let proof =
            LogProof { extra: None, index: 299, hashes, checkpoint: self.checkpoint(600).to_string() };
        let event = Json::object([
            ("event_type", "choice_declined".into()),
            ("event_time", "2026-01-01T00:00:00Z".into()),
            ("entity_id", "principal".into()),
        ]);
        let record = Json::object([
            ("record_id", receipt::number(300).into()),
            ("pii_principal_id", "00".into()),
            (
                "ledger",
                Json::object([
                    ("origin", "example.jp/log".into()),
                    ("revision", "300".into()),
                    ("leaf_hash", Hash::of_leaf(LEAF.as_bytes()).to_string().into()),
                ]),
            ),
            ("events", Json::List(vec![event])),
        ]);
        Receipt::issue(record, LEAF.to_owned(), None, proof, &self.key).unwrap()
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_nattoku-verify"))
            .current_dir(&self.folder)
            .env("LC_ALL", "C.UTF-8")
            .args(args)
            .args(["--key", "log.pub", "--witness", "w.pub"])
            .output()
            .unwrap()
    }

    fn holds(&self, args: &[&str], wanted: &str) {
        let output = self.run(args);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(said.contains(wanted), "{said}");
    }

    fn fails(&self, args: &[&str], wanted: &str) {
        let output = self.run(args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(wanted), "{said}");
    }
}

#[test]
fn a_receipt() {
    let log = Log::new("receipt");
    let file = log.receipt().to_json();
    log.write("receipt.json", file.as_bytes());
    log.holds(&["receipt", "receipt.json"], "choice_declined at 2026-01-01T00:00:00Z, revision 300");
    log.holds(&["receipt", "receipt.json", "--lang", "ja"], "確かめました");
    log.write("receipt.json", file.replace("principal\\\"", "guardian\\\"").as_bytes());
    log.fails(&["receipt", "receipt.json"], "`proof`: the proof leads to another root");
}

#[test]
fn a_checkpoint_and_one_that_continues_it() {
    let log = Log::new("consistency");
    log.holds(&["checkpoint", "checkpoint"], "verified: `example.jp/log`, 600 events");
    let proof = consistency::prove(300, 600, &mut log.nodes()).unwrap().unwrap();
    let note = log.checkpoint(600);
    let checkpoint = Checkpoint::parse(note.text()).unwrap();
    let mut request = AddCheckpoint { old: 300, proof, note, checkpoint };
    log.write("request", request.to_string().as_bytes());
    log.holds(&["consistency", "kept", "request"], "the checkpoint of 600 events continues the one of 300");
    request.proof.pop();
    log.write("request", request.to_string().as_bytes());
    log.fails(&["consistency", "kept", "request"], "a proof for these sizes");
    let text = std::fs::read_to_string(log.folder.join("kept")).unwrap();
    log.write("kept", text.replace("\n300\n", "\n301\n").as_bytes());
    log.fails(&["checkpoint", "kept"], "invalid signature");
    let asked = log.run(&["checkpoint", "absent"]);
    assert_eq!(asked.status.code(), Some(2));
}

#[test]
fn a_whole_log_and_whatever_was_changed_in_it() {
    let log = Log::new("whole");
    log.holds(&["log", "."], "verified: 600 events, root ");
    log.holds(&["log", ".", "--since", "kept"], "continuing the checkpoint of 300");
    let changed = |name: &str, place: usize, wanted: &str| {
        let path = log.folder.join(name);
        let bytes = std::fs::read(&path).unwrap();
        let mut other = bytes.clone();
        other[place] ^= 4;
        std::fs::write(&path, other).unwrap();
        log.fails(&["log", "."], wanted);
        std::fs::write(&path, bytes).unwrap();
    };
    changed("tile/entries/001", 5, "the hash of the leaf of index 256 is not that of the leaf");
    changed("tile/0/002.p/88", 40, "the hash of the leaf of index 513");
    changed("tile/1/000.p/2", 0, "the hashes of its tiles are not those of its leaves");
    changed("tile/entries/000", 0, "the bundle ends within a leaf");
    log.write(
        "kept",
        {
            let mut note = Note::new(
                Checkpoint::of("example.jp/log", Tree { size: 300, root: Hash([7; 32]) }).to_string(),
            )
            .unwrap();
            note.sign(&log.key, 0).unwrap();
            note.sign(&log.witness, 5).unwrap();
            note.to_string()
        }
        .as_bytes(),
    );
    log.fails(&["log", ".", "--since", "kept"], "the log does not continue its 300 events");
}
