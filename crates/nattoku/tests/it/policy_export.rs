//! `nattoku policy export` from the outside.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::folders::nattoku_that_ends;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn export(args: &[&str]) -> Output {
    nattoku_that_ends()
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
fn a_base_that_is_no_address_is_refused_and_nothing_is_written() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-base.jsonld");
    let _ = std::fs::remove_file(&file);
    for (base, said) in [
        ("nonsense", "--base: `nonsense` is no whole address that begins with http:// or https://"),
        ("https://a.example/p", "no name can follow `https://a.example/p`: it must end in `#` or `/`"),
    ] {
        let output = export(&["policies/carrier", "--base", base, "--out", file.to_str().unwrap()]);
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), b"".as_slice()), "{told}");
        assert!(told.contains(said) && told.contains("hint: write for example"), "{told}");
        assert!(!file.exists());
    }
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

#[cfg(target_os = "linux")]
#[test]
fn a_pipe_that_nobody_may_read_is_refused_and_standard_output_by_its_name_is_not() {
    let pipe = Path::new(env!("CARGO_TARGET_TMPDIR")).join("export-pipe");
    let _ = std::fs::remove_file(&pipe);
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let refused = export(&["--terms", "--out", pipe.to_str().unwrap()]);
    let told = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2), "{told}");
    assert!(told.contains("is no file but a pipe") && told.contains("hint: name a file"), "{told}");
    assert_eq!(export(&["--terms", "--out", "/dev/stdout"]).stdout, export(&["--terms"]).stdout);
}
