//! Rows handed out to as many threads as there are processors, and taken back in their order.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::Hashing;
use super::one::{Checked, Checker};
use super::people::People;
use super::rows::Rows;
use super::tree::Recomputed;
use crate::error::StoreError;

/// Most threads that look through rows: there is one reader, who has no more to give.
const THREADS_MAX: usize = 16;

/// Some rows, and where the answer to them goes.
type Job = (Rows, SyncSender<Checked>);

/// Where the reader gives rows away.
pub(crate) struct Feed {
    jobs: SyncSender<Job>,
    /// Where each answer comes from, in the order of the rows.
    answers: SyncSender<Receiver<Checked>>,
}

impl Feed {
    /// Gives rows away, and waits while too many are under way. False, where nobody wants more: something does not hold.
    pub(crate) fn give(&self, rows: Rows) -> bool {
        let (answer, answered) = sync_channel(1);
        // The answer is waited for before the rows are there, so that no answer is forgotten.
        self.answers.send(answered).is_ok() && self.jobs.send((rows, answer)).is_ok()
    }
}

/// Recomputes a ledger from the rows that `read` gives, which are all there are, in their order.
pub(crate) fn recompute(
    people: &People<'_>,
    hashing: &Hashing,
    read: impl FnOnce(&Feed) -> Result<(), StoreError>,
) -> Result<Recomputed, StoreError> {
    let n_threads = thread::available_parallelism().map_or(1, usize::from).min(THREADS_MAX);
    let (jobs, given) = sync_channel(n_threads);
    let (answers, answered) = sync_channel(2 * n_threads);
    let given = Arc::new(Mutex::new(given));
    thread::scope(|scope| {
        for _ in 0..n_threads {
            let given = Arc::clone(&given);
            scope.spawn(move || look_through(&given, Checker::new(people, hashing)));
        }
        // Theirs are all there are: where all of them are gone, the reader is not to wait.
        drop(given);
        let joining = scope.spawn(move || join(&answered));
        let feed = Feed { jobs, answers };
        let read = read(&feed);
        drop(feed);
        let joined = joining.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        // What does not hold in the rows that were read comes before what kept the next from being read.
        let recomputed = joined?;
        read.map(|()| recomputed)
    })
}

fn look_through(given: &Mutex<Receiver<Job>>, mut checker: Checker<'_>) {
    loop {
        let job = given.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((mut rows, answer)) = job else { return };
        // Nobody waits for the answer where something before it does not hold.
        let _ = answer.send(checker.check(&mut rows));
    }
}

/// Takes the answers, until there are no more or something does not hold.
fn join(answers: &Receiver<Receiver<Checked>>) -> Result<Recomputed, StoreError> {
    let mut recomputed = Recomputed::new();
    for answer in answers {
        // An answer that does not come is of a thread that panicked, which is told where the threads end.
        let Ok(checked) = answer.recv() else { break };
        recomputed.take(checked)?;
    }
    Ok(recomputed)
}
