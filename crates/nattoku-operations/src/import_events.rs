//! Importing events as JSON lines: all of them, or none.

use std::io::BufRead;

use jiff::Timestamp;
use nattoku_model::event::Revision;
use nattoku_policy::diagnostic::Words;
use nattoku_store::event_json::LINE_BYTES_MAX;
use nattoku_store::{NewEvent, StoreError};

use crate::append::{check_event, problem_of};
use crate::nattoku::Nattoku;
use crate::record::of_another;

/// Faulty lines told at most; the rest is counted.
const FAULTS_MAX: usize = 100;

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// Lines that held an event.
    pub events: usize,
    /// Events that are new.
    pub appended: usize,
    /// Events that the ledger had already.
    pub already_there: usize,
    /// The ledger's revision afterwards.
    pub revision: Revision,
}

/// A line that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineFault {
    /// Which, from 1.
    pub line: usize,
    /// The field, where it is one field's fault.
    pub field: Option<String>,
    /// What is wrong and how to mend it.
    pub problem: Words,
}

/// An import that stored nothing.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Lines were refused: the first of them, and how many more there are.
    #[error("{} of the lines were refused; nothing was stored", faults.len() + more)]
    Lines {
        /// The first faults, in the order of the lines.
        faults: Vec<LineFault>,
        /// How many more lines were refused.
        more: usize,
    },
    /// The input could not be read.
    #[error("cannot read the events: {0}")]
    Read(#[from] std::io::Error),
    /// The store could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Nattoku {
    /// Imports events, one JSON object a line; blank lines are passed over. `keep_recorded_at` takes the times at which
    /// another ledger came to know them, for a migration. `progress` is told the lines read so far, now and then.
    ///
    /// # Errors
    /// Where a line is refused, the input cannot be read or the store cannot be written. Then nothing is stored.
    pub fn import_events(
        &self,
        input: impl BufRead,
        keep_recorded_at: bool,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Imported, ImportError> {
        let (events, lines) = self.read_lines(input, keep_recorded_at, progress)?;
        let now = self.now();
        let appended =
            self.store.append(&events, now, keep_recorded_at).map_err(|error| at_line(error, &lines))?;
        let already_there = appended.iter().filter(|a| a.already_there).count();
        Ok(Imported {
            events: events.len(),
            appended: events.len() - already_there,
            already_there,
            revision: self.store.revision()?,
        })
    }

    /// Reads and checks every line before the first is stored.
    fn read_lines(
        &self,
        mut input: impl BufRead,
        keep_recorded_at: bool,
        progress: &mut dyn FnMut(usize),
    ) -> Result<(Vec<NewEvent>, Vec<usize>), ImportError> {
        let (mut events, mut lines, mut faults, mut more) = (Vec::new(), Vec::new(), Vec::new(), 0);
        let now = self.now();
        for number in 1.. {
            let Some(line) = next_line(&mut input)? else { break };
            if number % 1_000 == 0 {
                progress(number);
            }
            if line.trim_ascii().is_empty() {
                continue;
            }
            match self.read_line(&line, keep_recorded_at, now) {
                Ok(event) => {
                    events.push(event);
                    lines.push(number);
                }
                Err((field, problem)) if faults.len() < FAULTS_MAX => {
                    faults.push(LineFault { line: number, field, problem });
                }
                Err(_) => more += 1,
            }
        }
        if faults.is_empty() { Ok((events, lines)) } else { Err(ImportError::Lines { faults, more }) }
    }

    fn read_line(
        &self,
        line: &[u8],
        keep_recorded_at: bool,
        now: Timestamp,
    ) -> Result<NewEvent, (Option<String>, Words)> {
        let event =
            NewEvent::from_line(line).map_err(|error| (Some(error.field.clone()), problem_of(&error)))?;
        if event.recorded_at.is_some() && !keep_recorded_at {
            return Err((
                Some("recorded_at".to_owned()),
                Words::new(
                    "`recorded_at` は台帳が付けます。移行のときだけ --keep-recorded-at で受け取ります",
                    "`recorded_at` is given by the ledger; it is taken only in a migration, with --keep-recorded-at",
                ),
            ));
        }
        if event.at > now {
            return Err((
                Some("at".to_owned()),
                Words::new(
                    format!("`at` が未来です: {}", event.at),
                    format!("`at` is in the future: {}", event.at),
                ),
            ));
        }
        check_event(self.versions(), &event.event)
            .map_err(|refused| (Some(refused.field.to_owned()), refused.words))?;
        Ok(event)
    }
}

/// The next line without its line break, or nothing at the end. A line longer than any event is cut, so that a file without
/// line breaks cannot fill the memory; it is then refused for its length.
fn next_line(input: &mut impl BufRead) -> std::io::Result<Option<Vec<u8>>> {
    use std::io::Read;
    let mut line = Vec::new();
    let most = u64::try_from(LINE_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(2);
    input.by_ref().take(most).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(None);
    }
    if line.last() != Some(&b'\n') {
        skip_rest(input)?;
    }
    while matches!(line.last(), Some(b'\n' | b'\r')) {
        line.pop();
    }
    Ok(Some(line))
}

/// Passes over what is left of an overlong line.
fn skip_rest(input: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        let end = buffer.iter().position(|b| *b == b'\n');
        let used = end.map_or(buffer.len(), |at| at + 1);
        input.consume(used);
        if end.is_some() {
            return Ok(());
        }
    }
}

/// A refusal of the store, told by the line instead of the event's place in the batch.
fn at_line(error: StoreError, lines: &[usize]) -> ImportError {
    let (index, field, problem) = match &error {
        StoreError::Refused { index, error } => (*index, error.field.clone(), problem_of(error)),
        StoreError::Conflict { index, id, revision } => {
            let problem = of_another(id, *revision);
            (*index, "id".to_owned(), problem)
        }
        _ => return ImportError::Store(error),
    };
    let line = lines.get(index).copied().unwrap_or(index + 1);
    ImportError::Lines { faults: vec![LineFault { line, field: Some(field), problem }], more: 0 }
}
