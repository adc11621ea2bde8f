//! The commands over a ledger in PostgreSQL.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use nattoku_testkit::postgresql::Postgresql;

use crate::folders::folder;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A key-encryption key for the ledgers of one test.
fn kek(folder: &Path) -> String {
    let kek = format!("file:{}", folder.join("test.kek").display());
    said(&nattoku("sqlite:none", "", &["ledger", "sealing", "create", &kek]));
    kek
}

fn nattoku(store: &str, kek: &str, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nattoku"));
    if kek.is_empty() {
        command.env_remove("NATTOKU_KEK");
    } else {
        command.env("NATTOKU_KEK", kek);
    }
    command
        .env("NATTOKU_POLICY", project().join("policies/carrier"))
        .env("NATTOKU_STORE", store)
        .env("LC_ALL", "C.UTF-8")
        .args(args)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_ledger_in_postgresql_is_used_like_one_in_a_file() {
    let Some(server) = Postgresql::start("commands") else { return };
    server.make_database("tour");
    let tour = server.address("tour");
    let folder = folder("in_postgresql");
    let kek = &kek(&folder);
    let absent = nattoku(&tour, kek, &["ledger", "stats"]);
    assert_eq!(absent.status.code(), Some(3));
    let told = String::from_utf8_lossy(&absent.stderr).into_owned();
    assert!(told.contains("there is no store at `postgres://postgres@/"), "{told}");

    let events = project().join("docs/tour/hana.jsonl");
    let import = ["ledger", "import", events.to_str().unwrap(), "--keep-recorded-at"];
    let no_kek = nattoku(&tour, "", &import);
    assert_eq!(no_kek.status.code(), Some(3));
    let told = String::from_utf8_lossy(&no_kek.stderr).into_owned();
    assert!(told.contains("nattoku ledger sealing create file:") && told.contains("NATTOKU_KEK"), "{told}");
    said(&nattoku(&tour, kek, &import));
    let file = format!("sqlite:{}", folder.join("ledger.sqlite").display());
    said(&nattoku(&file, kek, &import));
    let both = |args: &[&str]| {
        let (server, file) = (nattoku(&tour, kek, args), nattoku(&file, kek, args));
        assert_eq!((server.status, &server.stdout), (file.status, &file.stdout), "{args:?}");
        assert!(!server.stdout.is_empty(), "{}", String::from_utf8_lossy(&server.stderr));
    };
    both(&["ledger", "export"]);
    let grant = ["consent", "grant", "partner_sharing", "--principal", "hana", "--channel", "shop"];
    for store in [&tour, &file] {
        assert!(said(&nattoku(store, kek, &grant)).contains("R-"));
    }
    let question =
        ["--application", "campaign_platform", "--action", "provide", "--activity", "partner_offers"];
    let about = ["--category", "purchase", "--recipient", "store_partners", "--format", "concise"];
    both(&[&["decide", "--principal", "hana"][..], &question, &about].concat());
    both(&[&["audience"][..], &question, &about].concat());
    assert!(said(&nattoku(&tour, kek, &["ledger", "verify"])).contains("events verified"));
    // Erased in both steps, and told that the server overwrites what was deleted when it will.
    let erased = nattoku(&tour, kek, &["ledger", "erase", "--principal", "hana"]);
    assert!(said(&erased).contains("is erased from what is in use"));
    let told = String::from_utf8_lossy(&erased.stderr).into_owned();
    assert!(told.contains("in the server's files and logs until it overwrites them"), "{told}");
    assert!(said(&nattoku(&tour, kek, &["ledger", "erase", "--everywhere"])).contains("from every copy"));
    assert!(said(&nattoku(&tour, kek, &["ledger", "sealing", "show"])).contains("its version         2"));
    assert!(!said(&nattoku(&tour, kek, &["ledger", "export"])).contains("hana"));
    said(&nattoku(&tour, kek, &["ledger", "verify"]));
}

#[test]
fn a_ledger_moves_to_postgresql_and_back_with_its_root() {
    let Some(server) = Postgresql::start("moving") else { return };
    server.make_database("ledger");
    server.make_database("other");
    let folder = folder("moving");
    let kek = &kek(&folder);
    let file = |name: &str| format!("sqlite:{}", folder.join(name).display());
    let events = project().join("docs/tour/hana.jsonl");
    let one = file("one.sqlite");
    said(&nattoku(&one, kek, &["ledger", "import", events.to_str().unwrap(), "--keep-recorded-at"]));
    let stats = said(&nattoku(&one, kek, &["ledger", "stats"]));
    let mut from = one;
    for to in [server.address("ledger"), file("back.sqlite")] {
        let whole = folder.join("whole.jsonl");
        std::fs::write(&whole, said(&nattoku(&from, kek, &["ledger", "export", "--whole"]))).unwrap();
        assert!(!std::fs::read_to_string(&whole).unwrap().contains("\"hana\""));
        let import = ["ledger", "import", whole.to_str().unwrap(), "--whole"];
        assert!(said(&nattoku(&to, kek, &import)).contains("has arrived, root "));
        assert_eq!(said(&nattoku(&to, kek, &["ledger", "stats"])), stats);
        said(&nattoku(&to, kek, &["ledger", "verify"]));
        let again = nattoku(&to, kek, &import);
        assert_eq!(again.status.code(), Some(3), "what is there is left alone");
        from = to;
    }
    let cut = nattoku(&file("cut.sqlite"), kek, &["ledger", "import", events.to_str().unwrap(), "--whole"]);
    assert_eq!(cut.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&cut.stderr).contains("hana.jsonl:1: not a line of a whole ledger"));
    // What came in wrong stays; the remedy that is told is one.
    let whole = std::fs::read_to_string(folder.join("whole.jsonl")).unwrap();
    let changed = folder.join("changed.jsonl");
    let other_channel = whole.replacen(r#"\"channel\":\"shop\""#, r#"\"channel\":\"call\""#, 1);
    assert_ne!(other_channel, whole);
    std::fs::write(&changed, other_channel).unwrap();
    let import = |to: &str, lines: &str| {
        let lines = folder.join(lines);
        nattoku(to, kek, &["ledger", "import", lines.to_str().unwrap(), "--whole"])
    };
    let told_to_remove = |to: &str, what: &[&str]| {
        let other = import(to, "changed.jsonl");
        assert_eq!(other.status.code(), Some(1));
        let told = String::from_utf8_lossy(&other.stdout).into_owned();
        assert!(what.iter().all(|what| told.contains(what)), "{told}");
    };
    told_to_remove(&file("other.sqlite"), &["; remove `", "other.sqlite.keys`", "`-wal` and `-shm`"]);
    for ending in ["", "-wal", "-shm", ".keys", ".keys-wal", ".keys-shm"] {
        let _ = std::fs::remove_file(folder.join(format!("other.sqlite{ending}")));
    }
    said(&import(&file("other.sqlite"), "whole.jsonl"));
    let remove = "drop schema nattoku, nattoku_keys cascade";
    told_to_remove(&server.address("other"), &[remove]);
    server.ask("other", remove);
    said(&import(&server.address("other"), "whole.jsonl"));
}

#[test]
fn a_ledger_in_postgresql_is_a_log_that_others_check() {
    let Some(server) = Postgresql::start("log") else { return };
    server.make_database("ledger");
    let folder = folder("log_in_postgresql");
    let kek = &kek(&folder);
    let (here, there) =
        (server.address("ledger"), format!("sqlite:{}", folder.join("moved.sqlite").display()));
    let events = project().join("docs/tour/hana.jsonl");
    said(&nattoku(&here, kek, &["ledger", "import", events.to_str().unwrap(), "--keep-recorded-at"]));
    let many = folder.join("many.jsonl");
    let line =
        r#"{"event":"data_erased","principal":"pN","at":"2020-01-01T00:00:00Z","category":"purchase"}"#;
    let lines: Vec<String> = (0..300).map(|n| line.replace('N', &n.to_string())).collect();
    std::fs::write(&many, lines.join("\n")).unwrap();
    said(&nattoku(&here, kek, &["ledger", "import", many.to_str().unwrap()]));
    let whole = folder.join("whole.jsonl");
    std::fs::write(&whole, said(&nattoku(&here, kek, &["ledger", "export", "--whole"]))).unwrap();
    said(&nattoku(&there, kek, &["ledger", "import", whole.to_str().unwrap(), "--whole"]));

    // It is one ledger in two places: what is signed of it and proved by it is the same to the byte.
    let path = |file: &str| folder.join(file).to_str().unwrap().to_owned();
    let (key, public, checkpoint) = (path("log.key"), path("log.key.pub"), path("log.key.checkpoint"));
    said(&nattoku(&here, kek, &["ledger", "key", "new", &key]));
    let both = |args: &[&str]| {
        let (here, there) = (said(&nattoku(&here, kek, args)), said(&nattoku(&there, kek, args)));
        assert_eq!(here, there, "{args:?}");
        here
    };
    assert_eq!(both(&["ledger", "checkpoint", "--key", &key]).lines().nth(1), Some("308"));
    both(&["ledger", "prove", "inclusion", "6", "--checkpoint", &checkpoint]);
    both(&["ledger", "prove", "consistency", "133", "--checkpoint", &checkpoint]);
    both(&["receipt", "issue", "--principal", "hana", "--key", &key]);
    let since = both(&["ledger", "verify", "--since", &checkpoint, "--key", &public]);
    assert!(since.contains("308 events verified, continuing the checkpoint of 308"), "{since}");
    let receipt = path("receipt.json");
    said(&nattoku(
        &here,
        kek,
        &["receipt", "issue", "--principal", "hana", "--key", &key, "--out", &receipt],
    ));
    assert!(
        said(&nattoku(&there, kek, &["receipt", "verify", &receipt, "--key", &public])).contains("verified")
    );
    for (store, to) in [(&here, "here"), (&there, "there")] {
        said(&nattoku(store, kek, &["ledger", "tiles", &path(to), "--checkpoint", &checkpoint]));
    }
    for tile in ["checkpoint", "tile/0/000", "tile/0/001.p/52", "tile/1/000.p/1", "tile/entries/001.p/52"] {
        let read = |at: &str| std::fs::read(folder.join(at).join(tile)).unwrap();
        assert_eq!(read("here"), read("there"), "{tile}");
    }

    // A node that was changed is named, and another ledger does not continue this one.
    server.ask("ledger", "update nattoku.nodes set hash = sha256('') where place = (1::bigint << 56) + 2");
    let wrong = nattoku(&here, kek, &["ledger", "verify"]);
    assert_eq!(wrong.status.code(), Some(1));
    let told = String::from_utf8_lossy(&wrong.stdout).into_owned();
    assert!(told.contains("revision 48: the node 2 of level 4"), "{told}");
    server.ask("ledger", "drop schema nattoku, nattoku_keys cascade");
    said(&nattoku(&here, kek, &["ledger", "import", events.to_str().unwrap(), "--keep-recorded-at"]));
    let other = nattoku(&here, kek, &["ledger", "verify", "--since", &checkpoint, "--key", &public]);
    assert_eq!(other.status.code(), Some(1), "{}", String::from_utf8_lossy(&other.stdout));
}

#[test]
fn a_backup_is_a_ledger() {
    let folder = folder("backup");
    let file = |name: &str| format!("sqlite:{}", folder.join(name).display());
    let kek = &kek(&folder);
    let events = project().join("docs/tour/hana.jsonl");
    said(&nattoku(
        &file("one.sqlite"),
        kek,
        &["ledger", "import", events.to_str().unwrap(), "--keep-recorded-at"],
    ));
    let copy = folder.join("copy.sqlite");
    let keys = folder.join("copy.sqlite.keys");
    let backup = ["ledger", "backup", copy.to_str().unwrap(), "--keys", keys.to_str().unwrap()];
    assert!(said(&nattoku(&file("one.sqlite"), kek, &backup)).contains(": revision "));
    let stats = |name: &str| said(&nattoku(&file(name), kek, &["ledger", "stats"]));
    assert_eq!(stats("copy.sqlite"), stats("one.sqlite"));
    said(&nattoku(&file("copy.sqlite"), kek, &["ledger", "verify"]));
    assert_eq!(nattoku(&file("one.sqlite"), kek, &backup).status.code(), Some(3));
}

#[test]
fn a_password_in_an_address_is_never_printed() {
    for store in ["postgres://me:secret@nowhere.invalid/l?connect_timeout=1", "postgre://me:secret@host/l"] {
        for args in
            [&["ledger", "stats"][..], &["ledger", "stats", "--help"], &["ledger", "stats", "--lang", "ja"]]
        {
            let output = nattoku(store, "", args);
            let all = [output.stdout, output.stderr].concat();
            assert!(!String::from_utf8_lossy(&all).contains("secret"), "{}", String::from_utf8_lossy(&all));
        }
    }
}
