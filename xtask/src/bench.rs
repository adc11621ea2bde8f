//! The measurements: run, and each figure beside the baseline of the same run.

use std::path::Path;

use serde_json::Value;

use crate::command::Program;
use crate::steps::{Failure, Outcome, Steps};
use crate::workspace::Workspace;

/// How many principals the largest population has where nothing else is said.
const USUAL: u32 = 1_000_000;

/// What was asked for: everything, with populations of up to so many.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    people: u32,
}

impl Plan {
    /// Reads the words after `bench`.
    pub(crate) fn read(words: &[&str]) -> Result<Self, String> {
        match words {
            [] => Ok(Self { people: USUAL }),
            ["--scale", number] => {
                let people = number.replace('_', "").parse().ok().filter(|n| *n > 0);
                people
                    .map(|people| Self { people })
                    .ok_or_else(|| format!("`{number}` is no number of principals"))
            }
            ["--scale"] => Err("`--scale` takes a number of principals".to_owned()),
            [other, ..] => Err(format!("`bench` takes --scale N, not `{other}`")),
        }
    }
}

/// What is measured together.
struct Group {
    name: &'static str,
    /// What the others are held against.
    baseline: &'static str,
    others: &'static [&'static str],
    /// How long the first of the others may take, in nanoseconds, where that is set.
    goal: Option<f64>,
}

const fn checking(name: &'static str, goal: f64) -> Group {
    Group { name, baseline: "read", others: &["check"], goal: Some(goal) }
}

/// The design asks for at most 100 ns of one decision over ten thousand principals; of four categories it says nothing.
const fn deciding(name: &'static str, goal: Option<f64>) -> Group {
    Group { name, baseline: "bit_test", others: &["engine", "definition", "cedar", "rego"], goal }
}

const CHECKING: [Group; 2] = [checking("carrier", 50_000_000.0), checking("large", 2_000_000_000.0)];

const DECIDING: [Group; 4] = [
    deciding("decide_consent", Some(100.0)),
    deciding("decide_denied", Some(100.0)),
    deciding("decide_exception", Some(100.0)),
    deciding("decide_four", None),
];

/// Sealing beside the bare cipher over the same bytes.
const fn sealing(name: &'static str) -> Group {
    Group { name, baseline: "cipher", others: &["ours"], goal: None }
}

const SEALING: [Group; 3] = [sealing("seal"), sealing("open"), sealing("unwrap")];

/// Where the other engines are built: a workspace of its own.
const PEERS: &str = "benches/peers";

/// Runs the measurements and prints the figures. What is slow on this machine is told, and no failure.
pub(crate) fn run(workspace: &Workspace, steps: &mut Steps, plan: &Plan) -> Outcome {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let ours = |name: &str, told: &[&str]| {
        let bench = Program::new(&cargo, workspace.root());
        bench.arguments(&["bench", "-p", "nattoku-benches", "--bench", name]).arguments(told).run()
    };
    let target = workspace.target()?;
    steps.run("checking", || ours("checking", &[]))?;
    steps.run("one decision, beside other engines", || {
        let bench = Program::new(&cargo, &workspace.root().join(PEERS));
        bench.arguments(&["bench"]).environment("CARGO_TARGET_DIR", &target).run()
    })?;
    steps.run("sealing", || ours("sealing", &[]))?;
    steps.run("figures", || figures(&target.join("criterion")))?;
    steps.run("a large policy", || ours("large", &[]))?;
    steps.run("proofs of the ledger", || ours("ledger", &[]))?;
    steps.run("the stores of the ledger", || ours("store", &[]))?;
    steps.run("calls over HTTP", || ours("http", &[]))?;
    steps.run("the program", || {
        let build = Program::new(&cargo, workspace.root());
        build.arguments(&["build", "--quiet", "--release", "-p", "nattoku"]).run()
    })?;
    steps.run("consents over HTTP", || ours("writes", &[]))?;
    steps.run("starts", || ours("start", &["--", &plan.people.to_string()]))?;
    steps.run("populations", || ours("scale", &["--", &plan.people.to_string()]))
}

/// Prints each figure with how many times its baseline it takes, and how many times the first that is held against it.
fn figures(folder: &Path) -> Outcome {
    for group in CHECKING.iter().chain(&DECIDING).chain(&SEALING) {
        let base = median(folder, group.name, group.baseline)?;
        println!("{:<28} {:>12} {:>12.2}", format!("{}/{}", group.name, group.baseline), told(base), 1.0);
        let goals = std::iter::once(group.goal).chain(std::iter::repeat(None));
        let mut first = None;
        for (measured, goal) in group.others.iter().zip(goals) {
            let time = median(folder, group.name, measured)?;
            let first = *first.get_or_insert(time);
            let name = format!("{}/{measured}", group.name);
            let goal = goal
                .map(|most| format!("   {} {}", if time <= most { "below" } else { "ABOVE" }, told(most)));
            println!(
                "{name:<28} {:>12} {:>12.2} {:>10.2}{}",
                told(time),
                time / base,
                time / first,
                goal.unwrap_or_default()
            );
        }
    }
    Ok(())
}

/// A time in the unit in which it reads best.
fn told(nanoseconds: f64) -> String {
    if nanoseconds < 1_000.0 {
        format!("{nanoseconds:.1} ns")
    } else if nanoseconds < 1_000_000.0 {
        format!("{:.2} µs", nanoseconds / 1_000.0)
    } else {
        format!("{:.2} ms", nanoseconds / 1_000_000.0)
    }
}

/// The median of a measurement, in nanoseconds.
fn median(folder: &Path, group: &str, name: &str) -> Outcome<f64> {
    let path = folder.join(group).join(name).join("new/estimates.json");
    let nanoseconds = std::fs::read_to_string(&path)
        .ok()
        .and_then(|text| serde_json::from_str::<Value>(&text).ok())
        .and_then(|value| value.pointer("/median/point_estimate")?.as_f64());
    nanoseconds.ok_or_else(|| Failure::new(format!("no figure in {}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_principals_is_read_and_anything_else_is_told() {
        assert_eq!(Plan::read(&[]), Ok(Plan { people: USUAL }));
        assert_eq!(Plan::read(&["--scale", "100_000_000"]), Ok(Plan { people: 100_000_000 }));
        assert!(Plan::read(&["--scale"]).unwrap_err().contains("takes a number"));
        assert!(Plan::read(&["--scale", "many"]).unwrap_err().contains("`many`"));
        assert!(Plan::read(&["--size", "5"]).unwrap_err().contains("not `--size`"));
    }
}
