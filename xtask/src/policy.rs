//! The reference policy is held to its own promises by the program under test.

use std::path::PathBuf;

use crate::command::Program;
use crate::steps::{Failure, Outcome};
use crate::tally::Tally;
use crate::workspace::Workspace;

/// The reference policy, from the root of the repository.
const REFERENCE: &str = "policies/carrier";

/// `nattoku policy check --deny warnings`.
pub(crate) fn check(workspace: &Workspace) -> Outcome {
    nattoku(workspace, &["policy", "check", REFERENCE, "--deny", "warnings"])?.run()
}

/// `nattoku policy test`: the scenarios written beside the policy.
pub(crate) fn test(workspace: &Workspace) -> Outcome<Tally> {
    let (output, outcome) = nattoku(workspace, &["policy", "test", REFERENCE])?.run_and_keep()?;
    let tally = Tally::of_plain_line(&output);
    match (outcome, tally) {
        (Err(failure), tally) => Err(failure.counting(tally.unwrap_or_default())),
        (Ok(()), Some(tally)) if tally.passed > 0 => Ok(tally),
        (Ok(()), _) => Err(Failure::new(format!(
            "`nattoku policy test {REFERENCE}` ran no test, or did not say so in a line `N passed, N failed`"
        ))),
    }
}

/// `nattoku policy prove`: the invariants, for every principal and every request.
pub(crate) fn prove(workspace: &Workspace) -> Outcome {
    nattoku(workspace, &["policy", "prove", REFERENCE])?.run()
}

fn nattoku(workspace: &Workspace, arguments: &[&str]) -> Outcome<Program> {
    let folder: PathBuf = workspace.root().join(REFERENCE);
    if !folder.is_dir() {
        return Err(Failure::new(format!("there is no reference policy at {}", folder.display())));
    }
    let program = workspace.program()?;
    Ok(Program::new(&program.to_string_lossy(), workspace.root()).arguments(arguments))
}
