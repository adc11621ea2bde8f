//! The notice as PDF, read by programs that are not ours: `pdfinfo` and `pdftotext` of poppler, and `qpdf`. They and the font
//! are installed by `cargo xtask test`, which builds with the feature `pdf`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// One site for the tests that only read it.
static SITE: LazyLock<PathBuf> = LazyLock::new(|| site("paper"));

fn site(name: &str) -> PathBuf {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&out);
    let output = Command::new(env!("CARGO_BIN_EXE_nattoku"))
        .env("LC_ALL", "C.UTF-8")
        .args(["policy", "render", "../../policies/carrier", "--out"])
        .arg(&out)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    out
}

/// What a program says of a file.
fn read_by(program: &str, args: &[&str], file: &Path) -> String {
    let mut command = Command::new(program);
    command.args(args).arg(file);
    if program == "pdftotext" {
        command.arg("-");
    }
    let output =
        command.output().unwrap_or_else(|error| panic!("{program}: {error}; `cargo xtask test` installs it"));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_pdf_is_tagged_titled_and_says_what_the_page_says() {
    let out = &*SITE;
    for (language, title, controller, said) in [
        (
            "ja",
            "プライバシーポリシー",
            "なっとくモバイル株式会社",
            ["開示等の請求", "購入履歴", "お客さまサービス窓口"],
        ),
        (
            "en",
            "Privacy policy",
            "Nattoku Mobile Inc.",
            ["Purchase history", "Customer service", "Where law permits"],
        ),
    ] {
        let file = out.join(format!("{language}/privacy.pdf"));
        let info = read_by("pdfinfo", &[], &file);
        for (field, value) in
            [("Title", title), ("Author", controller), ("Tagged", "yes"), ("Page size", "A4")]
        {
            let line = info.lines().find(|l| l.starts_with(&format!("{field}:")));
            assert!(line.is_some_and(|l| l.contains(value)), "{language}: {field} in\n{info}");
        }
        assert!(info.contains("2019"), "the date is that of the policy:\n{info}");
        let text = read_by("pdftotext", &["-layout"], &file);
        for words in said {
            assert!(text.contains(words), "{language}: {words}");
        }
        assert_feet(&text);
    }
}

/// Every page ends with the version, the hash of the source and the number of the page (R77).
fn assert_feet(text: &str) {
    let pages: Vec<&str> = text.split('\u{c}').filter(|p| !p.trim().is_empty()).collect();
    assert!(pages.len() > 5, "{} pages", pages.len());
    for (at, page) in pages.iter().enumerate() {
        let foot = page.lines().rfind(|l| !l.trim().is_empty()).unwrap();
        assert!(foot.contains("2019-12-11") && foot.contains("sha256:"), "{foot}");
        assert!(foot.trim_end().ends_with(&format!("{} / {}", at + 1, pages.len())), "{foot}");
    }
}

#[test]
fn the_pdf_is_sound_and_says_its_language() {
    let out = site("paper-sound");
    for (language, tag) in [("ja", "/Lang (ja"), ("en", "/Lang (en")] {
        let file = out.join(format!("{language}/privacy.pdf"));
        let check = Command::new("qpdf").arg("--check").arg(&file).output().unwrap();
        assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
        let plain = out.join(format!("{language}.qdf"));
        let args = ["--qdf", "--object-streams=disable"];
        let done = Command::new("qpdf").args(args).arg(&file).arg(&plain).status().unwrap();
        assert!(done.success());
        let bytes = std::fs::read(&plain).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains(tag), "{language}: no {tag}");
        assert!(text.contains("pdfuaid:part"), "{language}: PDF/UA-1 is declared");
        for role in ["/Title", "/H1", "/H2", "/L", "/Table", "/TH", "/TD", "/TOC"] {
            let is_tagged = text.contains(&format!("/S {role}\n")) || text.contains(&format!("/S {role} "));
            assert!(is_tagged, "{language}: nothing is tagged {role}");
        }
    }
}

#[test]
fn the_same_policy_gives_the_same_pdf() {
    let (one, two) = (site("paper-one"), site("paper-two"));
    for language in ["ja", "en"] {
        let read = |out: &Path| std::fs::read(out.join(format!("{language}/privacy.pdf"))).unwrap();
        assert!(read(&one) == read(&two), "{language}");
    }
}

#[test]
fn a_missing_font_says_how_to_get_it() {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("paper-no-font");
    let _ = std::fs::remove_dir_all(&out);
    let output = Command::new(env!("CARGO_BIN_EXE_nattoku"))
        .env("LC_ALL", "C.UTF-8")
        .args(["policy", "render", "../../policies/carrier", "--font-dir", "no/fonts/here", "--out"])
        .arg(&out)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    for words in ["no font Noto Sans JP", "no/fonts/here", "apt-get install fonts-noto-cjk", "--font-dir"] {
        assert!(told.contains(words), "{words} is not in {told}");
    }
    assert!(!out.exists());
}
