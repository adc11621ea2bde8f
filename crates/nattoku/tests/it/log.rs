//! A ledger as a log that others check: keys, checkpoints, tiles, proofs, witnesses.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::folders::{carrier, folder};

/// A folder with the ledger of the tour in it.
pub(crate) struct Given {
    pub(crate) folder: PathBuf,
}

impl Given {
    pub(crate) fn new(name: &str) -> Self {
        let given = Self { folder: folder(name) };
        given.import("ledger.sqlite");
        given
    }

    fn import(&self, store: &str) {
        let events = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/tour/hana.jsonl");
        let events = std::fs::canonicalize(events).unwrap();
        let imported =
            self.of_store(store, &["ledger", "import", events.to_str().unwrap(), "--keep-recorded-at"]);
        assert!(imported.status.success(), "{}", told(&imported));
    }

    fn of_store(&self, store: &str, args: &[&str]) -> Output {
        self.command_of(store, args).output().unwrap()
    }

    fn command_of(&self, store: &str, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nattoku"));
        command
            .current_dir(&self.folder)
            .env("NATTOKU_POLICY", std::fs::canonicalize(carrier()).unwrap())
            .env("NATTOKU_STORE", format!("sqlite:{store}"))
            .env("LC_ALL", "C.UTF-8")
            .args(args);
        command
    }

    /// A command over the ledger, to be run.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        self.command_of("ledger.sqlite", args)
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.of_store("ledger.sqlite", args)
    }

    /// Runs what must succeed, and gives what it printed.
    pub(crate) fn said(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", told(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        std::fs::write(self.folder.join(file), text).unwrap();
    }

    pub(crate) fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.folder.join(file)).unwrap()
    }

    /// One more event.
    pub(crate) fn grow(&self, choice: &str) {
        self.said(&["choice", "decline", choice, "--principal", "hana"]);
    }

    /// Copies the ledger, with what is not yet in its file.
    pub(crate) fn copy(&self, from: &str, to: &str) {
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(self.folder.join(format!("{to}{suffix}")));
            let from = self.folder.join(format!("{from}{suffix}"));
            if from.exists() {
                std::fs::copy(from, self.folder.join(format!("{to}{suffix}"))).unwrap();
            }
        }
    }
}

pub(crate) fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn a_private_key_is_its_owners_alone_and_never_written_over() {
    let given = Given::new("log-key");
    let made = given.said(&["ledger", "key", "new", "log.key"]);
    assert!(made.contains("private key of `nattoku.invalid/") && !made.contains("PRIVATE+KEY"), "{made}");
    let private = given.read("log.key");
    assert!(private.starts_with("PRIVATE+KEY+nattoku.invalid/"));
    assert!(given.read("log.key.pub").starts_with("nattoku.invalid/"));
    let again = given.run(&["ledger", "key", "new", "log.key"]);
    assert_eq!((again.status.code(), given.read("log.key")), (Some(2), private));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let path = given.folder.join("log.key");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let refused = given.run(&["ledger", "checkpoint", "--key", "log.key"]);
        assert_eq!(refused.status.code(), Some(2));
        assert!(told(&refused).contains("chmod 600"), "{}", told(&refused));
    }
}

#[test]
fn the_origin_is_what_the_settings_say() {
    let given = Given::new("log-origin");
    given.write("nattoku.toml", "[ledger]\norigin = \"privacy.example.jp/nattoku\"\n");
    given.said(&["ledger", "key", "new", "log.key"]);
    let checkpoint = given.said(&["ledger", "checkpoint", "--key", "log.key"]);
    assert!(checkpoint.starts_with("privacy.example.jp/nattoku\n8\n"), "{checkpoint}");
    given.write("nattoku.toml", "[ledger]\norigin = \"privacy.example.jp/other\"\n");
    let other = given.run(&["ledger", "checkpoint", "--key", "log.key"]);
    assert_eq!(other.status.code(), Some(2), "{}", told(&other));
    for (settings, wanted) in [
        ("[ledger]\norigni = \"a\"\n", "origin"),
        ("[ledger]\norigin = \"a b\"\n", "`+`"),
        ("ledger = 1\n", "[ledger]"),
    ] {
        given.write("nattoku.toml", settings);
        let refused = given.run(&["ledger", "checkpoint", "--key", "log.key"]);
        assert_eq!(refused.status.code(), Some(2));
        assert!(told(&refused).contains(wanted), "{}", told(&refused));
    }
}

#[test]
fn a_checkpoint_is_signed_only_where_it_continues_the_one_before() {
    let given = Given::new("log-continues");
    given.said(&["ledger", "key", "new", "log.key"]);
    let first = given.said(&["ledger", "checkpoint", "--key", "log.key"]);
    assert_eq!(given.read("log.key.checkpoint"), first);
    assert_eq!(given.said(&["ledger", "checkpoint", "--key", "log.key"]), first, "nothing is new");
    given.copy("ledger.sqlite", "backup.sqlite");
    given.grow("offers");
    let second = given.said(&["ledger", "checkpoint", "--key", "log.key"]);
    assert_eq!(second.lines().nth(1), Some("9"));

    // A ledger that was set back, with and without other events on top, is not signed; what is kept stays.
    given.copy("backup.sqlite", "ledger.sqlite");
    let shorter = given.run(&["ledger", "checkpoint", "--key", "log.key"]);
    assert_eq!(shorter.status.code(), Some(3));
    assert!(
        told(&shorter).contains("a checkpoint of 9 events was signed, and the ledger has 8"),
        "{}",
        told(&shorter)
    );
    given.grow("offers");
    let forked = given.run(&["ledger", "checkpoint", "--key", "log.key", "--lang", "ja"]);
    assert_eq!(forked.status.code(), Some(3));
    assert!(told(&forked).contains("最初の 9 件"), "{}", told(&forked));
    assert_eq!(given.read("log.key.checkpoint"), second);
}

#[test]
fn verify_sees_whether_a_kept_checkpoint_is_continued() {
    let given = Given::new("log-since");
    given.said(&["ledger", "key", "new", "log.key"]);
    given.said(&["ledger", "checkpoint", "--key", "log.key"]);
    std::fs::copy(given.folder.join("log.key.checkpoint"), given.folder.join("kept")).unwrap();
    given.grow("offers");
    let since = ["ledger", "verify", "--since", "kept", "--key", "log.key.pub"];
    assert!(given.said(&since).contains("9 events verified, continuing the checkpoint of 8"));
    // The same events imported anew are another log: its principals have other ids.
    given.copy("nothing", "ledger.sqlite");
    for keys in ["ledger.sqlite.keys", "ledger.sqlite.keys-wal", "ledger.sqlite.keys-shm"] {
        let _ = std::fs::remove_file(given.folder.join(keys));
    }
    given.import("ledger.sqlite");
    let other = given.run(&[&since[..], &["--format", "json"]].concat());
    assert_eq!(other.status.code(), Some(1));
    let answer: serde_json::Value = serde_json::from_slice(&other.stdout).unwrap();
    assert_eq!(answer["verified"], false);
    assert!(answer["error"].as_str().unwrap().contains("the first 8 events"), "{answer}");
    let unsigned = given.read("kept").replace("\n8\n", "\n7\n");
    given.write("kept", &unsigned);
    assert_eq!(given.run(&since).status.code(), Some(2), "a checkpoint that nobody signed is none");
}

#[test]
fn tiles_are_written_once_and_the_checkpoint_last() {
    let given = Given::new("log-tiles");
    given.said(&["ledger", "key", "new", "log.key"]);
    given.said(&["ledger", "checkpoint", "--key", "log.key"]);
    let write = ["ledger", "tiles", "public", "--checkpoint", "log.key.checkpoint"];
    assert_eq!(given.said(&write).trim(), "public: the log of 8 events, 2 tiles written");
    assert_eq!(given.read("public/checkpoint"), given.read("log.key.checkpoint"));
    let tile = std::fs::read(given.folder.join("public/tile/0/000.p/8")).unwrap();
    assert_eq!(tile.len(), 8 * 32);
    assert!(given.said(&write).contains("0 tiles written"));
    let line =
        r#"{"event":"data_erased","principal":"pN","at":"2020-01-01T00:00:00Z","category":"purchase"}"#;
    let many: Vec<String> = (0..300).map(|n| line.replace('N', &n.to_string())).collect();
    given.write("many.jsonl", &many.join("\n"));
    given.said(&["ledger", "import", "many.jsonl"]);
    given.said(&["ledger", "checkpoint", "--key", "log.key"]);
    let pruned = given.said(&[&write[..], &["--prune", "--format", "json"]].concat());
    let pruned: serde_json::Value = serde_json::from_str(&pruned).unwrap();
    // A full tile and a partial one of leaves and of their hashes, and one of the level above.
    assert_eq!(
        (&pruned["size"], &pruned["written"], &pruned["removed"]),
        (&308.into(), &5.into(), &2.into())
    );
    assert!(!given.folder.join("public/tile/0/000.p").exists());
    assert_eq!(std::fs::read(given.folder.join("public/tile/0/000")).unwrap()[..256], tile);
    assert!(given.folder.join("public/tile/1/000.p/1").exists());
    // An older checkpoint is never put over a newer one.
    given.write("older", &given.read("public/checkpoint").replace("\n308\n", "\n8\n"));
    let older = given.run(&["ledger", "tiles", "public", "--checkpoint", "older"]);
    assert_ne!(older.status.code(), Some(0));
}

#[test]
fn a_witness_cosigns_what_continues_and_refuses_a_fork() {
    let given = Given::new("log-witness");
    given.said(&["ledger", "key", "new", "log.key"]);
    given.said(&["ledger", "key", "new", "w.key", "--for", "witness", "--name", "witness.example/w1"]);
    given.said(&["ledger", "key", "new", "w-pq.key", "--for", "ml-dsa", "--name", "witness.example/w1"]);
    let witness = |request: &str| {
        given.run(&[
            "ledger",
            "witness",
            request,
            "--key",
            "w.key",
            "--key",
            "w-pq.key",
            "--log",
            "log.key.pub",
            "--state",
            "witnessed",
        ])
    };
    let prove = |old: &str, file: &str| {
        let request =
            given.said(&["ledger", "prove", "consistency", old, "--checkpoint", "log.key.checkpoint"]);
        given.write(file, &request);
    };
    given.said(&["ledger", "checkpoint", "--key", "log.key"]);
    given.copy("ledger.sqlite", "backup.sqlite");
    prove("0", "first");
    let cosigned = witness("first");
    assert_eq!(cosigned.status.code(), Some(0), "{}", told(&cosigned));
    let lines = String::from_utf8(cosigned.stdout).unwrap();
    assert_eq!(lines.lines().filter(|line| line.starts_with("— witness.example/w1 ")).count(), 2, "{lines}");

    // The lines go into the checkpoint, which is then shown with them.
    given.write("lines", &lines);
    let add = ["ledger", "checkpoint", "--key", "log.key", "--add", "lines", "--witness", "w.key.pub"];
    assert!(given.said(&add).contains("— witness.example/w1 "));
    assert!(
        given.said(&["ledger", "checkpoint", "--key", "log.key"]).contains("— witness.example/w1 "),
        "they stay"
    );

    given.grow("offers");
    given.said(&["ledger", "checkpoint", "--key", "log.key"]);
    prove("0", "stale");
    let stale = witness("stale");
    assert_eq!((stale.status.code(), String::from_utf8_lossy(&stale.stdout).as_ref()), (Some(1), "8\n"));
    prove("8", "second");
    assert_eq!(witness("second").status.code(), Some(0));

    // The operator goes back, and signs another history beside the first key's memory.
    given.copy("backup.sqlite", "ledger.sqlite");
    given.grow("offers");
    std::fs::remove_file(given.folder.join("log.key.checkpoint")).unwrap();
    given.said(&["ledger", "checkpoint", "--key", "log.key"]);
    prove("9", "fork");
    let fork = witness("fork");
    assert_eq!(fork.status.code(), Some(1));
    assert!(told(&fork).contains("(409)") && told(&fork).contains("has forked"), "{}", told(&fork));
    given.write("nonsense", "old x\n");
    assert!(told(&witness("nonsense")).contains("(400)"));
    let strangers = given.run(&[
        "ledger",
        "witness",
        "fork",
        "--key",
        "w.key",
        "--log",
        "w.key.pub",
        "--state",
        "witnessed",
    ]);
    assert!(told(&strangers).contains("(404)"), "{}", told(&strangers));
}

#[test]
fn a_proof_of_an_event_is_a_file_that_others_read() {
    let given = Given::new("log-prove");
    given.said(&["ledger", "key", "new", "log.key"]);
    given.said(&["ledger", "checkpoint", "--key", "log.key"]);
    let proof = given.said(&["ledger", "prove", "inclusion", "6", "--checkpoint", "log.key.checkpoint"]);
    assert!(proof.starts_with("c2sp.org/tlog-proof@v1\nindex 5\n"), "{proof}");
    assert!(proof.ends_with(&given.read("log.key.checkpoint")));
    let beyond = given.run(&["ledger", "prove", "inclusion", "9", "--checkpoint", "log.key.checkpoint"]);
    assert_eq!(beyond.status.code(), Some(2));
    assert!(told(&beyond).contains("lies beyond"), "{}", told(&beyond));
}
