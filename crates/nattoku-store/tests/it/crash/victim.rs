//! The victim under the eyes of `strace`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nattoku_testkit::python::absent;

use crate::support::Folder;

/// The program that appends.
pub(super) fn appender() -> PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    path.join("examples/appender")
}

/// Whether programs can be watched here. Where they cannot, that is said.
pub(super) fn can_be_watched() -> bool {
    let strace = |arguments: &[&str]| {
        let ran = Command::new("strace").args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
        ran.is_ok_and(|status| status.success())
    };
    if !strace(&["-V"]) {
        absent("strace");
        return false;
    }
    let may_watch = strace(&["-f", "-o", "/dev/null", "true"]);
    if !may_watch {
        let said = b"not held: this system lets no program watch another (ptrace)\n";
        let _ = std::io::stderr().write_all(said);
    }
    may_watch
}

/// A run of the victim.
pub(super) struct Run<'a> {
    /// The folder of its ledger.
    pub(super) folder: &'a Folder,
    pub(super) round: usize,
    pub(super) n_threads: usize,
    pub(super) n_batches: usize,
    /// What else it is to do, as it takes it.
    pub(super) words: &'a [&'a str],
    /// At which steps of an append it ends.
    pub(super) failpoints: &'a str,
}

impl Run<'_> {
    /// The victim and its arguments.
    pub(super) fn command(&self) -> Vec<String> {
        let mut words = vec![
            appender().display().to_string(),
            format!("sqlite:{}", self.folder.path("ledger.sqlite").display()),
            self.round.to_string(),
            self.n_threads.to_string(),
            "beside".to_owned(),
            self.n_batches.to_string(),
        ];
        words.extend(self.words.iter().map(|word| (*word).to_owned()));
        words
    }

    /// Runs it under `strace` with these options, and returns what it told.
    pub(super) fn watched(&self, options: &[&str]) -> String {
        let mut strace = Command::new("strace");
        strace.arg("-f").args(options).args(self.command());
        self.told(&mut strace)
    }

    /// Runs a program that runs the victim, and returns what it told.
    pub(super) fn told(&self, program: &mut Command) -> String {
        let ran = program
            .env("FAILPOINTS", self.failpoints)
            .stderr(Stdio::null())
            .output()
            .unwrap_or_else(|error| panic!("{program:?}: {error}"));
        String::from_utf8(ran.stdout).unwrap()
    }
}

/// Puts files into a folder, for nobody but their owner.
pub(super) fn put<'f>(folder: &Folder, files: impl IntoIterator<Item = (&'f String, &'f Vec<u8>)>) {
    for (name, bytes) in files {
        let path = folder.path(name);
        std::fs::write(&path, bytes).unwrap();
        only_for_owner(&path);
    }
}

#[cfg(unix)]
fn only_for_owner(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
fn only_for_owner(_path: &Path) {}
