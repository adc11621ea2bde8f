//! The engine against the definition, over as many cases as one has time for.

use std::path::Path;

use crate::command::Program;
use crate::steps::{Outcome, Steps};
use crate::workspace::Workspace;

/// Cases unless told otherwise: ten million, some minutes.
const CASES: u64 = 10_000_000;

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    cases: u64,
    seed: u64,
}

impl Plan {
    /// Reads the words after `differential`.
    pub(crate) fn read(words: &[&str]) -> Result<Self, String> {
        let mut plan = Self { cases: CASES, seed: 1 };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let number = || words.clone().next().and_then(|n| n.replace('_', "").parse().ok());
            match (*word, number()) {
                ("--cases", Some(n)) => plan.cases = n,
                ("--seed", Some(n)) => plan.seed = n,
                ("--cases" | "--seed", None) => return Err(format!("`{word}` takes a number")),
                (other, _) => {
                    return Err(format!("`differential` takes --cases N and --seed N, not `{other}`"));
                }
            }
            words.next();
        }
        Ok(plan)
    }
}

/// Runs the comparison; a difference is printed as its smallest case, with the seed.
pub(crate) fn run(workspace: &Workspace, steps: &mut Steps, plan: &Plan) -> Outcome {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let (cases, seed) = (plan.cases.to_string(), plan.seed.to_string());
    steps.run("engine against definition", || {
        Program::new(&cargo, workspace.root())
            .arguments(&["test", "--quiet", "-p", "nattoku-engine", "--test", "it"])
            .arguments(&["the_engine_gives_the_answer_of_the_definition", "--", "--nocapture"])
            .environment("NATTOKU_CASES", Path::new(&cases))
            .environment("NATTOKU_SEED", Path::new(&seed))
            .run()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_anything_else_is_told() {
        assert_eq!(Plan::read(&[]), Ok(Plan { cases: CASES, seed: 1 }));
        let asked = ["--cases", "5_000", "--seed", "9"];
        assert_eq!(Plan::read(&asked), Ok(Plan { cases: 5_000, seed: 9 }));
        assert!(Plan::read(&["--cases"]).unwrap_err().contains("takes a number"));
        assert!(Plan::read(&["--case", "5"]).unwrap_err().contains("not `--case`"));
    }
}
