//! Keys, rotation and erasure, as they are asked for at a terminal.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::folders::folder;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn nattoku(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nattoku"))
        .env("NATTOKU_POLICY", project().join("policies/carrier"))
        .env("NATTOKU_STORE", "sqlite:ledger.sqlite")
        .env_remove("NATTOKU_KEK")
        .env("LC_ALL", "C.UTF-8")
        .current_dir(dir)
        .args(args)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn json(dir: &Path, args: &[&str]) -> Value {
    let output = nattoku(dir, &[args, &["--format", "json"]].concat());
    assert!(output.status.success(), "{args:?}: {}", told(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Imports the tour, and the same about somebody else.
fn import(dir: &Path) {
    let tour = std::fs::read_to_string(project().join("docs/tour/hana.jsonl")).unwrap();
    let born = r#"{"event":"principal_registered","principal":"jiro","at":"2015-04-01T00:00:00Z","born":"1971-02-03"}"#;
    let both = tour.lines().map(|line| format!("{line}\n{}\n", line.replace("\"hana\"", "\"jiro\"")));
    std::fs::write(dir.join("events.jsonl"), both.collect::<String>() + born + "\n").unwrap();
    let imported = nattoku(dir, &["ledger", "import", "events.jsonl", "--keep-recorded-at"]);
    assert!(imported.status.success(), "{}", told(&imported));
}

/// What is decided about the other one.
fn decided(dir: &Path) -> Value {
    serde_json::from_slice(&nattoku(dir, &QUESTION).stdout).unwrap()
}

const QUESTION: [&str; 15] = [
    "decide",
    "--application",
    "billing_system",
    "--action",
    "use",
    "--activity",
    "invoicing",
    "--category",
    "contact.address",
    "--at",
    "2026-05-01T00:00:00Z",
    "--principal",
    "jiro",
    "--format",
    "json",
];

#[test]
fn an_erased_customer_is_gone_and_everything_else_is_as_before() {
    let dir = folder("erased-customer");
    import(&dir);
    let before = decided(&dir);
    let ids = |of: &str| std::fs::read(dir.join(of)).unwrap();
    assert!(
        nattoku(
            &dir,
            &[
                "audience",
                "--application",
                "billing_system",
                "--action",
                "use",
                "--activity",
                "invoicing",
                "--category",
                "contact.address"
            ]
        )
        .status
        .success()
    );
    assert!(dir.join("ledger.sqlite.population").exists());

    let erased = json(&dir, &["ledger", "erase", "--principal", "hana"]);
    assert_eq!(
        (erased["revision"].as_u64(), erased["logs_are_empty"].as_bool()),
        (Some(before["revision"].as_u64().unwrap() + 1), Some(true))
    );
    assert!(!dir.join("ledger.sqlite.population").exists(), "the snapshot told of her");
    let keys = json(&dir, &["ledger", "sealing", "show"]);
    assert_eq!((keys["erased_live"].as_u64(), keys["kek_version"].as_u64()), (Some(1), Some(1)));

    let everywhere = json(&dir, &["ledger", "erase", "--everywhere"]);
    assert_eq!(everywhere["erased_everywhere"][0]["principal"], erased["erased_live"]);
    let keys = json(&dir, &["ledger", "sealing", "show"]);
    assert_eq!(
        (keys["erased_live"].as_u64(), keys["erased_everywhere"].as_u64(), keys["kek_version"].as_u64()),
        (Some(0), Some(1), Some(2))
    );
    assert_eq!(
        json(&dir, &["ledger", "erase", "--everywhere"])["erased_everywhere"].as_array().unwrap().len(),
        0
    );

    // The ledger holds, nobody is called hana, and jiro is decided about as before.
    assert!(nattoku(&dir, &["ledger", "verify"]).status.success());
    let gone = nattoku(&dir, &["ledger", "erase", "--principal", "hana"]);
    assert_eq!(gone.status.code(), Some(2), "{}", told(&gone));
    assert!(!said(&nattoku(&dir, &["ledger", "export"])).contains("hana"));
    let mut after = decided(&dir);
    after["revision"] = before["revision"].clone();
    assert_eq!(after, before);
    for personal in ["hana", "jiro", "1971-02-03"] {
        for file in ["ledger.sqlite", "ledger.sqlite.keys"] {
            let bytes = ids(file);
            assert!(!bytes.windows(personal.len()).any(|w| w == personal.as_bytes()), "{personal} in {file}");
        }
    }
}

#[test]
fn keys_rotate_and_may_rest_elsewhere() {
    let dir = folder("keys-elsewhere");
    let made = nattoku(&dir, &["ledger", "sealing", "create", "file:my.kek"]);
    assert!(said(&made).starts_with("made the key-encryption key file:my.kek"), "{}", told(&made));
    let again = nattoku(&dir, &["ledger", "sealing", "create", "file:my.kek", "--lang", "ja"]);
    assert!(again.status.code() == Some(3) && told(&again).contains("書けません"), "{}", told(&again));
    std::fs::write(dir.join("nattoku.toml"), "[keys]\nkek = \"file:my.kek\"\n").unwrap();
    import(&dir);
    assert!(!dir.join("ledger.sqlite.kek").exists());
    let rotated = nattoku(&dir, &["ledger", "sealing", "rotate", "--groups"]);
    assert!(
        said(&rotated).contains("has version 2") && told(&rotated).contains("make a new one"),
        "{}",
        said(&rotated)
    );
    assert!(said(&nattoku(&dir, &["ledger", "sealing", "show"])).contains("file:my.kek"));
    assert!(nattoku(&dir, &["ledger", "verify"]).status.success());

    // The wrong key, no key, and what is none: each says what to do.
    let refused = |settings: &str, code: i32, wanted: &str| {
        std::fs::write(dir.join("nattoku.toml"), settings).unwrap();
        let output = nattoku(&dir, &["ledger", "stats"]);
        assert_eq!(output.status.code(), Some(code), "{settings}: {}", told(&output));
        assert!(told(&output).contains(wanted), "{settings}: {}", told(&output));
    };
    assert!(nattoku(&dir, &["ledger", "sealing", "create", "file:other.kek"]).status.success());
    refused("[keys]\nkek = \"file:other.kek\"\n", 3, "check `kek` under `[keys]`");
    refused("[keys]\nkek = \"file:none.kek\"\n", 3, "put it back");
    refused("[keys]\nkek = \"fil:my.kek\"\n", 2, "write it as file:PATH");
    refused("[keys]\nkek = \"pkcs11:token/label\"\n", 2, "needs `pkcs11_module`");
    refused("[keys]\nkek = \"transit:mount/key\"\n", 2, "needs `transit_address`");
    refused("[keys]\nkey = \"file:my.kek\"\n", 2, "settings: kek");
    refused("keys = 1\n", 2, "must be a table");
    refused("", 3, "cannot be read");
}

#[test]
fn a_ledger_in_the_clear_is_sealed_when_asked() {
    let dir = folder("migrate");
    import(&dir);
    let sealed = nattoku(&dir, &["ledger", "migrate"]);
    assert!(said(&sealed).contains("sealed already"), "{}", told(&sealed));
    // The format's number stands at bytes 60 to 63 of an SQLite file, as user_version.
    let mut bytes = std::fs::read(dir.join("ledger.sqlite")).unwrap();
    bytes[60..64].copy_from_slice(&1_u32.to_be_bytes());
    std::fs::write(dir.join("ledger.sqlite"), &bytes).unwrap();
    let older = nattoku(&dir, &["ledger", "stats"]);
    assert_eq!(older.status.code(), Some(3));
    assert!(
        told(&older).contains("back it up, then run `nattoku ledger migrate --store sqlite:ledger.sqlite`"),
        "{}",
        told(&older)
    );
}
