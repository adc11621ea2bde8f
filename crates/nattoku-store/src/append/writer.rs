//! The one writer of a ledger: takes all that wait through one transaction.
//!
//! A thread does that, group after group. Whoever comes when it sleeps and nobody waits serves themselves, which spares both the
//! time in which one wakes the other; but not whoever is to decide, who cannot do both.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;
use nattoku_model::Revision;

use super::decided::{Decided, Deciding};
use super::queue::{Answer, Group, Queue, gone};
use super::run::{Answers, Runner};
use super::{Asking, Medium, Prepared, Request, Sight};
use crate::error::StoreError;
use crate::event_json::{EventId, NewEvent};
use crate::random::Randomness;
use crate::record::Appended;
use crate::store::Decide;

pub(super) struct Shared {
    queue: Mutex<Queue>,
    asked: Condvar,
    /// Locked by nobody but whom the queue has serve. None once the thread has ended.
    runner: Mutex<Option<Runner>>,
}

impl Shared {
    pub(super) fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn runner(&self) -> MutexGuard<'_, Option<Runner>> {
        self.runner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a group through the steps, and answers each of its requests: step 8.
    fn serve(&self, group: Group) {
        let _serving = Serving(self);
        // Where there is none, the group is told so as it is dropped.
        if let Some(runner) = &mut *self.runner() {
            answer(runner, group);
        }
    }
}

/// Ends a turn to serve, however it ends: whoever waits is served by the next.
struct Serving<'a>(&'a Shared);

impl Drop for Serving<'_> {
    fn drop(&mut self) {
        // A thread that is at work looks by itself.
        if self.0.queue().end() {
            self.0.asked.notify_one();
        }
    }
}

/// Hands requests to whoever writes. Any number of callers may append at once.
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
        let rests_after = medium.rests().then_some(rests_after);
        let runner = Mutex::new(Some(Runner::new(medium, randomness)));
        let shared = Arc::new(Shared { queue: Mutex::default(), asked: Condvar::new(), runner });
        let for_thread = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("ledger-writer".to_owned())
            .spawn(move || serve_all(&for_thread, rests_after))
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

    /// [`Store::append_decided`](crate::Store::append_decided), by the writer's thread: whoever asks is to decide meanwhile.
    pub(crate) fn append_decided(
        &self,
        identifier: &str,
        id: Option<&EventId>,
        decide: Decide<'_>,
    ) -> Result<Option<Appended>, StoreError> {
        let asking = Asking::new(identifier, id);
        let ticket = self.shared.queue().push(Request::decided_by(Arc::clone(&asking)))?;
        self.shared.asked.notify_one();
        let deciding = Deciding(&asking);
        let Some(Sight { newest, open }) = asking.see() else {
            drop(deciding);
            return ticket.wait().and(Err(gone()));
        };
        // What was read is opened here, and not by the writer for one after the other.
        let (view, of_id) = open()?;
        if let (Some((event, now)), None) = (decide(&view, of_id), of_id) {
            let event = NewEvent { id: id.cloned(), principal: Some(identifier.to_owned()), ..event };
            let event = Prepared::new(&self.id_key, &event, false)
                .map_err(|error| StoreError::Refused { index: 0, error })?;
            deciding.decide(Decided::new(event, now, newest));
        }
        drop(deciding);
        Ok(ticket.wait()?.pop())
    }

    fn ask(&self, request: Request) -> Answer {
        let (ticket, mine) = {
            let mut queue = self.shared.queue();
            (queue.push(request)?, queue.begin_alone())
        };
        if let Some(mine) = mine {
            self.shared.serve(mine);
        }
        ticket.wait()
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
fn serve_all(shared: &Shared, rests_after: Option<Duration>) {
    let _closing = Closing(shared);
    loop {
        match next(shared, rests_after) {
            Next::Group(group) => shared.serve(group),
            Next::Rest => {
                if let Some(runner) = &mut *shared.runner()
                    && catch_unwind(AssertUnwindSafe(|| runner.rest())).is_err()
                {
                    break_off(runner);
                }
                shared.queue().end_rest();
            }
            Next::End => {
                // A connection waits for its end, which the thread of an asynchronous server must not.
                drop(shared.runner().take());
                return;
            }
        }
    }
}

enum Next {
    Group(Group),
    Rest,
    End,
}

/// Waits for the next group, as long as it takes, or so long that the medium may rest.
fn next(shared: &Shared, rests_after: Option<Duration>) -> Next {
    let mut queue = shared.queue();
    loop {
        if let Some(group) = queue.begin() {
            return Next::Group(group);
        }
        if queue.is_closed() && !queue.is_served() {
            return Next::End;
        }
        let rests_after = match rests_after {
            Some(rests_after) if queue.is_unrested => rests_after,
            may_rest => {
                queue.is_to_be_told = may_rest.is_some();
                queue = shared.asked.wait(queue).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
        };
        let n_served = queue.n_served();
        let waited = shared.asked.wait_timeout(queue, rests_after);
        let (again, time) = waited.unwrap_or_else(PoisonError::into_inner);
        queue = again;
        let is_quiet = queue.is_empty() && !queue.is_served() && queue.n_served() == n_served;
        if time.timed_out() && is_quiet && !queue.is_closed() {
            queue.begin_rest();
            return Next::Rest;
        }
    }
}

/// Takes a group through the steps, and answers each of its requests.
fn answer(runner: &mut Runner, group: Group) {
    // Whatever happens to one group, the next is served.
    let ran = catch_unwind(AssertUnwindSafe(|| runner.run(&group.requests)));
    let told: Answers = match ran {
        Ok(Ok(told)) => told,
        Ok(Err(error)) => group.requests.iter().map(|_| Err(error.again())).collect(),
        Err(_) => {
            break_off(runner);
            group.requests.iter().map(|_| Err(gone())).collect()
        }
    };
    group.answer(told);
}

/// After a panic nothing is known of the connection; a transaction may be open in it.
fn break_off(runner: &mut Runner) {
    // Where this panics as well, the next group finds what it finds.
    let _ = catch_unwind(AssertUnwindSafe(|| runner.break_off()));
}
