//! What waits for the writer: as much as memory may hold, in the groups in which it is served.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::Request;
use crate::error::StoreError;
use crate::record::Appended;

/// Events after which a group is closed. A request with more makes a group of its own.
const GROUP_EVENTS_MAX: usize = 8_192;
/// Bytes after which a group is closed. A request with more makes a group of its own.
const GROUP_BYTES_MAX: usize = 16 << 20;
/// Bytes that wait at most.
const WAITING_BYTES_MAX: usize = 64 << 20;

pub(super) type Answer = Result<Vec<Appended>, StoreError>;

/// The answers to a group, in the order of its requests. All who wait for them are woken at once.
#[derive(Default)]
struct Answers(OnceLock<Vec<Mutex<Option<Answer>>>>);

/// Requests that are served together.
pub(super) struct Group {
    pub(super) requests: Vec<Request>,
    n_events: usize,
    n_bytes: usize,
    answers: Arc<Answers>,
}

impl Group {
    const fn is_open_for(&self, n_events: usize, n_bytes: usize) -> bool {
        self.n_events.saturating_add(n_events) <= GROUP_EVENTS_MAX
            && self.n_bytes.saturating_add(n_bytes) <= GROUP_BYTES_MAX
    }

    /// Gives each request its answer.
    pub(super) fn answer(self, answers: Vec<Answer>) {
        self.tell(answers);
    }

    fn tell(&self, answers: Vec<Answer>) {
        let answers = answers.into_iter().map(|answer| Mutex::new(Some(answer))).collect();
        // Whoever asked may have gone away; what is stored stays stored.
        let _ = self.answers.0.set(answers);
    }
}

impl Drop for Group {
    /// Nobody waits for ever, whatever became of the group.
    fn drop(&mut self) {
        if self.answers.0.get().is_none() {
            self.tell(self.requests.iter().map(|_| Err(gone())).collect());
        }
    }
}

/// Where an answer is waited for.
pub(super) struct Ticket {
    answers: Arc<Answers>,
    place: usize,
}

impl Ticket {
    pub(super) fn wait(self) -> Answer {
        let mine = self.answers.0.wait().get(self.place);
        let mine = mine.and_then(|answer| answer.lock().unwrap_or_else(PoisonError::into_inner).take());
        mine.unwrap_or_else(|| Err(gone()))
    }
}

/// What is told where the writer broke off.
pub(super) fn gone() -> StoreError {
    StoreError::Uncertain { source: "the writer of the ledger broke off".into() }
}

#[derive(Default)]
pub(super) struct Queue {
    groups: VecDeque<Group>,
    /// What they hold in memory.
    n_bytes: usize,
    is_closed: bool,
    /// Whether somebody takes a group through its steps. Nobody else does then.
    is_served: bool,
    /// How many groups have been served.
    n_served: u64,
    /// Whether a group was served since the medium rested.
    pub(super) is_unrested: bool,
    /// Whether the thread has to be told when there is something to rest from.
    pub(super) is_to_be_told: bool,
}

impl Queue {
    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    pub(super) const fn is_closed(&self) -> bool {
        self.is_closed
    }

    pub(super) const fn n_served(&self) -> u64 {
        self.n_served
    }

    /// Takes no more on. What waits is served.
    pub(super) const fn close(&mut self) {
        self.is_closed = true;
    }

    /// The group that has waited longest, to be served by whoever asks; none while somebody serves.
    pub(super) fn begin(&mut self) -> Option<Group> {
        if self.is_served {
            return None;
        }
        let group = self.pop_group()?;
        self.is_served = true;
        Some(group)
    }

    /// Has nobody serve until [`end_rest`](Self::end_rest).
    pub(super) const fn begin_rest(&mut self) {
        self.is_served = true;
        self.is_unrested = false;
    }

    pub(super) const fn end_rest(&mut self) {
        self.is_served = false;
    }

    /// Notes that a group was served. Tells whether the thread has to be woken.
    pub(super) fn end(&mut self) -> bool {
        self.is_served = false;
        self.is_unrested = true;
        self.n_served += 1;
        std::mem::take(&mut self.is_to_be_told) || !self.groups.is_empty() || self.is_closed
    }

    pub(super) const fn is_served(&self) -> bool {
        self.is_served
    }

    /// The first that waits, where it alone does and nobody serves.
    pub(super) fn begin_alone(&mut self) -> Option<Group> {
        let is_alone = self.groups.len() == 1 && self.groups.front().is_some_and(|g| g.requests.len() == 1);
        if is_alone { self.begin() } else { None }
    }

    /// Everything that waits.
    pub(super) fn take_all(&mut self) -> VecDeque<Group> {
        self.n_bytes = 0;
        std::mem::take(&mut self.groups)
    }

    /// Takes a request on, unless so much waits that whoever asks had better come again later. One that comes when nothing waits
    /// is taken on however long it is: it is in memory already, and would not be shorter later.
    pub(super) fn push(&mut self, request: Request) -> Result<Ticket, StoreError> {
        if self.is_closed {
            return Err(StoreError::Stopped);
        }
        let (n_events, n_bytes) = (request.n_events(), request.n_bytes);
        let waiting = self.n_bytes.saturating_add(n_bytes);
        if waiting > WAITING_BYTES_MAX && !self.groups.is_empty() {
            return Err(StoreError::Busy);
        }
        self.n_bytes = waiting;
        if let Some(group) = self.groups.back_mut().filter(|group| group.is_open_for(n_events, n_bytes)) {
            let place = group.requests.len();
            group.requests.push(request);
            group.n_events += n_events;
            group.n_bytes += n_bytes;
            return Ok(Ticket { answers: Arc::clone(&group.answers), place });
        }
        let answers = Arc::default();
        let ticket = Ticket { answers: Arc::clone(&answers), place: 0 };
        self.groups.push_back(Group { requests: vec![request], n_events, n_bytes, answers });
        Ok(ticket)
    }

    fn pop_group(&mut self) -> Option<Group> {
        let group = self.groups.pop_front()?;
        self.n_bytes = self.n_bytes.saturating_sub(group.n_bytes);
        Some(group)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::append::request::EVENT_BYTES;
    use crate::event_json::NewEvent;

    /// A request that holds so many bytes.
    fn request(n_bytes: usize) -> Request {
        let line = br#"{"event":"publication_published","at":"2020-01-20T00:00:00Z","publication":"a"}"#;
        let events = [NewEvent::from_line(line).unwrap()];
        let now = "2026-04-01T00:00:00Z".parse().unwrap();
        let mut request = Request::new(&[0; 32], &events, now, false).unwrap();
        assert!(request.n_bytes > EVENT_BYTES, "its texts are counted");
        request.n_bytes = n_bytes;
        request
    }

    /// Serves a group; how many requests it has.
    fn pop(queue: &mut Queue) -> usize {
        let n_requests = queue.begin().map_or(0, |group| group.requests.len());
        queue.end();
        n_requests
    }

    #[test]
    fn whoever_comes_when_too_much_waits_is_told_to_come_again() {
        let mut queue = Queue::default();
        queue.push(request(WAITING_BYTES_MAX / 2)).unwrap();
        queue.push(request(WAITING_BYTES_MAX / 2)).unwrap();
        let told = queue.push(request(1));
        assert!(matches!(told, Err(StoreError::Busy)));
        // Once somebody is served there is room again.
        assert_eq!(pop(&mut queue), 1);
        queue.push(request(1)).unwrap();
        assert_eq!(queue.take_all().len(), 2);
        queue.push(request(WAITING_BYTES_MAX + 1)).unwrap();
        queue.close();
        let told = queue.push(request(1));
        assert!(matches!(told, Err(StoreError::Stopped)));
    }

    #[test]
    fn a_group_is_closed_by_its_bytes_and_by_its_events() {
        let mut queue = Queue::default();
        for n_bytes in [GROUP_BYTES_MAX + 1, GROUP_BYTES_MAX / 2, GROUP_BYTES_MAX / 2, 1] {
            queue.push(request(n_bytes)).unwrap();
        }
        assert_eq!([(); 4].map(|()| pop(&mut queue)), [1, 2, 1, 0]);
        for _ in 0..=GROUP_EVENTS_MAX {
            queue.push(request(1)).unwrap();
        }
        assert_eq!([(); 2].map(|()| pop(&mut queue)), [GROUP_EVENTS_MAX, 1]);
    }

    /// What a group is closed by is no less than what its events have in bytes, whatever part of them it is.
    #[test]
    fn of_large_events_no_more_make_a_group_than_fit() {
        let names: Vec<_> = (0..200).map(|_| format!("\"{}\"", "a".repeat(120))).collect();
        let line = format!(
            r#"{{"event":"data_used","principal":"p","id":"n","at":"2020-01-01T00:00:00Z","application":"a","activity":"a","categories":[{}]}}"#,
            names.join(",")
        );
        let events = [NewEvent::from_line(line.as_bytes()).unwrap()];
        let now = "2026-04-01T00:00:00Z".parse().unwrap();
        let one = || Request::new(&[0; 32], &events, now, false).unwrap();
        // Its sender's id has its content kept beside the leaf.
        let n_bytes_least = 2 * 200 * 120;
        assert!(one().n_bytes > n_bytes_least, "{}", one().n_bytes);
        let mut queue = Queue::default();
        for _ in 0..2 * GROUP_BYTES_MAX / n_bytes_least {
            queue.push(one()).unwrap();
        }
        let mut n_groups = 0;
        while let n_requests @ 1.. = pop(&mut queue) {
            assert!(n_requests * n_bytes_least <= GROUP_BYTES_MAX, "{n_requests}");
            n_groups += 1;
        }
        assert!(n_groups > 1);
    }

    #[test]
    fn whoever_waits_alone_may_serve_themselves_and_the_thread_is_woken_for_the_others() {
        let mut queue = Queue::default();
        queue.push(request(1)).unwrap();
        let alone = queue.begin_alone().unwrap();
        queue.push(request(1)).unwrap();
        assert!(queue.begin_alone().is_none(), "somebody serves");
        drop(alone);
        assert!(queue.end(), "somebody waits");
        queue.push(request(1)).unwrap();
        assert!(queue.begin_alone().is_none(), "two wait");
        assert_eq!(pop(&mut queue), 2);
        queue.is_to_be_told = true;
        assert!(queue.end());
        assert!(!queue.end(), "once is enough");
    }

    #[test]
    fn each_of_a_group_gets_its_own_answer_and_nobody_waits_for_a_group_that_is_dropped() {
        let mut queue = Queue::default();
        let [one, other] = [(); 2].map(|()| queue.push(request(1)).unwrap());
        queue.begin().unwrap().answer(vec![Ok(Vec::new()), Err(StoreError::Changed)]);
        assert!(queue.begin().is_none(), "one at a time");
        queue.end();
        assert!(matches!(other.wait(), Err(StoreError::Changed)));
        assert_eq!(one.wait().unwrap(), []);
        let ticket = queue.push(request(1)).unwrap();
        drop(queue.begin());
        assert!(matches!(ticket.wait(), Err(StoreError::Uncertain { .. })));
    }
}
