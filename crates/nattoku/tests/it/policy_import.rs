//! `nattoku policy import` from the outside: what is written, printed, refused.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const MANIFEST: &str = "\
data_category:
  - {fides_key: user, name: About the customer}
system:
  - fides_key: shop
    privacy_declarations:
      - {name: Delivery, data_use: essential, data_categories: [user], data_subjects: [customer]}
";

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("fides.yml"), MANIFEST).unwrap();
    folder
}

fn import(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nattoku"))
        .current_dir(folder)
        .env("LC_ALL", "C.UTF-8")
        .args(["policy", "import", "fideslang"])
        .args(args)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_draft_is_written_once_and_checks_without_errors() {
    let folder = folder("import-once");
    let args = ["fides.yml", "--out", "draft", "--country", "JP"];
    let first = import(&folder, &args);
    assert_eq!(first.status.code(), Some(0), "{}", text(&first.stderr));
    assert!(text(&first.stdout).contains("\nnot carried over\n"), "{}", text(&first.stdout));
    assert!(text(&first.stdout).contains("privacy_declaration.data_subjects (fides.yml:6:72)"));
    let again = import(&folder, &args);
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("not empty; nothing is overwritten"), "{}", text(&again.stderr));
    let checked = Command::new(env!("CARGO_BIN_EXE_nattoku"))
        .current_dir(&folder)
        .env("LC_ALL", "C.UTF-8")
        .args(["policy", "check", "draft"])
        .output()
        .unwrap();
    assert_eq!(checked.status.code(), Some(0), "{}", text(&checked.stderr));
}

#[test]
fn without_a_folder_the_draft_is_printed_and_the_report_stands_beside_it() {
    let folder = folder("import-print");
    let printed = import(&folder, &["fides.yml", "--lang", "ja"]);
    assert!(text(&printed.stdout).contains("activity shop_delivery purpose=essential"));
    assert!(text(&printed.stderr).contains("引き継がなかったもの"), "{}", text(&printed.stderr));
    let json = import(&folder, &["fides.yml", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let report = value["report"].as_array().unwrap();
    let subjects = report.iter().find(|e| e["what"] == "privacy_declaration.data_subjects").unwrap();
    assert_eq!((&subjects["kind"], &subjects["places"][0]["line"]), (&"left_out".into(), &6.into()));
    assert!(value["files"][0]["text"].as_str().is_some_and(|text| text.contains("category user")));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing is written");
}

#[test]
fn what_cannot_be_read_is_refused_with_its_place() {
    let folder = folder("import-refused");
    fs::write(folder.join("broken.yml"), "system:\n  - name: x\n").unwrap();
    let refused = import(&folder, &["fides.yml", "broken.yml", "--out", "draft"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("broken.yml:2:5: this `system` has no `fides_key`"));
    assert!(!folder.join("draft").exists());
    assert_eq!(import(&folder, &["fides.yml", "--country", "Japan"]).status.code(), Some(2));
    assert_eq!(import(&folder, &["absent.yml"]).status.code(), Some(3));
}
