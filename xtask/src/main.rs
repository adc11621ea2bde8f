//! The checks of this repository, one command each.
//!
//! `cargo xtask test` installs what the tests need where it is absent and runs every check; `.ci/run` calls
//! it. `cargo xtask tidy` runs the quick checks of text alone. `cargo xtask ci` adds `cargo deny`.
//! Exit codes: 0 all passed, 1 a check failed, 2 asked wrongly.
#![expect(clippy::print_stdout, reason = "a terminal program: what it prints is its answer")]

mod check;
mod command;
mod install;
mod pages;
mod policy;
mod steps;
mod tally;
mod tidy;
mod workspace;

use std::process::ExitCode;

use steps::Steps;
use workspace::Workspace;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  test    install what the tests need, then every check: format, clippy, tidy, tests,
          the reference policy, accessibility of the pages
  tidy    the checks of text alone: dependency table, words, sizes, links (seconds)
  pages   the accessibility check alone
  ci      test, then cargo deny where it is installed";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let plan: fn(&Workspace, &mut Steps) -> steps::Outcome =
        match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["test"] => check::test,
            ["tidy"] => check::tidy,
            ["pages"] => check::pages,
            ["ci"] => check::ci,
            ["help" | "--help" | "-h"] => {
                println!("{USAGE}");
                return ExitCode::SUCCESS;
            }
            other => {
                println!("{USAGE}");
                if !other.is_empty() {
                    println!("\nno such command: {}", other.join(" "));
                }
                return ExitCode::from(2);
            }
        };
    let mut steps = Steps::default();
    let outcome = Workspace::locate().and_then(|workspace| plan(&workspace, &mut steps));
    steps.close(&outcome)
}
