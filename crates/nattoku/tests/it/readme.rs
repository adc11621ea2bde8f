//! The console examples of the README and of two pages, run as they stand from the project's root.

use std::path::Path;

/// Where the examples' ledger is made: anew at each run.
fn store(name: &str) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name).with_extension("sqlite");
    for suffix in [
        "",
        "-wal",
        "-shm",
        ".population",
        ".keys",
        ".keys-wal",
        ".keys-shm",
        ".kek",
        ".state",
        ".state-wal",
        ".state-shm",
    ] {
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
        .env("NATTOKU_STORE", store("tour"))
        .env("LC_ALL", "C.UTF-8")
        .case("README.md");
}

#[test]
fn the_page_of_the_audience_says_what_the_program_says() {
    std::env::set_current_dir("../..").unwrap();
    trycmd::TestCases::new()
        .default_bin_name("nattoku")
        .env("NATTOKU_POLICY", "policies/carrier")
        .env("NATTOKU_STORE", store("members"))
        .env("LC_ALL", "C.UTF-8")
        .case("docs/reference/audience.md");
}

#[test]
fn the_page_of_the_api_says_what_the_program_says() {
    std::env::set_current_dir("../..").unwrap();
    trycmd::TestCases::new()
        .default_bin_name("nattoku")
        .env("NATTOKU_POLICY", "policies/carrier")
        .env("NATTOKU_STORE", store("tokens"))
        .env("LC_ALL", "C.UTF-8")
        .case("docs/reference/api.md");
}
