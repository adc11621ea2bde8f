//! Folders for tests, copies of the reference policy that may be changed, and the demo's ledger.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// An empty folder of that name.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The reference policy.
pub(crate) fn carrier() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/carrier")
}

/// A folder of that name with the files of the reference policy that are wanted, by their names below its folder.
pub(crate) fn copy_of_carrier(name: &str, is_wanted: impl Fn(&str) -> bool) -> PathBuf {
    let (from, to) = (carrier(), folder(name));
    let mut folders = vec![from.clone()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(&from).unwrap();
            if path.is_dir() {
                folders.push(path);
            } else if is_wanted(&name.to_str().unwrap().replace('\\', "/")) {
                std::fs::create_dir_all(to.join(name).parent().unwrap()).unwrap();
                std::fs::copy(&path, to.join(name)).unwrap();
            }
        }
    }
    to
}

/// The store of the demo's ledger, made in a folder with so many customers.
pub(crate) fn demo_ledger(dir: &Path, n_principals: u64) -> String {
    let mut process = Command::new(env!("CARGO_BIN_EXE_nattoku"))
        .args(["demo", "--port", "0", "--principals", &n_principals.to_string(), "--format", "json", "--dir"])
        .arg(dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    process.kill().unwrap();
    process.wait().unwrap();
    let announced: Value = serde_json::from_str(&line).unwrap();
    let store = announced["store"].as_str().unwrap().to_owned();
    // What a server leaves for the next one to begin from.
    let _ = std::fs::remove_file(format!("{}.population", store.strip_prefix("sqlite:").unwrap()));
    store
}

/// The program where it has to end by itself: whatever it reads without an end, it runs out of time or of memory, and no exit
/// code of its own comes of that.
pub(crate) fn nattoku_that_ends() -> Command {
    if !cfg!(target_os = "linux") {
        return Command::new(env!("CARGO_BIN_EXE_nattoku"));
    }
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -v 8000000; exec timeout 60 \"$0\" \"$@\"", env!("CARGO_BIN_EXE_nattoku")]);
    command
}
