//! The decision against the literate cases in `cases/decisions/`.
//!
//! `UPDATE_EXPECT=1 cargo test -p nattoku-spec` writes the answers into the pages; read the change before keeping it.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at the first surprise")]

use std::path::Path;

use nattoku_testkit::{Report, run};

fn run_all(update: bool) -> Report {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/decisions");
    run(&folder, update).expect("the folder of cases is there")
}

#[test]
fn every_case_is_answered_as_written() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some_and(|v| v == "1");
    let report = run_all(update);
    assert!(
        report.failures.is_empty(),
        "{} of {} cases are answered otherwise (- as written, + as answered)\n\n{}\n",
        report.failures.len(),
        report.cases,
        report.failures.join("\n\n")
    );
}

#[test]
fn every_gate_verdict_and_reason_is_shown_by_a_case() {
    let coverage = run_all(false).coverage;
    assert!(coverage.uncovered().is_empty(), "no case shows: {}", coverage.uncovered().join(", "));
    assert!(coverage.unexpected().is_empty(), "not thought possible: {}", coverage.unexpected().join(", "));
}
