//! What of the definition the drawn cases never reach: regions and branches of `nattoku-spec`, as the compiler counts them.
//!
//! The comparison is built once more with counters, in a target folder of its own. Regions are counted by the stable
//! `-C instrument-coverage`: every expression that may be left out, each arm and each `?`. That a condition was both true and
//! false is counted by `-Z coverage-options=branch`, which the pinned compiler takes under `RUSTC_BOOTSTRAP`.
//! What cannot be reached is excused, with the reason, in a table of `docs/design/engine.md`.

mod excuses;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use self::excuses::Excuses;
use super::Plan;
use crate::command::Program;
use crate::steps::{Failure, Outcome, Steps};
use crate::workspace::Workspace;

/// The folder whose regions are counted, from the root of the repository.
const DEFINITION: &str = "crates/nattoku-spec/src";

/// A stretch of source: file below [`DEFINITION`], line and column where it begins, line and column where it ends.
type Stretch = (String, [u64; 4]);

/// How often each region was reached, and how often each condition was true and false.
#[derive(Default)]
struct Counts {
    regions: BTreeMap<Stretch, u64>,
    branches: BTreeMap<Stretch, [u64; 2]>,
}

/// Something that never came up.
#[derive(Debug, PartialEq, Eq)]
struct Unreached {
    file: String,
    line: u64,
    column: u64,
    what: &'static str,
}

/// Runs the comparison with counters, and tells what of the definition it never reached.
pub(super) fn run(workspace: &Workspace, steps: &mut Steps, plan: &Plan) -> Outcome {
    let folder = workspace.target()?.join("coverage");
    let mut tools = PathBuf::new();
    steps.run("llvm-tools", || {
        tools = llvm_tools(workspace)?;
        Ok(())
    })?;
    let mut program = PathBuf::new();
    steps.run("build with counters", || {
        program = build(workspace, &folder)?;
        Ok(())
    })?;
    let profile = folder.join("differential.profraw");
    steps.run("engine against definition", || compare(workspace, plan, &program, &profile))?;
    steps.run("coverage of the definition", || {
        let counts = count(workspace, &tools, &program, &profile)?;
        tell(workspace, &counts)
    })
}

/// The folder of `llvm-cov` and `llvm-profdata` of the pinned compiler; installed by `rustup` where they are not there.
fn llvm_tools(workspace: &Workspace) -> Outcome<PathBuf> {
    let rustc = |arguments: &[&str]| Program::new("rustc", workspace.root()).arguments(arguments).read();
    let version = rustc(&["-vV"])?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.ok_or_else(|| Failure::new("`rustc -vV` names no host"))?;
    let sysroot = rustc(&["--print", "sysroot"])?;
    let folder = Path::new(sysroot.trim()).join("lib/rustlib").join(host).join("bin");
    if !folder.join(format!("llvm-cov{}", std::env::consts::EXE_SUFFIX)).is_file() {
        Program::new("rustup", workspace.root()).arguments(&["component", "add", "llvm-tools"]).run()?;
    }
    Ok(folder)
}

/// Builds the comparison with counters, and gives the program.
fn build(workspace: &Workspace, folder: &Path) -> Outcome<PathBuf> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let messages = Program::new(&cargo, workspace.root())
        .arguments(&["test", "--no-run", "--quiet", "-p", "nattoku-engine", "--test", "it"])
        .arguments(&["--message-format", "json"])
        .environment("CARGO_TARGET_DIR", folder)
        .environment("RUSTC_BOOTSTRAP", Path::new("1"))
        .environment("RUSTFLAGS", Path::new("-C instrument-coverage -Z coverage-options=branch"))
        // What is run while building counts too, and nobody asks for it.
        .environment("LLVM_PROFILE_FILE", &folder.join("build-%p.profraw"))
        .read()?;
    let built = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut programs = built.filter_map(|message| {
        let name = message.pointer("/target/name")?.as_str()?;
        let program = message.get("executable")?.as_str()?;
        (name == "it").then(|| PathBuf::from(program))
    });
    programs.next().ok_or_else(|| Failure::new("cargo built no program of the comparison"))
}

fn compare(workspace: &Workspace, plan: &Plan, program: &Path, profile: &Path) -> Outcome {
    let (cases, seed) = (plan.cases.to_string(), plan.seed.to_string());
    Program::new(&program.to_string_lossy(), &workspace.root().join("crates/nattoku-engine"))
        .arguments(&["the_engine_gives_the_answer_of_the_definition", "--nocapture"])
        .environment("NATTOKU_CASES", Path::new(&cases))
        .environment("NATTOKU_SEED", Path::new(&seed))
        .environment("LLVM_PROFILE_FILE", profile)
        .run()
}

/// Reads what the counters stand at.
fn count(workspace: &Workspace, tools: &Path, program: &Path, profile: &Path) -> Outcome<Counts> {
    let tool = |name: &str| Program::new(&tools.join(name).to_string_lossy(), workspace.root());
    let (profile, merged) = (profile.to_string_lossy(), profile.with_extension("profdata"));
    let merged = merged.to_string_lossy();
    tool("llvm-profdata").arguments(&["merge", "-sparse", &profile, "-o", &merged]).run()?;
    let exported = tool("llvm-cov")
        .arguments(&["export", "-format=text", &program.to_string_lossy()])
        .arguments(&[&format!("-instr-profile={merged}"), "--sources", DEFINITION])
        .read()?;
    let exported: Value = serde_json::from_str(&exported)
        .map_err(|error| Failure::new(format!("cannot read what `llvm-cov` exports: {error}")))?;
    Ok(Counts::read(&exported))
}

impl Counts {
    /// Adds up what all copies of a function counted, be they generic or inlined.
    fn read(exported: &Value) -> Self {
        let mut counts = Self::default();
        let functions = exported.pointer("/data/0/functions").and_then(Value::as_array);
        for function in functions.into_iter().flatten() {
            for region in numbers(function, "regions") {
                // Kind 0 is code; the others are gaps and expansions of macros.
                if let [l1, c1, l2, c2, n, file, _, 0] = region[..]
                    && let Some(file) = file_of(function, file)
                {
                    *counts.regions.entry((file, [l1, c1, l2, c2])).or_default() += n;
                }
            }
            for branch in numbers(function, "branches") {
                if let [l1, c1, l2, c2, n_true, n_false, file, ..] = branch[..]
                    && let Some(file) = file_of(function, file)
                {
                    let [sum_true, sum_false] = counts.branches.entry((file, [l1, c1, l2, c2])).or_default();
                    *sum_true += n_true;
                    *sum_false += n_false;
                }
            }
        }
        counts
    }

    fn unreached(&self) -> Vec<Unreached> {
        let unreached = |((file, [line, column, ..]), what): (&Stretch, &'static str)| Unreached {
            file: file.clone(),
            line: *line,
            column: *column,
            what,
        };
        let regions = self.regions.iter().filter(|(_, n)| **n == 0).map(|(at, _)| (at, "never reached"));
        let branches = self.branches.iter().filter_map(|(at, counts)| match counts {
            [0, 0] => Some((at, "never asked")),
            [0, _] => Some((at, "never true")),
            [_, 0] => Some((at, "never false")),
            _ => None,
        });
        regions.chain(branches).map(unreached).collect()
    }
}

fn numbers(function: &Value, field: &str) -> Vec<Vec<u64>> {
    let all = function.get(field).and_then(Value::as_array);
    let row = |row: &Value| row.as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
    all.into_iter().flatten().map(row).collect()
}

/// The file of a region, below the definition's folder; nothing where it is another's.
fn file_of(function: &Value, number: u64) -> Option<String> {
    let name = function.get("filenames")?.get(usize::try_from(number).ok()?)?.as_str()?.replace('\\', "/");
    name.split_once(&format!("{DEFINITION}/")).map(|(_, file)| file.to_owned())
}

/// Tells what was never reached, and fails where that is not excused, or an excuse is not needed.
fn tell(workspace: &Workspace, counts: &Counts) -> Outcome {
    let read = |path: &Path| {
        fs::read_to_string(path)
            .map_err(|error| Failure::new(format!("cannot read {}: {error}", path.display())))
    };
    let mut excuses = Excuses::read(&read(&workspace.root().join(excuses::TABLE))?);
    let mut n_told = 0;
    for unreached in counts.unreached() {
        let source = read(&workspace.root().join(DEFINITION).join(&unreached.file))?;
        let Unreached { file, line, column, what } = &unreached;
        if excuses.excuse(&unreached, &source) {
            continue;
        }
        let text = usize::try_from(*line).ok().and_then(|line| source.lines().nth(line.checked_sub(1)?));
        println!("{DEFINITION}/{file}:{line}:{column}: {what}: {}", text.unwrap_or_default().trim());
        n_told += 1;
    }
    let Counts { regions, branches } = counts;
    println!("{} regions and {} conditions of the definition", regions.len(), branches.len());
    if regions.is_empty() || branches.is_empty() {
        return Err(Failure::new("nothing of the definition was counted"));
    }
    let unneeded = excuses.unneeded();
    for excuse in &unneeded {
        println!("{}: excused, but reached: {excuse}", excuses::TABLE);
    }
    match (n_told, unneeded.len()) {
        (0, 0) => {
            println!("all of them are reached, but for {} that {} excuses", excuses.n_used(), excuses::TABLE);
            Ok(())
        }
        (0, n) => Err(Failure::new(format!("{n} excuses are not needed"))),
        (n, _) => Err(Failure::new(format!("{n} places of the definition are never reached"))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn copies_of_a_function_count_together_and_other_crates_not_at_all() {
        let function = |file: &str, n: u64| {
            json!({
                "filenames": [file],
                "regions": [[4, 5, 4, 9, n, 0, 0, 0], [1, 1, 1, 2, 0, 0, 0, 3]],
                "branches": [[4, 5, 4, 9, n, 0, 0, 0, 4]],
            })
        };
        let spec = "/somewhere/crates/nattoku-spec/src/gates/choice.rs";
        let functions = json!([function(spec, 0), function(spec, 2), function("/elsewhere/lib.rs", 0)]);
        let counts = Counts::read(&json!({ "data": [{ "functions": functions }] }));
        let at = |what| Unreached { file: "gates/choice.rs".to_owned(), line: 4, column: 5, what };
        assert_eq!(counts.unreached(), [at("never false")]);
        let counts = Counts::read(&json!({ "data": [{ "functions": [function(spec, 0)] }] }));
        assert_eq!(counts.unreached(), [at("never reached"), at("never asked")]);
    }
}
