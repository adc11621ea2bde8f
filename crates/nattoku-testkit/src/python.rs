//! The Python packages by which other programs are asked.
//!
//! `cargo xtask test` installs them in `target/python`. Where one is absent a test says so and holds nothing, except where
//! `NATTOKU_INSTALLED` promises that it is there.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The interpreter, where it has a package: that of `NATTOKU_PYTHON`, or the one beside the folder for the tests' own files,
/// which is `env!("CARGO_TARGET_TMPDIR")`.
///
/// # Panics
/// Where the package is absent and was promised.
#[must_use]
pub fn python(package: &str, of_tests: &str) -> Option<PathBuf> {
    let installed = Path::new(of_tests).with_file_name("python").join("bin/python3");
    let python = std::env::var_os("NATTOKU_PYTHON").map_or(installed, PathBuf::from);
    let import = format!("import {package}");
    let is_there = Command::new(&python).args(["-c", &import]).status().is_ok_and(|status| status.success());
    if !is_there {
        absent(&format!("the package {package} of {}", python.display()));
    }
    is_there.then_some(python)
}

/// Says that something is absent, and that nothing is held for want of it.
///
/// # Panics
/// Where it was promised.
pub fn absent(what: &str) {
    assert!(std::env::var_os("NATTOKU_INSTALLED").is_none(), "{what} is not here");
    let said = format!("not held: {what} is absent; `cargo xtask test` installs it\n");
    let _ = std::io::stderr().write_all(said.as_bytes());
}
