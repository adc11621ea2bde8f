//! The README's console examples, run as they stand from the project's root.

use std::path::Path;

/// Where the examples' ledger is made: anew at each run.
fn store() -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tour.sqlite");
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
    }
    format!("sqlite:{}", path.display())
}

/// Where the tour renders the notice: anew at each run, so that everything is written.
fn clear_site() {
    let _ = std::fs::remove_dir_all("target/tmp/notice-site");
}

#[test]
fn the_tour_of_the_readme_says_what_the_program_says() {
    std::env::set_current_dir("../..").unwrap();
    clear_site();
    trycmd::TestCases::new()
        .default_bin_name("nattoku")
        .env("NATTOKU_POLICY", "policies/carrier")
        .env("NATTOKU_STORE", store())
        .env("LC_ALL", "C.UTF-8")
        .case("README.md");
}
