//! The node's side: from asking for the head to whether an answer may still be sent.

use std::time::Duration;

use nattoku_model::Revision;

use crate::clock::NodeTime;
use crate::terms::Terms;

/// What was asked of the registry and is not answered yet. Given back with the answer, so that the lease counts from
/// the asking; kept by whoever waits for that very answer, and dropped with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Asked {
    sent: NodeTime,
    applied: Revision,
}

impl Asked {
    /// What the request says that the node has applied.
    #[must_use]
    pub fn applied(self) -> Revision {
        self.applied
    }
}

/// An answer of the registry: the ledger had this head at some moment after the asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Answer {
    sent: NodeTime,
    head: Revision,
}

/// Whether an answer that rests on consent or choice may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use = "what may not be sent is not sent"]
pub enum Sending {
    /// It may, at once.
    Allowed,
    /// It was evaluated before the state that the lease, or what the registry was told, rests on: evaluate it again.
    Behind,
    /// There is no lease: the answer is `deny stale`.
    Stale,
}

/// The lease of one decision node, which starts without one. A node that builds its copy of the ledger anew starts
/// anew: with a new lease, and under a new id.
///
/// An evaluation takes the copy, with its revision, as it stands at one moment. Asking, applying, reporting and
/// checking exclude one another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NodeLease {
    terms: Terms,
    /// What the copy contains.
    applied: Revision,
    /// What the registry may have been told of that. Once it knows, it may call withdrawals up to there enforced.
    reported: Revision,
    /// When the node last asked.
    asked: Option<NodeTime>,
    /// Answers whose head is not applied yet: a later one has a higher head.
    waiting: Vec<Answer>,
    /// The newest answer whose head is applied: the lease.
    held: Option<Answer>,
}

impl NodeLease {
    /// A node without a lease and with an empty copy.
    #[must_use]
    pub fn new(terms: Terms) -> Self {
        let nothing = Revision::default();
        Self { terms, applied: nothing, reported: nothing, asked: None, waiting: Vec::new(), held: None }
    }

    /// The node is about to ask the registry, and sends the request after this returns.
    pub fn asked(&mut self, now: NodeTime) -> Asked {
        self.asked = self.asked.max(Some(now));
        self.waiting.retain(|answer| self.terms.length() > now.0.saturating_sub(answer.sent.0));
        Asked { sent: now, applied: self.report() }
    }

    /// The registry answered: this is the head that it read after it had registered the lease.
    pub fn answered(&mut self, asked: Asked, head: Revision) {
        let answer = Answer { sent: asked.sent, head };
        self.waiting.retain(|other| other.sent > answer.sent || other.head < answer.head);
        self.waiting.push(answer);
        self.take_applied();
    }

    /// The copy contains the ledger up to and including `revision`, and whoever evaluates from now on sees it.
    pub fn applied(&mut self, revision: Revision) {
        self.applied = self.applied.max(revision);
        self.take_applied();
    }

    /// What the registry is to be told of the copy. From here on no answer is sent that was evaluated before it.
    pub fn report(&mut self) -> Revision {
        self.reported = self.applied;
        self.reported
    }

    /// Whether what was evaluated from the copy as of `evaluated` may be sent: asked immediately before sending, with
    /// the time of that moment (G1 by the lease, G3 by what was reported).
    pub fn sending(&self, evaluated: Revision, now: NodeTime) -> Sending {
        match self.held {
            Some(lease) if self.holds(now) => {
                if evaluated >= lease.head.max(self.reported) {
                    Sending::Allowed
                } else {
                    Sending::Behind
                }
            }
            _ => Sending::Stale,
        }
    }

    /// Whether there is a lease. That alone allows no answer to be sent: [`NodeLease::sending`] does.
    #[must_use]
    pub fn holds(&self, now: NodeTime) -> bool {
        // A clock that went back says nothing about how long ago the lease was asked for.
        self.held.is_some_and(|lease| lease.sent <= now) && self.until().is_some_and(|until| now < until)
    }

    /// When the lease runs out, or has run out.
    #[must_use]
    pub fn until(&self) -> Option<NodeTime> {
        self.held.map(|lease| NodeTime(lease.sent.0.saturating_add(self.terms.length())))
    }

    /// How long the lease still holds; zero if there is none.
    #[must_use]
    pub fn remaining(&self, now: NodeTime) -> Duration {
        self.until().filter(|_| self.holds(now)).map_or(Duration::ZERO, |until| until.0.saturating_sub(now.0))
    }

    /// When to ask next; `None` is at once, since the node never asked.
    #[must_use]
    pub fn ask_at(&self) -> Option<NodeTime> {
        self.asked.map(|asked| NodeTime(asked.0.saturating_add(self.terms.ask_every())))
    }

    /// For the metrics, how old the copy may be: how long ago the newest head that is applied was asked for. `None`
    /// before there is one.
    #[must_use]
    pub fn staleness(&self, now: NodeTime) -> Option<Duration> {
        self.held.map(|lease| now.0.saturating_sub(lease.sent.0))
    }

    /// The newest answer whose head is applied becomes the lease.
    fn take_applied(&mut self) {
        let applied = self.applied;
        self.held = self.waiting.extract_if(.., |answer| answer.head <= applied).chain(self.held).max();
        // What was asked before that is worth nothing any more.
        self.waiting.retain(|answer| Some(answer.sent) > self.held.map(|lease| lease.sent));
    }
}

#[cfg(test)]
mod tests;
