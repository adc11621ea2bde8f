//! The Python packages that other programs' formats are held against.
//!
//! `cargo xtask test` installs them in `target/python`. Where one is absent a test says so and holds nothing, except where
//! `NATTOKU_INSTALLED` promises that it is there.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The interpreter, where it has a package.
pub(crate) fn python(package: &str) -> Option<PathBuf> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let python = target.join("python/bin/python3");
    let import = format!("import {package}");
    let is_there =
        python.exists() && Command::new(&python).args(["-c", &import]).status().is_ok_and(|s| s.success());
    let is_promised = std::env::var_os("NATTOKU_INSTALLED").is_some();
    assert!(is_there || !is_promised, "{package} is not in {}", python.display());
    if !is_there {
        let said = format!("not held: the package {package} is absent; `cargo xtask test` installs it\n");
        std::io::stderr().write_all(said.as_bytes()).unwrap();
    }
    is_there.then_some(python)
}
