//! Whose a session is, as it is remembered for a moment.

use jiff::{SignedDuration, Timestamp};
use nattoku_store::SignedIn;

use super::{ABSOLUTE, IDLE, REMEMBERED};

/// By how much the clock of a provider may be ahead of ours.
const LEEWAY: SignedDuration = SignedDuration::from_secs(30);

/// A session that goes on.
#[derive(Debug, Clone)]
pub(crate) struct Whose {
    pub(crate) principal: String,
    /// The ledger's id of them.
    pub(super) id: [u8; 16],
    /// What the session is called.
    pub(crate) number: [u8; 32],
    /// When it was begun.
    pub(crate) opened: Timestamp,
    /// When the person showed who they are, where that is known.
    proved: Option<Timestamp>,
}

pub(super) struct Remembered {
    pub(super) whose: Whose,
    pub(super) asked: Timestamp,
}

impl Whose {
    pub(super) fn of(number: [u8; 32], session: SignedIn) -> Self {
        let SignedIn { principal, id, proved, opened, .. } = session;
        Self { principal, id, number, opened, proved }
    }

    /// When it ends if nothing more is asked after this, and when it ends in any case.
    pub(crate) fn ends(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        let last = later(self.opened, ABSOLUTE);
        (later(now, IDLE).min(last), last)
    }

    /// Until when it counts that the person showed who they are, for what asks that it is not longer ago than `fresh`. Nothing, where
    /// they have to show it once more.
    pub(crate) fn fresh_until(&self, fresh: SignedDuration, now: Timestamp) -> Option<Timestamp> {
        fresh_until(self.proved?, fresh, now)
    }
}

/// Until when somebody counts as having shown who they are, who did at a time; nothing, where that is too long ago, or ahead.
pub(crate) fn fresh_until(proved: Timestamp, fresh: SignedDuration, now: Timestamp) -> Option<Timestamp> {
    let until = later(proved, fresh);
    (now < until && proved.duration_since(now) <= LEEWAY).then_some(until)
}

fn later(at: Timestamp, length: SignedDuration) -> Timestamp {
    at.saturating_add(length).unwrap_or(at)
}

impl Remembered {
    /// A clock that was set back makes nothing fresh.
    pub(super) fn is_fresh(&self, now: Timestamp) -> bool {
        let age = now.duration_since(self.asked);
        !age.is_negative() && age < REMEMBERED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_shown_counts_for_a_time() {
        let now: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        let fresh = SignedDuration::from_mins(5);
        let second = |seconds| now + SignedDuration::from_secs(seconds);
        for (proved, until) in
            [(0, Some(300)), (-299, Some(1)), (-300, None), (-9_000, None), (30, Some(330)), (31, None)]
        {
            assert_eq!(fresh_until(second(proved), fresh, now), until.map(second), "{proved}");
        }
    }
}
