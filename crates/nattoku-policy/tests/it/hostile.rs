//! Input made to hurt: it must be answered with placed diagnostics, in a moment, and without a panic.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use nattoku_model::Language;
use nattoku_policy::diagnostic::DIAGNOSTICS_MAX;
use nattoku_policy::diagnostic::render::{concise, json, text};
use nattoku_policy::{Checked, Source, check};

/// Far more than any of these take, so that a busy machine does not fail the test, and far less than what is
/// quadratic takes.
const TIME_MAX: Duration = Duration::from_secs(20);

fn checked(name: &str, bytes: impl Into<Vec<u8>>) -> Checked {
    let started = Instant::now();
    let checked = check(&[Source::new(name, bytes)]);
    for language in Language::ALL {
        let _ = text::render(&checked.diagnostics, &checked.files, language, 50, false);
        let _ = concise::render(&checked.diagnostics, &checked.files, language, usize::MAX);
        let _ = json::render(&checked.diagnostics, &checked.allowed, &checked.files, language);
    }
    let took = started.elapsed();
    assert!(took < TIME_MAX, "{name} took {took:?}");
    assert!(checked.versions.is_none());
    assert!(!checked.diagnostics.is_empty());
    checked
}

#[test]
fn signs_without_end() {
    for sign in [
        "}", "{", "a {", "/-", "/*", "\"", "#\"", "(", "=", "a=", ";", "\\", "/-{a ", "“", "\u{202e}", "a ",
        "a\n",
    ] {
        checked("policy.kdl", sign.repeat(300_000 / sign.len()));
    }
}

#[test]
fn markdown_without_end() {
    for sign in [
        ">",
        "* ",
        "[",
        "![",
        "{",
        "{see ",
        "`",
        "<a ",
        "# ",
        "|a",
        "\\",
        "_a",
        "{purposes}\n\n",
        "[a](",
        "&#",
    ] {
        checked("notice.ja.md", sign.repeat(100_000 / sign.len()));
    }
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let checked = checked("policy.kdl", vec![b'a'; 50 * 1024 * 1024]);
    assert_eq!(checked.diagnostics[0].rule, "source-too-large");
    // Whoever reads folders stops behind the most: what came is not how large the file is.
    assert_eq!(checked.diagnostics[0].message.en, "the file is larger than the 4096 KiB that are read");
}

#[test]
fn a_file_that_is_not_utf8_is_placed() {
    // "name: " and then a Japanese word in Shift JIS.
    let checked = checked("policy.kdl", b"ja \"\x88\xca\x92\x75\"".to_vec());
    assert_eq!(checked.diagnostics[0].rule, "encoding");
    assert_eq!(checked.diagnostics[0].primary.span.start, 4);
}

#[test]
fn a_hundred_thousand_errors_are_counted() {
    let mut policy = String::from(
        "policy a version=\"1\" { effective \"2020-01-01\"; timezone \"Asia/Tokyo\"; languages ja }\n",
    );
    for n in 0..20_000 {
        let _ = writeln!(
            policy,
            "category c{n} {{ ja \"x\"; derived-from d{n} }}\nactivity a{n} purpose=p{n} {{ needs x{n} }}"
        );
    }
    let checked = checked("policy.kdl", policy);
    assert_eq!(checked.diagnostics.len(), DIAGNOSTICS_MAX);
    assert!(checked.left_out > 10_000);
}

#[test]
fn categories_derived_in_long_chains_and_great_circles() {
    let mut policy = String::from(
        "policy a version=\"1\" { effective \"2020-01-01\"; timezone \"Asia/Tokyo\"; languages ja }\n",
    );
    for n in 0..20_000 {
        let _ = writeln!(policy, "category c{n} {{ ja \"x\"; derived-from c{} }}", (n + 1) % 20_000);
    }
    let checked = checked("policy.kdl", policy);
    assert!(checked.diagnostics.iter().all(|d| d.rule == "cyclic-derivation"));
}

#[test]
fn nothing_at_all() {
    assert_eq!(check(&[]).diagnostics[0].rule, "missing-policy");
    assert_eq!(checked("policy.kdl", "").diagnostics[0].rule, "missing-policy");
}
