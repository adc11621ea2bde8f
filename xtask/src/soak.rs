//! Load from all sides for a long time, while the database restarts.

use std::path::Path;

use crate::command::Program;
use crate::steps::{Outcome, Steps};
use crate::workspace::Workspace;

/// For so long unless told otherwise.
const MINUTES: u32 = 30;

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    minutes: u32,
}

impl Plan {
    /// Reads the words after `soak`.
    pub(crate) fn read(words: &[&str]) -> Result<Self, String> {
        match words {
            [] => Ok(Self { minutes: MINUTES }),
            ["--minutes", number] => {
                let minutes = number.replace('_', "").parse().ok().filter(|n| *n > 0);
                minutes
                    .map(|minutes| Self { minutes })
                    .ok_or_else(|| format!("`{number}` is no number of minutes"))
            }
            ["--minutes"] => Err("`--minutes` takes a number".to_owned()),
            [other, ..] => Err(format!("`soak` takes --minutes N, not `{other}`")),
        }
    }
}

/// Runs the load over the program as it is built for use.
pub(crate) fn run(workspace: &Workspace, steps: &mut Steps, plan: &Plan) -> Outcome {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let minutes = plan.minutes.to_string();
    let program = workspace.target()?.join("release/nattoku");
    let run = |arguments: &[&str]| {
        let run = Program::new(&cargo, workspace.root()).arguments(arguments);
        // What it needs is to be there: without a database it would hold nothing.
        let run =
            run.environment("NATTOKU_INSTALLED", Path::new("1")).environment("NATTOKU_PROGRAM", &program);
        run.environment("NATTOKU_SOAK", Path::new(&minutes)).run()
    };
    steps.run("the program", || run(&["build", "--quiet", "--release", "-p", "nattoku"]))?;
    steps.run("load while the database restarts", || {
        run(&["test", "--quiet", "-p", "nattoku", "--test", "it", "soak::", "--", "--nocapture"])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_minutes_is_read_and_anything_else_is_told() {
        assert_eq!(Plan::read(&[]), Ok(Plan { minutes: MINUTES }));
        assert_eq!(Plan::read(&["--minutes", "5"]), Ok(Plan { minutes: 5 }));
        assert!(Plan::read(&["--minutes"]).unwrap_err().contains("takes a number"));
        assert!(Plan::read(&["--minutes", "0"]).unwrap_err().contains("no number"));
        assert!(Plan::read(&["--hours", "5"]).unwrap_err().contains("not `--hours`"));
    }
}
