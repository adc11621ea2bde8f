//! `nattoku policy export` from the outside.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn export(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nattoku"))
        .current_dir(project())
        .env("LC_ALL", "C.UTF-8")
        .args(["policy", "export", "dpv"])
        .args(args)
        .output()
        .unwrap()
}

#[test]
fn the_reference_policy_is_written_to_a_file_as_it_is_printed() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("carrier.jsonld");
    let printed = export(&["policies/carrier", "--base", "https://a.example/p#"]);
    assert_eq!(printed.status.code(), Some(0), "{}", String::from_utf8_lossy(&printed.stderr));
    let out = file.to_str().unwrap();
    assert!(export(&["policies/carrier", "--base", "https://a.example/p#", "--out", out]).status.success());
    assert_eq!(std::fs::read(&file).unwrap(), printed.stdout);
    let document: serde_json::Value = serde_json::from_slice(&printed.stdout).unwrap();
    assert_eq!(document["@context"]["policy"], "https://a.example/p#");
}

#[test]
fn our_terms_need_no_policy() {
    let printed = export(&["--terms"]);
    assert_eq!(printed.stdout, std::fs::read(project().join("docs/reference/appi-terms.jsonld")).unwrap());
    assert_eq!(export(&[]).status.code(), Some(2));
}

#[test]
fn an_answer_is_never_written_over_a_policy_or_a_ledger() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("not-written-over");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, held) in
        [("policy.kdl", "policy"), ("notice.ja.md", "# 通知"), ("l.sqlite", "SQLite format 3\0…")]
    {
        let file = folder.join(name);
        std::fs::write(&file, held).unwrap();
        let out = export(&["policies/carrier", "--out", file.to_str().unwrap()]);
        assert_eq!(out.status.code(), Some(2), "{name}: {}", String::from_utf8_lossy(&out.stderr));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), held);
    }
}
