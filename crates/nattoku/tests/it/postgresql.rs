//! The commands over a ledger in PostgreSQL.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use nattoku_testkit::postgresql::Postgresql;

use crate::folders::folder;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn nattoku(store: &str, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nattoku"))
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
    let absent = nattoku(&tour, &["ledger", "stats"]);
    assert_eq!(absent.status.code(), Some(3));
    let told = String::from_utf8_lossy(&absent.stderr).into_owned();
    assert!(told.contains("there is no store at `postgres://postgres@/"), "{told}");

    let events = project().join("docs/tour/hana.jsonl");
    let import = ["ledger", "import", events.to_str().unwrap(), "--keep-recorded-at"];
    said(&nattoku(&tour, &import));
    let file = format!("sqlite:{}", folder("in_postgresql").join("ledger.sqlite").display());
    said(&nattoku(&file, &import));
    let both = |args: &[&str]| {
        let (server, file) = (nattoku(&tour, args), nattoku(&file, args));
        assert_eq!((server.status, &server.stdout), (file.status, &file.stdout), "{args:?}");
        assert!(!server.stdout.is_empty(), "{}", String::from_utf8_lossy(&server.stderr));
    };
    both(&["ledger", "export"]);
    let grant = ["consent", "grant", "partner_sharing", "--principal", "hana", "--channel", "shop"];
    for store in [&tour, &file] {
        assert!(said(&nattoku(store, &grant)).contains("R-"));
    }
    let question =
        ["--application", "campaign_platform", "--action", "provide", "--activity", "partner_offers"];
    let about = ["--category", "purchase", "--recipient", "store_partners", "--format", "concise"];
    both(&[&["decide", "--principal", "hana"][..], &question, &about].concat());
    both(&[&["audience"][..], &question, &about].concat());
    assert!(said(&nattoku(&tour, &["ledger", "verify"])).contains("events verified"));
}

#[test]
fn a_password_in_an_address_is_never_printed() {
    for store in ["postgres://me:secret@nowhere.invalid/l?connect_timeout=1", "postgre://me:secret@host/l"] {
        for args in
            [&["ledger", "stats"][..], &["ledger", "stats", "--help"], &["ledger", "stats", "--lang", "ja"]]
        {
            let output = nattoku(store, args);
            let all = [output.stdout, output.stderr].concat();
            assert!(!String::from_utf8_lossy(&all).contains("secret"), "{}", String::from_utf8_lossy(&all));
        }
    }
}
