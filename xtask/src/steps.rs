//! Steps run one after another, each with its name and the time it took.

use std::fmt;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::tally::Tally;

/// Why a step failed, in words for the person at the terminal.
#[derive(Debug)]
pub(crate) struct Failure {
    reason: String,
    tally: Tally,
}

impl Failure {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), tally: Tally::default() }
    }

    /// The same failure with what had been counted by then.
    pub(crate) fn counting(mut self, tally: Tally) -> Self {
        self.tally = tally;
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

/// What a step comes to.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

/// The steps run so far. The first that fails ends the command.
#[derive(Default)]
pub(crate) struct Steps {
    ended: Vec<(String, String)>,
    tally: Tally,
}

impl Steps {
    /// Runs a step that passes or fails as a whole.
    pub(crate) fn run(&mut self, name: &str, step: impl FnOnce() -> Outcome) -> Outcome {
        self.time(name, step)
    }

    /// Runs a step whose single tests are counted.
    pub(crate) fn count(&mut self, name: &str, step: impl FnOnce() -> Outcome<Tally>) -> Outcome {
        let counted = self.time(name, step)?;
        self.tally = self.tally + counted;
        Ok(())
    }

    fn time<T>(&mut self, name: &str, step: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        println!("\n== {name}");
        let began = Instant::now();
        let outcome = step();
        let took = seconds(began.elapsed());
        match &outcome {
            Ok(_) => {
                println!("== {name}: passed in {took}");
                self.ended.push((name.to_owned(), format!("passed in {took}")));
            }
            Err(failure) => {
                println!("== {name}: FAILED after {took}: {failure}");
                self.ended.push((name.to_owned(), format!("FAILED after {took}: {failure}")));
                self.tally = self.tally + failure.tally;
            }
        }
        outcome
    }

    /// Prints every step with its time, then the sum of what was counted, alone on the last line where
    /// anything was.
    pub(crate) fn close(self, outcome: &Outcome) -> ExitCode {
        println!();
        if self.ended.is_empty()
            && let Err(failure) = outcome
        {
            println!("{failure}");
        }
        let width = self.ended.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (name, end) in &self.ended {
            println!("{name:width$}  {end}");
        }
        if self.tally != Tally::default() {
            println!("{}", self.tally);
        }
        if outcome.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}
