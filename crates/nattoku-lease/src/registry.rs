//! The registry's side: a row for each node, and what the rows say of a withdrawal.

use std::time::Duration;

use nattoku_model::Revision;

use crate::clock::RegistryTime;
use crate::terms::Terms;

/// What the registry knows of one node. Its key, the node's id, is drawn anew whenever a node starts: what a node of
/// old still had under way must not touch the row of its successor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Row {
    /// From then on no answer of the node rests on what it asked for up to now.
    pub until: RegistryTime,
    /// The newest revision that the node said it has applied.
    pub applied: Revision,
}

impl Row {
    /// The row once a renewal is registered: nothing in it ever goes back, whatever arrives late.
    ///
    /// The row is durable before the head is read that answers the renewal. `now` is read after the renewal arrived.
    #[must_use]
    pub fn renewed(before: Option<Self>, terms: Terms, now: RegistryTime, applied: Revision) -> Self {
        let renewed = Self { until: terms.counted_until(now), applied };
        before.map_or(renewed, |row| Self { until: row.until.max(renewed.until), ..row.reported(applied) })
    }

    /// The row once the node reports what it has applied. A report never makes a row, nor a lease any longer.
    #[must_use]
    pub fn reported(self, applied: Revision) -> Self {
        Self { applied: self.applied.max(applied), ..self }
    }
}

/// How far a withdrawal is from being enforced, which is the promise G3: every node respects it, asked with no revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use = "a withdrawal is answered `enforced` only when it stands so"]
pub enum Standing {
    /// No node will answer from a state before it any more.
    Enforced,
    /// Some node still might. It is enforced once the rows say so, and at the latest when the registry's clock has
    /// gone on by this much: who renews from now on is answered a head at or after the withdrawal, so what the rows
    /// say of such a lease need not be waited for, even if the node never applies it. At most S of the promise G1.
    WaitAtMost(Duration),
}

impl Standing {
    /// The standing of what is durable at `revision`, by all rows of the registry.
    ///
    /// The rows are read after the revision is durable, and `now` not after the rows.
    pub fn of(rows: impl IntoIterator<Item = Row>, revision: Revision, now: RegistryTime) -> Self {
        let behind = rows.into_iter().filter(|row| row.until > now && row.applied < revision);
        behind.map(|row| row.until.0.saturating_sub(now.0)).max().map_or(Self::Enforced, Self::WaitAtMost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: u64) -> RegistryTime {
        RegistryTime(Duration::from_millis(milliseconds))
    }

    fn row(until: u64, applied: u64) -> Row {
        Row { until: at(until), applied: Revision(applied) }
    }

    #[test]
    fn enforced_where_nobody_holds_a_lease() {
        assert_eq!(Standing::of([], Revision(7), at(100)), Standing::Enforced);
    }

    #[test]
    fn the_last_of_those_behind_is_waited_for() {
        let rows = [row(150, 6), row(180, 0), row(900, 7)];
        assert_eq!(Standing::of(rows, Revision(7), at(100)), Standing::WaitAtMost(Duration::from_millis(80)));
        assert_eq!(Standing::of(rows, Revision(7), at(150)), Standing::WaitAtMost(Duration::from_millis(30)));
        assert_eq!(Standing::of(rows, Revision(7), at(180)), Standing::Enforced);
        assert_eq!(
            Standing::of(rows, Revision(8), at(180)),
            Standing::WaitAtMost(Duration::from_millis(720))
        );
    }

    #[test]
    fn a_row_never_goes_back() {
        let first = Row::renewed(None, Terms::default(), at(1_000), Revision(4));
        assert_eq!(first, row(3_100, 4));
        assert_eq!(Row::renewed(Some(first), Terms::default(), at(900), Revision(3)), first);
        assert_eq!(Row::renewed(Some(first), Terms::default(), at(1_500), Revision(9)), row(3_600, 9));
        assert_eq!(first.reported(Revision(3)), first);
        assert_eq!(first.reported(Revision(5)), row(3_100, 5));
    }
}
