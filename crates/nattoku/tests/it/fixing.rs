//! `policy check --fix` and `--diff` on real files.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::folders::copy_of_carrier;

/// A copy of the reference policy, with faults that have one sure answer each and one that has none.
fn faulty(name: &str) -> PathBuf {
    let folder = copy_of_carrier(&format!("fixing/{name}"), |_| true);
    let file = folder.join("desks.kdl");
    let text = std::fs::read_to_string(&file).unwrap();
    let text = text.replacen(
        "desk customer_service {",
        "desk customer_service {\n    allow unused-name reason=\"誰も使わない\"",
        1,
    );
    std::fs::write(&file, text.replacen(" { ja", "｛ ja", 1)).unwrap();
    folder
}

fn check(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nattoku"))
        .env("LC_ALL", "C.UTF-8")
        .args(["policy", "check"])
        .arg(folder)
        .args(args)
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The names in a folder: nothing half written stays behind.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn what_is_certain_is_mended_on_disk_and_shown() {
    let folder = faulty("fix");
    let before = names(&folder);
    let output = check(&folder, &["--fix", "--deny", "warnings", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stdout(&output), "[]\n", "the findings alone go to standard output");
    let said = stderr(&output);
    assert!(said.contains("-    allow unused-name reason=\"誰も使わない\"\n"), "{said}");
    assert!(said.contains("mended 2 places in 1 file"), "{said}");
    assert_eq!(names(&folder), before);
    let again = check(&folder, &["--fix"]);
    assert!(!stderr(&again).contains("mended"), "{}", stderr(&again));
}

#[test]
fn a_preview_is_a_patch_and_writes_nothing() {
    let folder = faulty("diff");
    let file = folder.join("desks.kdl");
    let before = std::fs::read(&file).unwrap();
    let output = check(&folder, &["--diff"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(std::fs::read(&file).unwrap(), before);
    let patch = stdout(&output);
    let header = format!("--- {0}\n+++ {0}\n@@ ", file.display());
    assert!(patch.starts_with(&header), "{patch}");
    assert!(stderr(&output).contains("`--fix` would mend 2 places in 1 file"), "{}", stderr(&output));

    assert!(check(&folder, &["--fix"]).status.success());
    let output = check(&folder, &["--diff"]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), ""));
}

#[test]
fn a_guess_is_counted_apart_and_left_alone() {
    let folder = faulty("guess");
    let file = folder.join("provisions.kdl");
    let text = std::fs::read_to_string(&file).unwrap().replacen(
        "consent=partner_sharing",
        "consent=partner_sharin",
        1,
    );
    std::fs::write(&file, &text).unwrap();
    let output = check(&folder, &["--format", "concise"]);
    assert!(stderr(&output).contains("1 mended by `--fix`"), "{}", stderr(&output));
    let output = check(&folder, &["--fix", "--format", "concise"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("did you mean `partner_sharing`?"), "{}", stdout(&output));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn a_patch_has_no_other_format_and_the_two_do_not_go_together() {
    let folder = faulty("wrong");
    for args in
        [["--diff", "--format", "json"].as_slice(), &["--diff", "--format", "sarif"], &["--diff", "--fix"]]
    {
        assert_eq!(check(&folder, args).status.code(), Some(2), "{args:?}");
    }
}
