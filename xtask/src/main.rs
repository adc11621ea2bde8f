//! The checks of this repository, one command each.
//!
//! `cargo xtask test` installs what the tests need where it is absent and runs every check; `.ci/run` calls
//! it. `cargo xtask tidy` runs the quick checks of text alone. `cargo xtask ci` is another name of `test`.
//! Exit codes: 0 all passed, 1 a check failed, 2 asked wrongly.
#![expect(clippy::print_stdout, reason = "a terminal program: what it prints is its answer")]

mod api;
mod bench;
mod check;
mod command;
mod crash;
mod demo;
mod differential;
mod fuzz;
mod html;
mod install;
mod pages;
mod policy;
mod python;
mod soak;
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
          the reference policy, the Python client, valid HTML, the HTTP API, the pages in a browser
  tidy    the checks of text alone: dependency table, words, sizes, links (seconds)
  pages   the pages alone: valid HTML as the server answers, accessibility, keyboard, statuses, what is printed
  sheet FOLDER: pictures of every page, in both languages, narrow and wide, light and dark, laid out in FOLDER/index.html
  api     the HTTP API against its OpenAPI document alone
  differential [--cases N] [--seed N]: the engine against the definition, ten million cases unless told otherwise
  crash [--rounds N]: programs that append are killed, lose power and have calls of the system fail; killed 500 times over each store unless told otherwise
  soak [--minutes N]: load from all sides while the database restarts five times, half an hour unless told otherwise
  bench [--scale N]: the measurements, each beside its baseline and other engines, with populations of up to N
  ci      the same as test
  fuzz    [TARGET…] [--seconds N]: build the fuzz targets and run each, a minute unless told otherwise";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let ["fuzz", asked @ ..] = words.as_slice() {
        return match fuzz::Plan::read(asked) {
            Ok(plan) => run(|workspace, steps| fuzz::run(workspace, steps, &plan)),
            Err(problem) => refuse(&problem),
        };
    }
    if let ["differential", asked @ ..] = words.as_slice() {
        return match differential::Plan::read(asked) {
            Ok(plan) => run(|workspace, steps| differential::run(workspace, steps, &plan)),
            Err(problem) => refuse(&problem),
        };
    }
    if let ["bench", asked @ ..] = words.as_slice() {
        return match bench::Plan::read(asked) {
            Ok(plan) => run(|workspace, steps| bench::run(workspace, steps, &plan)),
            Err(problem) => refuse(&problem),
        };
    }
    if let ["crash", asked @ ..] = words.as_slice() {
        return match crash::Plan::read(asked) {
            Ok(plan) => run(|workspace, steps| crash::run(workspace, steps, &plan)),
            Err(problem) => refuse(&problem),
        };
    }
    if let ["soak", asked @ ..] = words.as_slice() {
        return match soak::Plan::read(asked) {
            Ok(plan) => run(|workspace, steps| soak::run(workspace, steps, &plan)),
            Err(problem) => refuse(&problem),
        };
    }
    match words.as_slice() {
        ["test" | "ci"] => run(check::test),
        ["tidy"] => run(check::tidy),
        ["pages"] => run(check::pages),
        ["sheet", folder] => run(|workspace, steps| check::sheet(workspace, steps, folder)),
        ["api"] => run(check::api),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            ExitCode::SUCCESS
        }
        [] => refuse("which command?"),
        other => refuse(&format!("no such command: {}", other.join(" "))),
    }
}

fn run(plan: impl FnOnce(&Workspace, &mut Steps) -> steps::Outcome) -> ExitCode {
    let mut steps = Steps::default();
    let outcome = Workspace::locate().and_then(|workspace| plan(&workspace, &mut steps));
    steps.close(&outcome)
}

fn refuse(problem: &str) -> ExitCode {
    println!("{USAGE}\n\n{problem}");
    ExitCode::from(2)
}
