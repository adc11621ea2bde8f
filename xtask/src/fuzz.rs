//! Fuzzing: seeds and dictionary are made from the literate cases, the targets are built and run one after another.
//!
//! What a run finds worth keeping gathers in `target/fuzz/TARGET/found`; `fuzz/corpus/TARGET` is what is committed and held by
//! the ordinary tests. An input that breaks a promise is written to `fuzz/artifacts/TARGET`.

mod seeds;

use std::path::Path;

use crate::command::{Program, is_installed};
use crate::steps::{Failure, Outcome, Steps};
use crate::workspace::Workspace;

/// Every target, with the longest input it is given, in bytes.
const TARGETS: [(&str, usize); 3] =
    [("policy_text", 8_192), ("notice_markdown", 4_096), ("decision_request", 8_192)];

/// How long a target runs unless told otherwise.
const SECONDS: u32 = 60;

/// Most memory of a run, in MiB; more is a find.
const MEMORY_MIB: u32 = 2_048;

/// Longest time for one input, in seconds; longer is a find.
const INPUT_SECONDS: u32 = 10;

/// What was asked for: some targets, and how long each runs.
pub(crate) struct Plan {
    targets: Vec<(&'static str, usize)>,
    seconds: u32,
}

impl Plan {
    /// Reads `[TARGET…] [--seconds N]`. Without a target it is all of them.
    pub(crate) fn read(arguments: &[&str]) -> Result<Self, String> {
        let mut plan = Self { targets: Vec::new(), seconds: SECONDS };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            if *word == "--seconds" {
                let number = words.next().and_then(|number| number.parse().ok()).filter(|number| *number > 0);
                plan.seconds = number.ok_or("--seconds needs a whole number from 1")?;
            } else {
                let known = TARGETS.iter().find(|(name, _)| name == word);
                plan.targets.push(*known.ok_or_else(|| {
                    let names = TARGETS.map(|(name, _)| name).join(", ");
                    format!("no such fuzz target: {word} (there are {names})")
                })?);
            }
        }
        if plan.targets.is_empty() {
            plan.targets.extend(TARGETS);
        }
        Ok(plan)
    }
}

/// Builds the targets and runs each for its time.
pub(crate) fn run(workspace: &Workspace, steps: &mut Steps, plan: &Plan) -> Outcome {
    steps.run("cargo-fuzz", || {
        if is_installed("cargo-fuzz") {
            return Ok(());
        }
        cargo(workspace.root(), &["install", "cargo-fuzz", "--locked"]).run()
    })?;
    let own = workspace.target()?.join("fuzz");
    steps.run("seeds", || {
        let mut targets = plan.targets.iter();
        targets.try_for_each(|(name, bytes)| seeds::write(workspace.root(), name, *bytes, &own.join(name)))
    })?;
    steps.run("build", || fuzz(workspace.root(), &["build"]).run())?;
    for (name, bytes) in &plan.targets {
        steps.run(name, || one(workspace, &own.join(name), name, *bytes, plan.seconds))?;
    }
    Ok(())
}

fn one(workspace: &Workspace, own: &Path, name: &str, bytes: usize, seconds: u32) -> Outcome {
    let found = own.join("found");
    std::fs::create_dir_all(&found)
        .map_err(|error| Failure::new(format!("cannot make {}: {error}", found.display())))?;
    let kept = workspace.root().join("fuzz/corpus").join(name);
    let folders = [&found, &own.join("seeds"), &kept].map(|folder| folder.to_string_lossy().into_owned());
    let options = [
        format!("-dict={}", own.join("words.dict").display()),
        format!("-max_len={bytes}"),
        format!("-max_total_time={seconds}"),
        format!("-rss_limit_mb={MEMORY_MIB}"),
        format!("-timeout={INPUT_SECONDS}"),
        "-print_final_stats=1".to_owned(),
    ];
    fuzz(workspace.root(), &["run", name]).arguments(&folders).arguments(&["--"]).arguments(&options).run()
}

/// `cargo fuzz`, whose sanitizers are unstable options of a compiler that is stable otherwise.
fn fuzz(root: &Path, arguments: &[&str]) -> Program {
    cargo(root, &["fuzz"]).arguments(arguments).environment("RUSTC_BOOTSTRAP", Path::new("1"))
}

fn cargo(root: &Path, arguments: &[&str]) -> Program {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    Program::new(&cargo, root).arguments(arguments)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn read(arguments: &[&str]) -> Result<(Vec<&'static str>, u32), String> {
        let plan = Plan::read(arguments)?;
        Ok((plan.targets.iter().map(|(name, _)| *name).collect(), plan.seconds))
    }

    #[test]
    fn every_target_of_the_folder_is_run_and_no_other() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let stems = |inside: &str| -> BTreeSet<String> {
            let files = std::fs::read_dir(folder.join(inside)).unwrap();
            files.map(|f| f.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect()
        };
        let listed: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(listed, stems("fuzz_targets"));
        assert_eq!(listed, stems("promises"));
        for name in listed {
            assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name} is built");
        }
    }

    #[test]
    fn targets_and_seconds_are_read() {
        assert_eq!(read(&[]), Ok((TARGETS.map(|(name, _)| name).to_vec(), SECONDS)));
        assert_eq!(read(&["policy_text", "--seconds", "1200"]), Ok((vec!["policy_text"], 1_200)));
        assert!(read(&["policy"]).unwrap_err().contains("policy_text"));
        for wrong in [&["--seconds"][..], &["--seconds", "0"], &["--seconds", "x"]] {
            assert!(read(wrong).is_err());
        }
    }
}
