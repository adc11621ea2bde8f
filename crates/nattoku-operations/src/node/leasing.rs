//! What a node goes by when it asks, applies, reports and sends.

use std::time::Duration;

use nattoku_lease::{Asked, NodeLease, NodeTime, Sending};
use nattoku_model::Revision;

/// The node's side of the protocol of the lease (`docs/design/lease.md`). [`NodeLease`] is the one that keeps what is promised, and
/// every node has it that is made by [`Node::new`](super::Node::new). That there may be another is for tests: one that leaves a step
/// out has to be found out by whoever asks its node.
pub trait Leasing: Send {
    /// As [`NodeLease::asked`].
    fn asked(&mut self, now: NodeTime) -> Asked;

    /// As [`NodeLease::answered`].
    fn answered(&mut self, asked: Asked, head: Revision);

    /// As [`NodeLease::applied`].
    fn applied(&mut self, revision: Revision);

    /// As [`NodeLease::report`].
    fn report(&mut self) -> Revision;

    /// As [`NodeLease::sending`].
    fn sending(&self, evaluated: Revision, now: NodeTime) -> Sending;

    /// As [`NodeLease::ask_at`].
    fn ask_at(&self) -> Option<NodeTime>;

    /// As [`NodeLease::staleness`].
    fn staleness(&self, now: NodeTime) -> Option<Duration>;

    /// As [`NodeLease::remaining`].
    fn remaining(&self, now: NodeTime) -> Duration;
}

impl Leasing for NodeLease {
    fn asked(&mut self, now: NodeTime) -> Asked {
        Self::asked(self, now)
    }

    fn answered(&mut self, asked: Asked, head: Revision) {
        Self::answered(self, asked, head);
    }

    fn applied(&mut self, revision: Revision) {
        Self::applied(self, revision);
    }

    fn report(&mut self) -> Revision {
        Self::report(self)
    }

    fn sending(&self, evaluated: Revision, now: NodeTime) -> Sending {
        Self::sending(self, evaluated, now)
    }

    fn ask_at(&self) -> Option<NodeTime> {
        Self::ask_at(self)
    }

    fn staleness(&self, now: NodeTime) -> Option<Duration> {
        Self::staleness(self, now)
    }

    fn remaining(&self, now: NodeTime) -> Duration {
        Self::remaining(self, now)
    }
}
