//! The measurements: run, and each figure beside the baseline of the same run.

use std::path::Path;

use serde_json::Value;

use crate::command::Program;
use crate::steps::{Failure, Outcome, Steps};
use crate::workspace::Workspace;

/// What is measured together: the group, the baseline in it, what is held against that, and how long it may take, in
/// milliseconds.
const GROUPS: [(&str, &str, &str, f64); 2] =
    [("carrier", "read", "check", 50.0), ("large", "read", "check", 2000.0)];

/// Runs every measurement and prints the figures. What is slow on this machine is told, and no failure.
pub(crate) fn run(workspace: &Workspace, steps: &mut Steps) -> Outcome {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    steps.run("measurements", || {
        Program::new(&cargo, workspace.root()).arguments(&["bench", "-p", "nattoku-benches"]).run()
    })?;
    steps.run("figures", || figures(&workspace.target()?.join("criterion")))
}

fn figures(folder: &Path) -> Outcome {
    for (group, baseline, measured, most) in GROUPS {
        let (base, time) = (median(folder, group, baseline)?, median(folder, group, measured)?);
        let goal = if time <= most { "below" } else { "ABOVE" };
        println!("{:<16} {base:>10.2} ms   1.00", format!("{group}/{baseline}"));
        println!(
            "{:<16} {time:>10.2} ms {:>6.2}   {goal} {most} ms",
            format!("{group}/{measured}"),
            time / base
        );
    }
    Ok(())
}

/// The median of a measurement, in milliseconds.
fn median(folder: &Path, group: &str, name: &str) -> Outcome<f64> {
    let path = folder.join(group).join(name).join("new/estimates.json");
    let nanoseconds = std::fs::read_to_string(&path)
        .ok()
        .and_then(|text| serde_json::from_str::<Value>(&text).ok())
        .and_then(|value| value.pointer("/median/point_estimate")?.as_f64());
    match nanoseconds {
        Some(nanoseconds) => Ok(nanoseconds / 1_000_000.0),
        None => Err(Failure::new(format!("no figure in {}", path.display()))),
    }
}
