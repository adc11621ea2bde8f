//! The engine against the definition, over as many cases as one has time for.

mod coverage;

use std::path::Path;

use crate::command::Program;
use crate::steps::{Outcome, Steps};
use crate::workspace::Workspace;

/// Cases unless told otherwise: ten million, some minutes.
const CASES: u64 = 10_000_000;

/// Cases unless told otherwise where it is counted what they reach, which slows them down.
const COUNTED_CASES: u64 = 2_000_000;

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    cases: u64,
    seed: u64,
    /// Whether it is counted what of the definition the cases reach.
    coverage: bool,
}

impl Plan {
    /// Reads the words after `differential`.
    pub(crate) fn read(words: &[&str]) -> Result<Self, String> {
        let mut plan = Self { cases: CASES, seed: 1, coverage: words.contains(&"--coverage") };
        if plan.coverage {
            plan.cases = COUNTED_CASES;
        }
        let mut words = words.iter().filter(|word| **word != "--coverage");
        while let Some(word) = words.next() {
            let number = || words.clone().next().and_then(|n| n.replace('_', "").parse().ok());
            match (*word, number()) {
                ("--cases", Some(n)) => plan.cases = n,
                ("--seed", Some(n)) => plan.seed = n,
                ("--cases" | "--seed", None) => return Err(format!("`{word}` takes a number")),
                (other, _) => {
                    return Err(format!(
                        "`differential` takes --cases N, --seed N and --coverage, not `{other}`"
                    ));
                }
            }
            words.next();
        }
        Ok(plan)
    }
}

/// Runs the comparison; a difference is printed as its smallest case, with the seed.
pub(crate) fn run(workspace: &Workspace, steps: &mut Steps, plan: &Plan) -> Outcome {
    if plan.coverage {
        return coverage::run(workspace, steps, plan);
    }
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
        let usual = Plan { cases: CASES, seed: 1, coverage: false };
        assert_eq!(Plan::read(&[]), Ok(usual));
        let asked = ["--cases", "5_000", "--seed", "9"];
        assert_eq!(Plan::read(&asked), Ok(Plan { cases: 5_000, seed: 9, coverage: false }));
        let counted = ["--seed", "9", "--coverage"];
        assert_eq!(Plan::read(&counted), Ok(Plan { cases: COUNTED_CASES, seed: 9, coverage: true }));
        assert!(Plan::read(&["--cases"]).unwrap_err().contains("takes a number"));
        assert!(Plan::read(&["--case", "5"]).unwrap_err().contains("not `--case`"));
    }
}
