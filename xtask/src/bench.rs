//! The measurements: run, and each figure beside the baseline of the same run.

use std::path::Path;

use serde_json::Value;

use crate::command::Program;
use crate::steps::{Failure, Outcome, Steps};
use crate::workspace::Workspace;

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
    Group { name, baseline: "bit_test", others: &["engine", "definition"], goal }
}

const GROUPS: [Group; 6] = [
    checking("carrier", 50_000_000.0),
    checking("large", 2_000_000_000.0),
    deciding("decide_consent", Some(100.0)),
    deciding("decide_denied", Some(100.0)),
    deciding("decide_exception", Some(100.0)),
    deciding("decide_four", None),
];

/// Runs every measurement and prints the figures. What is slow on this machine is told, and no failure.
pub(crate) fn run(workspace: &Workspace, steps: &mut Steps) -> Outcome {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    steps.run("measurements", || {
        Program::new(&cargo, workspace.root()).arguments(&["bench", "-p", "nattoku-benches"]).run()
    })?;
    steps.run("figures", || figures(&workspace.target()?.join("criterion")))
}

fn figures(folder: &Path) -> Outcome {
    for group in GROUPS {
        let base = median(folder, group.name, group.baseline)?;
        println!("{:<28} {:>12}     1.00", format!("{}/{}", group.name, group.baseline), told(base));
        let goals = std::iter::once(group.goal).chain(std::iter::repeat(None));
        for (measured, goal) in group.others.iter().zip(goals) {
            let time = median(folder, group.name, measured)?;
            let name = format!("{}/{measured}", group.name);
            let goal = goal
                .map(|most| format!("   {} {}", if time <= most { "below" } else { "ABOVE" }, told(most)));
            println!("{name:<28} {:>12} {:>8.2}{}", told(time), time / base, goal.unwrap_or_default());
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
