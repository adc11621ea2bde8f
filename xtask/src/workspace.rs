//! Where this repository and its build output are, and what cargo says of its crates.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::command::Program;
use crate::steps::{Failure, Outcome};

/// The repository, with `cargo metadata` of its own crates.
pub(crate) struct Workspace {
    root: PathBuf,
    metadata: Value,
}

/// A crate of ours, by its whole name, with those of ours it depends on.
pub(crate) struct Crate {
    pub(crate) name: String,
    pub(crate) uses: Vec<(String, Use)>,
}

/// How one crate depends on another of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// In what is built for users, build scripts included.
    Normal,
    /// In its own tests alone.
    Test,
}

impl Workspace {
    /// Asks cargo for the workspace that holds the working directory.
    pub(crate) fn locate() -> Outcome<Self> {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let here = std::env::current_dir()
            .map_err(|error| Failure::new(format!("cannot tell the working directory: {error}")))?;
        let text = Program::new(&cargo, &here)
            .arguments(&["metadata", "--no-deps", "--format-version", "1"])
            .read()?;
        let metadata: Value = serde_json::from_str(&text)
            .map_err(|error| Failure::new(format!("cannot read `cargo metadata`: {error}")))?;
        let root = text_of(&metadata, "workspace_root")?;
        Ok(Self { root: PathBuf::from(root), metadata })
    }

    /// The folder of the root `Cargo.toml`.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The folder cargo builds into.
    pub(crate) fn target(&self) -> Outcome<PathBuf> {
        Ok(PathBuf::from(text_of(&self.metadata, "target_directory")?))
    }

    /// The `nattoku` program as `cargo build` leaves it.
    pub(crate) fn program(&self) -> Outcome<PathBuf> {
        let path = self.target()?.join("debug").join(format!("nattoku{}", std::env::consts::EXE_SUFFIX));
        if path.is_file() {
            Ok(path)
        } else {
            Err(Failure::new(format!("{} is not built: cargo build -p nattoku", path.display())))
        }
    }

    /// Our crates.
    pub(crate) fn crates(&self) -> Outcome<Vec<Crate>> {
        let packages = list_of(&self.metadata, "packages")?;
        packages
            .iter()
            .map(|package| Ok(Crate { name: text_of(package, "name")?, uses: ours_in(package)? }))
            .collect()
    }
}

fn ours_in(package: &Value) -> Outcome<Vec<(String, Use)>> {
    let mut found = Vec::new();
    for dependency in list_of(package, "dependencies")? {
        if dependency.get("path").is_none_or(Value::is_null) {
            continue;
        }
        let test_only = dependency.get("kind").and_then(Value::as_str) == Some("dev");
        found.push((text_of(dependency, "name")?, if test_only { Use::Test } else { Use::Normal }));
    }
    Ok(found)
}

fn text_of(value: &Value, field: &str) -> Outcome<String> {
    let text = value.get(field).and_then(Value::as_str).map(str::to_owned);
    text.ok_or_else(|| Failure::new(format!("`cargo metadata` has no text `{field}`")))
}

fn list_of<'a>(value: &'a Value, field: &str) -> Outcome<&'a Vec<Value>> {
    let list = value.get(field).and_then(Value::as_array);
    list.ok_or_else(|| Failure::new(format!("`cargo metadata` has no list `{field}`")))
}
