//! `nattoku policy import` from the outside: what is written, printed, refused.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::folders::nattoku_that_ends;

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
    nattoku_that_ends()
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

#[cfg(unix)]
#[test]
fn what_is_no_folder_is_refused_before_anything_is_written() {
    let folder = folder("import-no-folder");
    fs::write(folder.join("file"), "held").unwrap();
    std::os::unix::fs::symlink("nowhere", folder.join("link")).unwrap();
    for out in ["file", "link", "file/draft"] {
        let refused = import(&folder, &["fides.yml", "--out", out]);
        let told = text(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{out}: {told}");
        assert!(told.contains("is no folder") && told.contains("hint: name another folder"), "{out}: {told}");
    }
    assert_eq!(fs::read_to_string(folder.join("file")).unwrap(), "held");
    assert!(!folder.join("nowhere").exists());
}

/// A limit on the size of files stands for a full disk: the file is made, and nothing can be written to it.
#[cfg(unix)]
#[test]
fn a_draft_that_cannot_be_written_whole_leaves_nothing() {
    let folder = folder("import-full");
    fs::create_dir(folder.join("empty")).unwrap();
    for out in ["made/draft", "empty"] {
        let limited = Command::new("sh")
            .current_dir(&folder)
            .env("LC_ALL", "C.UTF-8")
            .args([
                "-c",
                "trap '' XFSZ; ulimit -f 0; exec \"$0\" policy import fideslang fides.yml --out \"$1\"",
            ])
            .args([env!("CARGO_BIN_EXE_nattoku"), out])
            .output()
            .unwrap();
        let told = text(&limited.stderr);
        assert_eq!(limited.status.code(), Some(3), "{out}: {told}");
        assert!(told.contains(&format!("cannot write {out}/")), "{told}");
    }
    assert!(!folder.join("made").exists(), "a folder that was made for it is gone");
    assert_eq!(fs::read_dir(folder.join("empty")).unwrap().count(), 0);
}

#[cfg(unix)]
#[test]
fn what_might_never_end_is_not_read_and_a_huge_file_not_to_its_end() {
    let folder = folder("import-endless");
    assert!(Command::new("mkfifo").arg(folder.join("pipe.yml")).status().unwrap().success());
    for (file, lang, said) in [
        ("/dev/zero", "en", "/dev/zero is no file"),
        ("pipe.yml", "en", "hint: name a file of YAML"),
        (".", "ja", "ヒント: YAML のファイルを指定してください"),
    ] {
        let refused = import(&folder, &["fides.yml", file, "--lang", lang]);
        assert_eq!(refused.status.code(), Some(2), "{file}");
        assert!(text(&refused.stderr).contains(said), "{}", text(&refused.stderr));
    }
    // It has no content on the disk, and would fill any memory.
    fs::File::create(folder.join("huge.yml")).unwrap().set_len(1 << 40).unwrap();
    let refused = import(&folder, &["huge.yml"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("huge.yml:1:1: the file is larger than the 8 MiB"));
}
