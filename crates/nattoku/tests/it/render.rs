//! `nattoku policy render`: the folder it writes, what it leaves alone, and what it refuses.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::folders::{carrier, copy_of_carrier, folder};

fn render(policy: &Path, out: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nattoku"))
        .env("LC_ALL", "C.UTF-8")
        .env_remove("NATTOKU_FONTS")
        .args(["policy", "render", "--no-pdf"])
        .arg(policy)
        .arg("--out")
        .arg(out)
        .args(more)
        .output()
        .unwrap()
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Every file below a folder with its content.
fn content(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.strip_prefix(folder).unwrap().to_owned(), std::fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// The reference policy, to be changed.
fn copy(name: &str) -> PathBuf {
    copy_of_carrier(name, |_| true)
}

#[test]
fn two_folders_are_alike_to_the_byte_and_a_second_render_changes_nothing() {
    let base = folder("render-twice");
    let (one, two) = (base.join("one"), base.join("two"));
    for out in [&one, &two] {
        let output = render(&carrier(), out, &[]);
        assert!(output.status.success(), "{}", told(&output));
    }
    assert_eq!(content(&one), content(&two));
    let again = render(&carrier(), &one, &["--format", "json"]);
    let answer: serde_json::Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!((answer["written"].as_u64(), answer["removed"].as_u64()), (Some(0), Some(0)));
    assert_eq!(answer["unchanged"].as_u64(), Some(answer["files"].as_array().unwrap().len() as u64));
    let paths: Vec<&str> =
        answer["files"].as_array().unwrap().iter().map(|f| f["path"].as_str().unwrap()).collect();
    assert!(paths.is_sorted() && paths.contains(&"ja/privacy.html"), "{paths:?}");
}

#[test]
fn what_a_render_no_longer_makes_goes_and_what_others_put_there_stays() {
    let base = folder("render-stale");
    let policy = copy("render-stale-policy");
    // Its scenarios name the version.
    std::fs::remove_file(policy.join("tests.kdl")).unwrap();
    let out = base.join("site");
    assert!(render(&policy, &out, &[]).status.success());
    std::fs::write(out.join("CNAME"), "privacy.example.jp\n").unwrap();
    let gone = out.join("ja/privacy/diff/2015-10-01/2019-12-11.html");
    assert!(gone.exists());
    let kdl = std::fs::read_to_string(policy.join("policy.kdl")).unwrap();
    std::fs::write(policy.join("policy.kdl"), kdl.replace("version=\"2019-12-11\"", "version=\"2\""))
        .unwrap();
    let output = render(&policy, &out, &[]);
    assert!(output.status.success(), "{}", told(&output));
    assert!(!gone.exists() && out.join("ja/privacy/diff/2015-10-01/2.html").exists());
    assert!(out.join("CNAME").exists());
}

#[test]
fn a_folder_with_other_things_in_it_is_refused() {
    let out = folder("render-foreign");
    std::fs::write(out.join("thesis.txt"), "years of work").unwrap();
    let output = render(&carrier(), &out, &[]);
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert!(told(&output).contains("neither empty nor a site that was rendered before"), "{}", told(&output));
    assert_eq!(content(&out).len(), 1);
}

#[test]
fn a_file_that_no_render_wrote_is_not_overwritten() {
    let out = folder("render-mine");
    std::fs::write(out.join(".nattoku-site"), "").unwrap();
    std::fs::create_dir_all(out.join("ja")).unwrap();
    std::fs::write(out.join("ja/privacy.html"), "mine").unwrap();
    let output = render(&carrier(), &out, &[]);
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert_eq!(std::fs::read_to_string(out.join("ja/privacy.html")).unwrap(), "mine");
    assert_eq!(content(&out).len(), 2);
}

/// A refusal before anything is written: exit code 2, what is in the way by its name, and everything as it was.
fn refused(out: &Path, base: &Path, named: &str) -> String {
    let before = content(base);
    let output = render(&carrier(), out, &["--lang", "en"]);
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert_eq!(content(base), before);
    assert!(told(&output).contains(named) && told(&output).contains("hint: "), "{}", told(&output));
    told(&output)
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_leads_no_page_out_of_the_site() {
    let base = folder("render-link");
    let (out, elsewhere) = (base.join("site"), base.join("elsewhere"));
    assert!(render(&carrier(), &out, &[]).status.success());
    // Moved and linked back, so that every name of the list is still there.
    std::fs::rename(out.join("ja"), &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, out.join("ja")).unwrap();
    std::fs::write(elsewhere.join("privacy.html"), "theirs").unwrap();
    refused(&out, &base, "site/ja is a link");

    // A page that is a link is replaced by the page; what it led to stays.
    std::fs::remove_file(out.join("ja")).unwrap();
    std::fs::rename(&elsewhere, out.join("ja")).unwrap();
    std::fs::write(base.join("theirs"), "theirs").unwrap();
    std::fs::remove_file(out.join("ja/privacy.html")).unwrap();
    std::os::unix::fs::symlink(base.join("theirs"), out.join("ja/privacy.html")).unwrap();
    assert!(render(&carrier(), &out, &[]).status.success());
    assert_eq!(std::fs::read_to_string(base.join("theirs")).unwrap(), "theirs");
    assert!(!out.join("ja/privacy.html").is_symlink());
}

#[test]
fn a_folder_in_the_place_of_a_page_is_found_before_anything_is_written() {
    let base = folder("render-folder");
    let out = base.join("site");
    assert!(render(&carrier(), &out, &[]).status.success());
    // A page of the version before, so that mixing would be seen.
    std::fs::write(out.join("404.html"), "older").unwrap();
    std::fs::remove_file(out.join("ja/privacy.html")).unwrap();
    std::fs::create_dir(out.join("ja/privacy.html")).unwrap();
    std::fs::write(out.join("ja/privacy.html/kept"), "").unwrap();
    refused(&out, &base, "ja/privacy.html stands in the way");

    std::fs::remove_dir_all(out.join("ja")).unwrap();
    std::fs::write(out.join("ja"), "a file").unwrap();
    refused(&out, &base, "ja stands in the way");
}

#[test]
fn a_place_where_no_folder_can_be_is_asked_wrongly() {
    let base = folder("render-bad-out");
    std::fs::write(base.join("file"), "a file").unwrap();
    for out in [base.join("file"), base.join("file/site"), base.join("x".repeat(300))] {
        refused(&out, &base, "is no folder, and none can be made there");
    }
    let marked = base.join("marked");
    std::fs::create_dir_all(marked.join(".nattoku-site")).unwrap();
    refused(&marked, &base, "neither empty nor a site that was rendered before");
    std::fs::remove_dir(marked.join(".nattoku-site")).unwrap();
    std::fs::write(marked.join(".nattoku-site"), b"\xff\xfe").unwrap();
    refused(&marked, &base, "neither empty nor a site that was rendered before");
}

#[cfg(unix)]
#[test]
fn a_dead_link_is_no_folder_to_write_to() {
    let base = folder("render-dead-link");
    std::os::unix::fs::symlink("nowhere", base.join("link")).unwrap();
    for out in ["link", "link/site"] {
        let output = render(&carrier(), &base.join(out), &[]);
        assert_eq!(output.status.code(), Some(2), "{}", told(&output));
        assert!(told(&output).contains("is no folder, and none can be made there"), "{}", told(&output));
    }
}

#[test]
fn a_disk_that_takes_one_file_less_leaves_the_render_before_as_it_was() {
    let base = folder("render-unwritable");
    let policy = copy("render-unwritable-policy");
    std::fs::remove_file(policy.join("tests.kdl")).unwrap();
    let out = base.join("above/site");
    let kdl = std::fs::read_to_string(policy.join("policy.kdl")).unwrap();
    // No disk takes a file of that name.
    let long = kdl.replace("version=\"2019-12-11\"", &format!("version=\"{}\"", "v".repeat(300)));
    let render_long = || {
        std::fs::write(policy.join("policy.kdl"), &long).unwrap();
        let output = render(&policy, &out, &[]);
        assert_eq!(output.status.code(), Some(3), "{}", told(&output));
        assert!(told(&output).contains("cannot write"), "{}", told(&output));
    };
    render_long();
    assert!(!base.join("above").exists(), "a folder that was made for it stays: {:?}", content(&base).keys());
    std::fs::write(policy.join("policy.kdl"), &kdl).unwrap();
    assert!(render(&policy, &out, &[]).status.success());
    let before = content(&out);
    render_long();
    assert_eq!(content(&out), before);
}

#[cfg(unix)]
#[test]
fn while_one_render_writes_to_a_folder_another_is_kept_out() {
    let base = folder("render-locked");
    let out = base.join("site");
    assert!(render(&carrier(), &out, &[]).status.success());
    std::fs::write(out.join("404.html"), "older").unwrap();
    let before = content(&out);
    let writing = std::fs::File::open(&out).unwrap();
    writing.try_lock().unwrap();
    for (language, said) in [
        ("ja", "site に書いています\nヒント: 少し待って"),
        ("en", "site\nhint: wait a moment and try again\n"),
    ] {
        let output = render(&carrier(), &out, &["--lang", language]);
        assert_eq!(output.status.code(), Some(3), "{}", told(&output));
        assert!(told(&output).contains(said), "{}", told(&output));
    }
    assert_eq!(content(&out), before);
    drop(writing);
    assert!(render(&carrier(), &out, &[]).status.success());
    assert_ne!(content(&out), before);
}

#[test]
fn two_renders_at_once_make_one_whole_site() {
    let base = folder("render-at-once");
    let (out, alone) = (base.join("above/site"), base.join("alone"));
    let start = || {
        Command::new(env!("CARGO_BIN_EXE_nattoku"))
            .env("LC_ALL", "C.UTF-8")
            .args(["policy", "render", "../../policies/carrier", "--no-pdf", "--out"])
            .arg(&out)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let both = [start(), start()].map(|process| process.wait_with_output().unwrap());
    assert!(both.iter().any(|output| output.status.success()));
    for late in both.iter().filter(|output| !output.status.success()) {
        assert!(told(late).contains("another render is writing to"), "{}", told(late));
    }
    assert!(render(&carrier(), &alone, &[]).status.success());
    assert_eq!(content(&out), content(&alone));
}

#[test]
fn a_list_that_was_edited_removes_nothing_outside_of_the_folder() {
    let base = folder("render-outside");
    let out = base.join("site");
    assert!(render(&carrier(), &out, &[]).status.success());
    std::fs::write(base.join("precious"), "kept").unwrap();
    let list = std::fs::read_to_string(out.join(".nattoku-site")).unwrap();
    std::fs::write(out.join(".nattoku-site"), format!("{list}../precious\n")).unwrap();
    assert!(render(&carrier(), &out, &[]).status.success());
    assert!(base.join("precious").exists());
}

#[test]
fn a_link_that_leads_nowhere_is_named_with_its_line_and_nothing_is_written() {
    let policy = copy("render-dead");
    let out = policy.join("../render-dead-site");
    let _ = std::fs::remove_dir_all(&out);
    let notice = std::fs::read_to_string(policy.join("notice.en.md")).unwrap();
    let changed = notice.replacen("## 1. Proper", "See [the charter](charter.html).\n\n## 1. Proper", 1);
    let line = changed.lines().position(|l| l.contains("charter.html")).unwrap() + 1;
    std::fs::write(policy.join("notice.en.md"), changed).unwrap();
    let kdl = std::fs::read_to_string(policy.join("policy.kdl")).unwrap();
    let titled = "document charter parent=#true {\n";
    let addressed = kdl.replace(titled, "document charter parent=#true address=\"/charter\" {\n");
    assert_ne!(kdl, addressed);
    let at = addressed.lines().position(|l| l.contains("/charter")).unwrap() + 1;
    std::fs::write(policy.join("policy.kdl"), addressed).unwrap();
    let output = render(&policy, &out, &[]);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    let told = told(&output);
    assert!(told.contains(&format!("notice.en.md:{line}: the link `charter.html` leads nowhere")), "{told}");
    assert!(told.contains(&format!("policy.kdl:{at}: the link `/charter` leads nowhere")), "{told}");
    assert!(!out.exists());
}

#[test]
fn without_pdf_the_site_links_to_none() {
    let out = folder("render-no-pdf").join("site");
    assert!(render(&carrier(), &out, &[]).status.success());
    assert!(content(&out).iter().all(|(path, bytes)| {
        !String::from_utf8_lossy(bytes).contains(".pdf") && path.extension().is_none_or(|e| e != "pdf")
    }));
}

#[cfg(not(feature = "pdf"))]
#[test]
fn a_program_built_without_pdf_says_how_to_have_it() {
    let out = folder("render-not-built").join("site");
    let output = Command::new(env!("CARGO_BIN_EXE_nattoku"))
        .env("LC_ALL", "C.UTF-8")
        .args(["policy", "render"])
        .arg(carrier())
        .arg("--out")
        .arg(&out)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", told(&output));
    assert!(told(&output).contains("--features pdf"), "{}", told(&output));
}

#[test]
fn a_policy_in_one_language_is_a_site_in_that_language() {
    let policy = copy("render-one-language");
    std::fs::remove_file(policy.join("notice.en.md")).unwrap();
    let text = std::fs::read_to_string(policy.join("policy.kdl")).unwrap();
    std::fs::write(policy.join("policy.kdl"), text.replace("languages ja en prevails=ja", "languages ja"))
        .unwrap();
    let site = folder("render-one-language-site");
    let output = render(&policy, &site, &[]);
    assert!(output.status.success(), "{}", told(&output));
    assert!(site.join("ja").is_dir(), "{}", told(&output));
    assert!(!site.join("en").exists());
}
