//! The one writer of a ledger: a thread that takes all that wait through one transaction.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;
use nattoku_model::Revision;

use super::queue::{Answer, Queue, Waiting};
use super::run::{Answers, Runner};
use super::{Medium, Request};
use crate::error::StoreError;
use crate::event_json::NewEvent;
use crate::random::Randomness;
use crate::record::Appended;

#[derive(Default)]
pub(super) struct Shared {
    queue: Mutex<Queue>,
    asked: Condvar,
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hands requests to the thread that writes. Any number of callers may append at once.
pub(crate) struct Writer {
    pub(super) shared: Arc<Shared>,
    /// The key of derived event ids.
    id_key: [u8; 32],
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the writer.
    pub(crate) fn start(
        medium: Box<dyn Medium>,
        randomness: Box<dyn Randomness>,
        id_key: [u8; 32],
        rests_after: Duration,
    ) -> Result<Self, StoreError> {
        let shared = Arc::new(Shared::default());
        let queue = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("ledger-writer".to_owned())
            .spawn(move || serve(&queue, Runner::new(medium, randomness), rests_after))
            .map_err(|error| StoreError::Unavailable { source: error.into() })?;
        Ok(Self { shared, id_key, thread: Some(thread) })
    }

    /// [`Store::append`](crate::Store::append).
    pub(crate) fn append(
        &self,
        events: &[NewEvent],
        now: Timestamp,
        keep_recorded_at: bool,
    ) -> Result<Vec<Appended>, StoreError> {
        let request = Request::new(&self.id_key, events, now, keep_recorded_at)?;
        if events.is_empty() { Ok(Vec::new()) } else { self.ask(request) }
    }

    /// [`Store::append_if_unchanged`](crate::Store::append_if_unchanged).
    pub(crate) fn append_if_unchanged(
        &self,
        event: &NewEvent,
        now: Timestamp,
        newest: Revision,
    ) -> Result<Appended, StoreError> {
        let mut request = Request::new(&self.id_key, std::slice::from_ref(event), now, false)?;
        request.newest_known = Some(newest);
        self.ask(request)?.into_iter().next().ok_or(StoreError::Changed)
    }

    fn ask(&self, request: Request) -> Answer {
        let (answer, answered) = sync_channel(1);
        self.shared.queue().push(Waiting { request, answer })?;
        self.shared.asked.notify_one();
        // The other end goes without an answer only when the thread ends.
        answered.recv().unwrap_or_else(|_| Err(gone()))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.shared.queue().close();
        self.shared.asked.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Closes the queue when the thread ends, however it ends: nobody is left waiting, and nobody comes to wait.
pub(super) struct Closing<'a>(pub(super) &'a Shared);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        let waiting = {
            let mut queue = self.0.queue();
            queue.close();
            queue.take_all()
        };
        drop(waiting);
    }
}

/// What the thread does: a group after the other, until the queue is closed and empty.
fn serve(shared: &Shared, mut runner: Runner, rests_after: Duration) {
    let _closing = Closing(shared);
    let mut has_rested = true;
    loop {
        match next_group(shared, (!has_rested).then_some(rests_after)) {
            Next::Group(group) => {
                has_rested = false;
                answer(&mut runner, group);
            }
            Next::Rest => {
                has_rested = true;
                if catch_unwind(AssertUnwindSafe(|| runner.rest())).is_err() {
                    break_off(&mut runner);
                }
            }
            Next::End => return,
        }
    }
}

enum Next {
    Group(Vec<Waiting>),
    Rest,
    End,
}

/// Waits for the next group, as long as it takes, or so long that the medium may rest.
fn next_group(shared: &Shared, rests_after: Option<Duration>) -> Next {
    let mut queue = shared.queue();
    while queue.is_empty() {
        if queue.is_closed() {
            return Next::End;
        }
        let Some(rests_after) = rests_after else {
            queue = shared.asked.wait(queue).unwrap_or_else(PoisonError::into_inner);
            continue;
        };
        let waited = shared.asked.wait_timeout(queue, rests_after);
        let (again, time) = waited.unwrap_or_else(PoisonError::into_inner);
        queue = again;
        if time.timed_out() && queue.is_empty() && !queue.is_closed() {
            return Next::Rest;
        }
    }
    Next::Group(queue.pop_group())
}

/// Takes a group through the steps, and answers each of its requests: step 8.
fn answer(runner: &mut Runner, group: Vec<Waiting>) {
    let (requests, answers): (Vec<_>, Vec<_>) =
        group.into_iter().map(|waiting| (waiting.request, waiting.answer)).unzip();
    // Whatever happens to one group, the next is served.
    let ran = catch_unwind(AssertUnwindSafe(|| runner.run(&requests)));
    let told: Answers = match ran {
        Ok(Ok(told)) => told,
        Ok(Err(error)) => requests.iter().map(|_| Err(error.again())).collect(),
        Err(_) => {
            break_off(runner);
            requests.iter().map(|_| Err(gone())).collect()
        }
    };
    for (answer, told) in answers.into_iter().zip(told) {
        // Whoever asked may have gone away; what is stored stays stored.
        let _ = answer.send(told);
    }
}

/// After a panic nothing is known of the connection; a transaction may be open in it.
fn break_off(runner: &mut Runner) {
    // Where this panics as well, the next group finds what it finds.
    let _ = catch_unwind(AssertUnwindSafe(|| runner.break_off()));
}

fn gone() -> StoreError {
    StoreError::Uncertain { source: "the writer of the ledger broke off".into() }
}
