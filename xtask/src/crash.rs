//! Programs that append and are killed, lose power or have calls of the system fail, as often as one has time for.

use std::path::Path;

use crate::command::Program;
use crate::steps::{Outcome, Steps};
use crate::workspace::Workspace;

/// Rounds unless told otherwise, over each of the two stores. In two of three the program is killed, in the third it ends by itself
/// at a step of an append: 1,000 are killed.
const ROUNDS: u32 = 750;

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    rounds: u32,
}

impl Plan {
    /// Reads the words after `crash`.
    pub(crate) fn read(words: &[&str]) -> Result<Self, String> {
        match words {
            [] => Ok(Self { rounds: ROUNDS }),
            ["--rounds", number] => {
                let rounds = number.replace('_', "").parse().ok().filter(|n| *n > 0);
                rounds
                    .map(|rounds| Self { rounds })
                    .ok_or_else(|| format!("`{number}` is no number of rounds"))
            }
            ["--rounds"] => Err("`--rounds` takes a number".to_owned()),
            [other, ..] => Err(format!("`crash` takes --rounds N, not `{other}`")),
        }
    }
}

/// Runs the crash tests of the stores.
pub(crate) fn run(workspace: &Workspace, steps: &mut Steps, plan: &Plan) -> Outcome {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let rounds = plan.rounds.to_string();
    let run = |arguments: &[&str]| {
        let program = Program::new(&cargo, workspace.root()).arguments(arguments);
        // What these tests need is to be there: without a server half of them would hold nothing.
        let program = program.environment("NATTOKU_INSTALLED", Path::new("1"));
        program.environment("NATTOKU_CRASH_ROUNDS", Path::new(&rounds)).run()
    };
    steps.run("the victim", || run(&["build", "--quiet", "-p", "nattoku-store", "--example", "appender"]))?;
    steps.run("killed, without power, with calls that fail", || {
        run(&["test", "--quiet", "-p", "nattoku-store", "--test", "it", "crash::", "--", "--nocapture"])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_anything_else_is_told() {
        assert_eq!(Plan::read(&[]), Ok(Plan { rounds: ROUNDS }));
        assert_eq!(Plan::read(&["--rounds", "1_000"]), Ok(Plan { rounds: 1_000 }));
        assert!(Plan::read(&["--rounds"]).unwrap_err().contains("takes a number"));
        assert!(Plan::read(&["--rounds", "0"]).unwrap_err().contains("no number"));
        assert!(Plan::read(&["--round", "5"]).unwrap_err().contains("not `--round`"));
    }
}
