//! The Python client: its types, and its tests against the program.

use std::path::PathBuf;

use crate::command::Program;
use crate::install;
use crate::steps::{Failure, Outcome};
use crate::tally::Tally;
use crate::workspace::Workspace;

/// The folder of the package, from the root of the repository.
const PACKAGE: &str = "clients/python";

/// Every type of the package and its tests is said, and fits.
pub(crate) fn check_types(workspace: &Workspace) -> Outcome {
    let tests = package(workspace).join("tests");
    let cache = workspace.target()?.join("mypy").to_string_lossy().into_owned();
    python(workspace, &["-m", "mypy", "--cache-dir", &cache, "src", "tests"])?
        .environment("MYPYPATH", &tests)
        .run()
}

/// The tests of the package against the program that was built.
pub(crate) fn test(workspace: &Workspace) -> Outcome<Tally> {
    let arguments = ["-B", "-m", "pytest", "-q", "-p", "no:cacheprovider"];
    let program = workspace.program()?;
    let tally =
        python(workspace, &arguments)?.environment("NATTOKU", &program).run_and_read(Tally::of_pytest)?;
    if tally.passed == 0 { Err(Failure::new("no test ran")) } else { Ok(tally) }
}

fn package(workspace: &Workspace) -> PathBuf {
    workspace.root().join(PACKAGE)
}

fn python(workspace: &Workspace, arguments: &[&str]) -> Outcome<Program> {
    let interpreter = install::python_program(workspace, "python3")?;
    Ok(Program::new(&interpreter.to_string_lossy(), &package(workspace)).arguments(arguments))
}
