//! A whole ledger into a store.

use std::io::{BufRead, Read as _};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use nattoku_ledger::Hash;
use nattoku_model::Revision;

use super::line::{self, Line};
use super::{KeyParts, PrincipalKeys, WholeEvent};
use crate::error::StoreError;
use crate::event_json::EventError;
use crate::keys::Kek;
use crate::leaf::LEAF_BYTES_MAX;
use crate::opening::{OpenMode, Purpose, Settings};
use crate::place::Place;
use crate::random::Randomness;
use crate::store::Store;

/// Events and principals stored at once. What is stored stays: an import that was broken off goes on from there.
const BATCH: usize = 8_192;
/// Bytes of lines after which no more are stored at once.
const BATCH_BYTES: usize = 16 << 20;
/// Longest line: a leaf with its escapes, and a sealed payload in hexadecimal digits.
const LINE_BYTES_MAX: usize = 8 * LEAF_BYTES_MAX;

/// What came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrived {
    /// How many events the ledger has.
    pub events: u64,
    /// The root over them, which is that of the ledger they came from.
    pub root: Hash,
}

/// Why a ledger did not come in whole. It cannot be used before it has.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// The store could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The lines could not be read.
    #[error("cannot read the ledger: {0}")]
    Read(#[from] std::io::Error),
    /// A line is none of a whole ledger, or not in its place.
    #[error("line {0} is not one of a whole ledger, or not in its place")]
    Line(u64),
    /// An event is wrong.
    #[error("line {line}: {error}")]
    Event {
        /// Which line, from 1.
        line: u64,
        /// What is wrong.
        error: EventError,
    },
    /// The id of an event belongs to another event of the ledger.
    #[error("line {line}: the id `{id}` belongs to revision {revision} with other content")]
    Conflict {
        /// Which line, from 1.
        line: u64,
        /// The id.
        id: String,
        /// The revision of the event that has it.
        revision: u64,
    },
    /// The lines end before the ledger does.
    #[error("the lines end before the ledger does")]
    CutOff,
    /// What came in is not what went out.
    #[error("the events that came in have the root {found}, and had {expected} where they came from")]
    OtherRoot {
        /// The root that the last line tells.
        expected: Hash,
        /// That of the events.
        found: Hash,
    },
}

/// Brings a whole ledger to a place where there is none, or where an import of the same was broken off. Its keys go on resting on
/// the key-encryption key that they rested on where it came from. `progress` is told the events so far.
///
/// # Errors
/// [`StoreError::Keys`] where that key-encryption key is not the one that is given. Then the ledger there can be used for nothing
/// but to import it again; after [`TransferError::OtherRoot`] not even for that, and it has to be removed first,
/// with its keys.
pub fn import_whole(
    place: &Place,
    mut input: impl BufRead,
    randomness: impl Randomness + 'static,
    kek: &Kek,
    progress: &mut dyn FnMut(u64),
) -> Result<Arrived, TransferError> {
    let mut lines = Lines { input: &mut input, number: 0 };
    let Some(first) = lines.next()? else { return Err(TransferError::CutOff) };
    let Some(Line::First(identity)) = line::read(&first) else { return Err(TransferError::Line(1)) };
    let purpose = Purpose::Arrival(identity);
    let store = place.open_for(OpenMode::Create, &purpose, randomness, Settings::default(), kek)?;
    let there = store.revision()?.0;
    let store = store.as_ref();
    // What was read is stored while the next is read.
    let (events, root) = std::thread::scope(|scope| {
        let (sender, batches) = sync_channel(1);
        let storing = scope.spawn(move || keep(store, there, &batches));
        let read = read_all(&mut lines, there, &sender, progress);
        drop(sender);
        // What could not be stored comes before whatever stands in later lines.
        let stored = storing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        stored.and(read)
    })?;
    end(store, events, root)
}

/// Reads all lines after the first, and hands on what they hold. Gives what the last one tells.
fn read_all(
    lines: &mut Lines<'_, impl BufRead>,
    there: u64,
    storing: &SyncSender<Batch>,
    progress: &mut dyn FnMut(u64),
) -> Result<(u64, Hash), TransferError> {
    let mut batch = Batch::default();
    let mut n_events = 0;
    while let Some(bytes) = lines.next()? {
        match line::read(&bytes).ok_or(TransferError::Line(lines.number))? {
            Line::Group(group) if n_events == 0 => batch.parts.groups.push(group),
            Line::Tombstone(tombstone) if n_events == 0 => batch.parts.tombstones.push(tombstone),
            Line::Principal(principal) if n_events == 0 => batch.principals.push(principal),
            Line::Event(event) => {
                n_events += 1;
                // What an import that was broken off has stored is there.
                if n_events > there {
                    batch.events.push(event);
                    batch.lines.push(lines.number);
                }
                if n_events % 1_000 == 0 {
                    progress(n_events);
                }
            }
            Line::Last { events, root } if events == n_events => {
                let _ = storing.send(batch);
                return Ok((events, root));
            }
            Line::First(_) | Line::Group(_) | Line::Tombstone(_) | Line::Principal(_) | Line::Last { .. } => {
                return Err(TransferError::Line(lines.number));
            }
        }
        batch.n_bytes += bytes.len();
        // Whoever stores has gone where something could not be stored; that is what is told then.
        if batch.is_full() && storing.send(std::mem::take(&mut batch)).is_err() {
            break;
        }
    }
    Err(TransferError::CutOff)
}

fn end(store: &dyn Store, events: u64, expected: Hash) -> Result<Arrived, TransferError> {
    let stats = store.stats()?;
    if (stats.events, stats.root) != (events, expected) {
        return Err(TransferError::OtherRoot { expected, found: stats.root });
    }
    store.arrived()?;
    Ok(Arrived { events, root: expected })
}

/// What is to be stored next.
#[derive(Default)]
struct Batch {
    parts: KeyParts,
    principals: Vec<PrincipalKeys>,
    events: Vec<WholeEvent>,
    /// The line of each event.
    lines: Vec<u64>,
    /// How many bytes all its lines had.
    n_bytes: usize,
}

/// Stores batches until there are no more, behind so many events that are there.
fn keep(store: &dyn Store, mut there: u64, batches: &Receiver<Batch>) -> Result<(), TransferError> {
    for batch in batches {
        // Keys before whom they are of, and these before what happened to them.
        if batch.parts != KeyParts::default() || !batch.principals.is_empty() {
            store.arrive(&batch.parts, &batch.principals)?;
        }
        if !batch.events.is_empty() {
            let arrived = store.arrive_events(Revision(there), &batch.events);
            arrived.map_err(|error| batch.of_line(error))?;
            there = there.saturating_add(u64::try_from(batch.events.len()).unwrap_or(u64::MAX));
        }
    }
    Ok(())
}

impl Batch {
    const fn is_full(&self) -> bool {
        self.principals.len() >= BATCH || self.events.len() >= BATCH || self.n_bytes >= BATCH_BYTES
    }

    /// What is said of an event by its place in the batch is said by its line.
    fn of_line(&self, error: StoreError) -> TransferError {
        let line = |index: usize| self.lines.get(index).copied().unwrap_or_default();
        match error {
            StoreError::Refused { index, error } => TransferError::Event { line: line(index), error },
            StoreError::Conflict { index, id, revision } => {
                TransferError::Conflict { line: line(index), id, revision }
            }
            error => TransferError::Store(error),
        }
    }
}

/// Lines without their line breaks, none longer than an event may be.
struct Lines<'a, R> {
    input: &'a mut R,
    number: u64,
}

impl<R: BufRead> Lines<'_, R> {
    fn next(&mut self) -> Result<Option<Vec<u8>>, TransferError> {
        let mut line = Vec::new();
        let most = u64::try_from(LINE_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(2);
        self.input.take(most).read_until(b'\n', &mut line)?;
        self.number += 1;
        if line.is_empty() {
            return Ok(None);
        }
        if line.pop() != Some(b'\n') {
            return Err(TransferError::Line(self.number));
        }
        Ok(Some(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::WholeId;

    #[test]
    fn of_long_lines_no_more_are_stored_at_once_than_fit() {
        let leaf = format!("\x01{{{}}}", "a".repeat(60_000)).into_bytes();
        let event = line::event(&WholeEvent { id: WholeId::None, leaf, payload: None }).unwrap();
        let n_events = 2 * BATCH_BYTES / event.len();
        let mut text = format!("{event}\n").repeat(n_events);
        text.push_str(&line::last(u64::try_from(n_events).unwrap(), Hash::of_empty_tree()));
        text.push('\n');
        let mut input = text.as_bytes();
        let mut lines = Lines { input: &mut input, number: 0 };
        let (sender, batches) = sync_channel(n_events);
        read_all(&mut lines, 0, &sender, &mut |_| ()).unwrap();
        drop(sender);
        let batches: Vec<Batch> = batches.iter().collect();
        assert_eq!(batches.iter().map(|batch| batch.events.len()).sum::<usize>(), n_events);
        assert!(batches.len() > 1);
        for batch in batches {
            assert!(batch.n_bytes < BATCH_BYTES + event.len(), "{}", batch.n_bytes);
            assert!(batch.events.len() * event.len() < BATCH_BYTES + event.len());
        }
    }
}
