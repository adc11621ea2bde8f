//! What waits for the writer: as much as memory may hold, in the order in which it came.

use std::collections::VecDeque;
use std::sync::mpsc::SyncSender;

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

/// A request, and where its answer is waited for.
pub(super) struct Waiting {
    pub(super) request: Request,
    pub(super) answer: SyncSender<Answer>,
}

#[derive(Default)]
pub(super) struct Queue {
    waiting: VecDeque<Waiting>,
    /// What they hold in memory.
    n_bytes: usize,
    is_closed: bool,
}

impl Queue {
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    pub(super) const fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Takes no more on. What waits is served.
    pub(super) const fn close(&mut self) {
        self.is_closed = true;
    }

    /// Everything that waits.
    pub(super) fn take_all(&mut self) -> VecDeque<Waiting> {
        self.n_bytes = 0;
        std::mem::take(&mut self.waiting)
    }

    /// Takes a request on, unless so much waits that whoever asks had better come again later. One that comes when nothing waits
    /// is taken on however long it is: it is in memory already, and would not be shorter later.
    pub(super) fn push(&mut self, waiting: Waiting) -> Result<(), StoreError> {
        if self.is_closed {
            return Err(StoreError::Stopped);
        }
        let n_bytes = self.n_bytes.saturating_add(waiting.request.n_bytes);
        if n_bytes > WAITING_BYTES_MAX && !self.waiting.is_empty() {
            return Err(StoreError::Busy);
        }
        self.n_bytes = n_bytes;
        self.waiting.push_back(waiting);
        Ok(())
    }

    /// The next group: as many of those that have waited longest as one may have; at least one, where any waits.
    pub(super) fn pop_group(&mut self) -> Vec<Waiting> {
        let (mut n_events, mut n_bytes) = (0_usize, 0_usize);
        let mut group = Vec::new();
        while let Some(Waiting { request, .. }) = self.waiting.front() {
            n_events = n_events.saturating_add(request.events.len());
            n_bytes = n_bytes.saturating_add(request.n_bytes);
            if !group.is_empty() && (n_events > GROUP_EVENTS_MAX || n_bytes > GROUP_BYTES_MAX) {
                break;
            }
            self.n_bytes = self.n_bytes.saturating_sub(request.n_bytes);
            group.extend(self.waiting.pop_front());
        }
        group
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use super::*;
    use crate::append::request::EVENT_BYTES;
    use crate::event_json::NewEvent;

    /// A request that holds so many bytes.
    fn waiting(n_bytes: usize) -> Waiting {
        let line = br#"{"event":"publication_published","at":"2020-01-20T00:00:00Z","publication":"a"}"#;
        let events = [NewEvent::from_line(line).unwrap()];
        let now = "2026-04-01T00:00:00Z".parse().unwrap();
        let mut request = Request::new(&[0; 32], &events, now, false).unwrap();
        assert!(request.n_bytes > EVENT_BYTES, "its texts are counted");
        request.n_bytes = n_bytes;
        Waiting { request, answer: sync_channel(1).0 }
    }

    #[test]
    fn whoever_comes_when_too_much_waits_is_told_to_come_again() {
        let mut queue = Queue::default();
        queue.push(waiting(WAITING_BYTES_MAX / 2)).unwrap();
        queue.push(waiting(WAITING_BYTES_MAX / 2)).unwrap();
        let told = queue.push(waiting(1));
        assert!(matches!(told, Err(StoreError::Busy)), "{told:?}");
        // Once somebody is served there is room again.
        assert_eq!(queue.pop_group().len(), 1);
        queue.push(waiting(1)).unwrap();
        assert_eq!(queue.take_all().len(), 2);
        queue.push(waiting(WAITING_BYTES_MAX + 1)).unwrap();
        queue.close();
        let told = queue.push(waiting(1));
        assert!(matches!(told, Err(StoreError::Stopped)), "{told:?}");
    }

    #[test]
    fn a_group_is_closed_by_its_bytes_and_by_its_events() {
        let mut queue = Queue::default();
        for n_bytes in [GROUP_BYTES_MAX + 1, GROUP_BYTES_MAX / 2, GROUP_BYTES_MAX / 2, 1] {
            queue.push(waiting(n_bytes)).unwrap();
        }
        let mut group = || queue.pop_group().len();
        assert_eq!([group(), group(), group(), group()], [1, 2, 1, 0]);
        for _ in 0..=GROUP_EVENTS_MAX {
            queue.push(waiting(1)).unwrap();
        }
        let mut group = || queue.pop_group().len();
        assert_eq!([group(), group()], [GROUP_EVENTS_MAX, 1]);
    }
}
