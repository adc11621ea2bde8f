//! The commands that the tour of the README does not call.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::folders::{copy_of_carrier, folder};

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn nattoku(store: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nattoku"))
        .env("NATTOKU_POLICY", project().join("policies/carrier"))
        .env("NATTOKU_STORE", format!("sqlite:{}", store.display()))
        .env("LC_ALL", "C.UTF-8")
        .args(args)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The ledger of the tour.
fn tour(name: &str) -> PathBuf {
    let store = folder(name).join("ledger.sqlite");
    let events = project().join("docs/tour/hana.jsonl");
    let imported = nattoku(&store, &["ledger", "import", events.to_str().unwrap(), "--keep-recorded-at"]);
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
    store
}

#[test]
fn a_ledger_goes_out_and_in_again_unchanged() {
    let store = tour("export");
    let exported = said(&nattoku(&store, &["ledger", "export"]));
    let file = store.with_file_name("exported.jsonl");
    std::fs::write(&file, &exported).unwrap();
    let other = store.with_file_name("other.sqlite");
    assert!(
        nattoku(&other, &["ledger", "import", file.to_str().unwrap(), "--keep-recorded-at"]).status.success()
    );
    assert_eq!(said(&nattoku(&other, &["ledger", "export"])), exported);
}

#[test]
fn a_will_told_at_the_desk_is_recorded_with_a_receipt() {
    let store = tour("desk");
    let granted = nattoku(
        &store,
        &[
            "consent",
            "grant",
            "partner_sharing",
            "--principal",
            "hana",
            "--channel",
            "shop",
            "--evidence",
            "form 12",
        ],
    );
    assert!(said(&granted).starts_with("receipt R-0000000009 "), "{}", said(&granted));
    assert!(said(&nattoku(&store, &["consent", "list", "--principal", "hana"])).contains("given"));
    let withdrawn = nattoku(&store, &["consent", "withdraw", "partner_sharing", "--principal", "hana"]);
    assert!(withdrawn.status.success());
    let refuse = || nattoku(&store, &["consent", "withdraw", "location_use", "--principal", "hana"]);
    assert!(refuse().status.success(), "what was never given is refused");
    assert_eq!(refuse().status.code(), Some(2), "and nothing would change by refusing it again");

    assert!(nattoku(&store, &["choice", "decline", "offers", "--principal", "hana"]).status.success());
    assert_eq!(
        nattoku(&store, &["choice", "decline", "offers", "--principal", "hana"]).status.code(),
        Some(2)
    );
    let listed = said(&nattoku(&store, &["choice", "list", "--principal", "hana", "--format", "json"]));
    let offers = listed.lines().find(|l| l.contains("\"offers\"")).unwrap();
    assert!(offers.contains("\"declined\":true"), "{offers}");
    assert!(nattoku(&store, &["choice", "restore", "offers", "--principal", "hana"]).status.success());
    assert_eq!(
        nattoku(&store, &["choice", "decline", "contract_work", "--principal", "hana"]).status.code(),
        Some(2)
    );
}

#[test]
fn formatting_changes_the_layout_once_and_keeps_every_word() {
    let dir = folder("format");
    let text =
        "// why\ncategory   purchase{ja \"購入履歴\";en \"Purchase history\" /* kept */}\n\n\n\n// end\n";
    std::fs::write(dir.join("data.kdl"), text).unwrap();
    let dir_name = dir.to_str().unwrap();
    let checked = nattoku(&dir, &["policy", "format", dir_name, "--check"]);
    assert_eq!((checked.status.code(), said(&checked).trim()), (Some(1), "data.kdl"));
    assert_eq!(std::fs::read_to_string(dir.join("data.kdl")).unwrap(), text);
    assert!(nattoku(&dir, &["policy", "format", dir_name]).status.success());
    let formatted = std::fs::read_to_string(dir.join("data.kdl")).unwrap();
    assert_ne!(formatted, text);
    for kept in ["// why", "購入履歴", "Purchase history", "/* kept */", "// end"] {
        assert!(formatted.contains(kept), "{kept} is gone from\n{formatted}");
    }
    let again = nattoku(&dir, &["policy", "format", dir_name, "--check"]);
    assert_eq!((again.status.code(), said(&again).as_str()), (Some(0), ""));
}

#[test]
fn a_scenario_that_fails_says_what_came_instead() {
    let dir = copy_of_carrier("failing-scenario", |name| name != "tests.kdl");
    let scenario = "scenario \"silence is consent\" {\n    given principal born=\"1985-04-01\"\n    ask provide purchase \
        activity=partner_offers to=store_partners at=\"2026-06-01\"\n    expect permit\n}\n";
    std::fs::write(dir.join("tests.kdl"), scenario).unwrap();
    let tested = nattoku(&dir, &["policy", "test", dir.to_str().unwrap()]);
    assert_eq!(tested.status.code(), Some(1));
    assert!(said(&tested).contains("FAIL silence is consent (tests.kdl:1)"), "{}", said(&tested));
    assert!(said(&tested).contains("- verdict: permit"), "{}", said(&tested));
}

#[test]
fn a_rule_is_explained_in_both_languages_and_a_misspelt_one_is_offered_the_nearest() {
    let here = folder("explain");
    let explained = |args: &[&str]| nattoku(&here, &[&["policy", "explain"], args].concat());
    assert!(said(&explained(&["undeclared-name"])).contains("## What it does"));
    assert!(said(&explained(&["undeclared-name", "--lang", "ja"])).contains("## 何を見るか"));
    let misspelt = explained(&["undeclared-nam"]);
    assert_eq!(misspelt.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&misspelt.stderr).contains("did you mean `undeclared-name`"));
    assert!(said(&explained(&[])).lines().count() >= 20, "there are at least 20 checks");
}

#[test]
fn settings_are_read_from_the_file_and_a_misspelt_one_is_refused() {
    let dir = folder("settings");
    let store = tour("settings-store");
    let run = |settings: &str| {
        std::fs::write(dir.join("nattoku.toml"), settings).unwrap();
        Command::new(env!("CARGO_BIN_EXE_nattoku"))
            .current_dir(&dir)
            .env_remove("NATTOKU_STORE")
            .env_remove("NATTOKU_POLICY")
            .env("LC_ALL", "C.UTF-8")
            .args(["ledger", "stats"])
            .output()
            .unwrap()
    };
    let settings = format!("store = \"sqlite:{}\"\n", store.display());
    assert!(said(&run(&settings)).contains("principals  1"));
    let misspelt = run("stoer = \"sqlite:x\"\n");
    assert_eq!(misspelt.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&misspelt.stderr).contains("store"));
    assert_eq!(run("store = \n").status.code(), Some(2));
    assert_eq!(run("").status.code(), Some(2), "no store is named");
}
