//! What the fuzz targets promise, held over the corpus that is kept: what was found once stays mended.
#![allow(clippy::expect_used, clippy::panic, reason = "a broken promise ends the run of a target")]

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

#[path = "../../../../fuzz/promises/decision_request.rs"]
mod decision_request;
#[path = "../../../../fuzz/promises/notice_markdown.rs"]
mod notice_markdown;
#[path = "../../../../fuzz/promises/policy_text.rs"]
mod policy_text;

/// Holds a promise over every file of a target's corpus, which must not be empty.
fn hold_over(target: &str, promise: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    files.retain(|file| {
        let bytes = fs::read(file).unwrap();
        catch_unwind(|| promise(&bytes)).is_err()
    });
    assert!(files.is_empty(), "the promise is broken by {files:?}");
}

#[test]
fn policy_texts_keep_their_promise() {
    hold_over("policy_text", policy_text::hold);
}

#[test]
fn notices_keep_their_promise() {
    hold_over("notice_markdown", notice_markdown::hold);
}

#[test]
fn events_and_questions_keep_their_promise() {
    hold_over("decision_request", decision_request::hold);
}
