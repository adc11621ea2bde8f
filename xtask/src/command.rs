//! Running other programs: their output is shown as it comes, and kept where somebody reads it.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;

use crate::steps::{Failure, Outcome};
use crate::tally::Tally;

/// A program with its arguments, environment and working directory.
pub(crate) struct Program {
    command: Command,
    shown: String,
}

impl Program {
    /// A program to be run in `directory`.
    pub(crate) fn new(program: &str, directory: &Path) -> Self {
        let mut command = Command::new(program);
        command.current_dir(directory).stdin(Stdio::null());
        let shown =
            Path::new(program).file_name().map_or_else(|| program.into(), |name| name.to_string_lossy());
        Self { command, shown: shown.into_owned() }
    }

    pub(crate) fn arguments<T: AsRef<str>>(mut self, arguments: &[T]) -> Self {
        for argument in arguments {
            self.command.arg(argument.as_ref());
            self.shown.push(' ');
            self.shown.push_str(argument.as_ref());
        }
        self
    }

    /// Arguments that are not shown: an address list too long to read, a session's cookie.
    pub(crate) fn unshown_arguments<T: AsRef<str>>(mut self, arguments: &[T]) -> Self {
        self.command.args(arguments.iter().map(AsRef::as_ref));
        self
    }

    pub(crate) fn environment(mut self, name: &str, value: &Path) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it with its output on ours.
    pub(crate) fn run(mut self) -> Outcome {
        println!("$ {}", self.shown);
        let status = self.command.status().map_err(|error| cannot_run(&self.shown, &error))?;
        if status.success() { Ok(()) } else { Err(failed(&self.shown, status)) }
    }

    /// Runs it, shows its output, and counts its tests by `read`. A failure keeps the count.
    pub(crate) fn run_and_read(self, read: fn(&str) -> Tally) -> Outcome<Tally> {
        let (output, outcome) = self.run_and_keep()?;
        let tally = read(&output);
        match outcome {
            Ok(()) => Ok(tally),
            Err(failure) => Err(failure.counting(tally)),
        }
    }

    /// Runs it, shows its output and gives it back with what the program came to.
    pub(crate) fn run_and_keep(self) -> Outcome<(String, Outcome)> {
        println!("$ {}", self.shown);
        self.run_and_tell(|line| println!("{line}"))
    }

    /// Runs it, hands each line of its output to `tell`, and gives the whole back with what the program came to.
    pub(crate) fn run_and_tell(mut self, mut tell: impl FnMut(&str)) -> Outcome<(String, Outcome)> {
        let mut child = self
            .command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| cannot_run(&self.shown, &error))?;
        let (sender, lines) = mpsc::channel();
        let streams: [Option<Box<dyn Read + Send>>; 2] = [
            child.stdout.take().map(|stream| Box::new(stream) as Box<dyn Read + Send>),
            child.stderr.take().map(|stream| Box::new(stream) as Box<dyn Read + Send>),
        ];
        for stream in streams.into_iter().flatten() {
            let sender = sender.clone();
            thread::spawn(move || send_lines(stream, &sender));
        }
        drop(sender);
        let mut kept = String::new();
        for line in lines {
            tell(&line);
            kept.push_str(&line);
            kept.push('\n');
        }
        let status = child.wait().map_err(|error| cannot_run(&self.shown, &error))?;
        let outcome = if status.success() { Ok(()) } else { Err(failed(&self.shown, status)) };
        Ok((kept, outcome))
    }

    /// Runs it in silence and gives back its standard output.
    pub(crate) fn read(mut self) -> Outcome<String> {
        let output = self
            .command
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| cannot_run(&self.shown, &error))?;
        if !output.status.success() {
            return Err(failed(&self.shown, output.status));
        }
        String::from_utf8(output.stdout)
            .map_err(|_| Failure::new(format!("{} printed bytes that are not UTF-8", self.shown)))
    }

    /// The bare command, for a child that outlives the call.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }
}

/// Whether a program of this name is on the path.
pub(crate) fn is_installed(name: &str) -> bool {
    find(name).is_some()
}

/// Where on the path a program of this name is.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|candidate| candidate.is_file())
}

fn send_lines(stream: impl Read, sender: &mpsc::Sender<String>) {
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    while let Ok(read) = reader.read_until(b'\n', &mut line) {
        let text = String::from_utf8_lossy(&line);
        if read == 0 || sender.send(text.trim_end_matches(['\r', '\n']).to_owned()).is_err() {
            break;
        }
        line.clear();
    }
}

fn cannot_run(shown: &str, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot run `{shown}`: {error}"))
}

fn failed(shown: &str, status: std::process::ExitStatus) -> Failure {
    Failure::new(format!("`{shown}` ended with {status}"))
}
