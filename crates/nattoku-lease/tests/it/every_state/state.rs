//! What a world is like at one moment: clocks, the ledger, the registry, what is under way, and nodes.

use std::collections::BTreeSet;
use std::time::Duration;

use nattoku_lease::{Asked, NodeLease, NodeTime, RegistryTime, Row, Standing};
use nattoku_model::Revision;

use super::world::Limits;

/// A length of two ticks and a drift of one: S is three.
pub(crate) const LENGTH: u8 = 2;
pub(crate) const DRIFT: u8 = 1;
pub(crate) const BOUND: u8 = LENGTH + DRIFT;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct State {
    /// The registry's clock, by which promises are measured.
    pub(crate) now: u8,
    /// How long ago each event, all of them withdrawals, became durable; of what is longer ago than S, S.
    pub(crate) durable: Vec<u8>,
    /// For each, when the writer that waits need wait no more, whatever the rows say.
    pub(crate) deadlines: Vec<Option<RegistryTime>>,
    /// The newest that was answered `enforced`.
    pub(crate) enforced: Revision,
    pub(crate) rows: Vec<(u8, Row)>,
    pub(crate) flying: Vec<(u8, Message)>,
    pub(crate) nodes: Vec<Node>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Node {
    pub(crate) clock: u8,
    /// Ticks of its clock since it last fell behind the registry's, up to the length of a lease.
    pub(crate) since_behind: u8,
    /// The same of the registry's since it last gained.
    pub(crate) since_gained: u8,
    pub(crate) lives: u8,
    pub(crate) life: Option<Life>,
}

/// A node from its start to its end.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Life {
    pub(crate) id: u8,
    pub(crate) lease: NodeLease,
    pub(crate) copy: Revision,
    pub(crate) told: Revision,
    pub(crate) asks: u8,
    /// For one who checks too early: what passed the check.
    pub(crate) passed: BTreeSet<Revision>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Message {
    Renew(Asked),
    /// Half way through the registry; the head, where that was read first.
    Registering(Asked, Option<Revision>),
    Answer(Asked, Revision),
    Report(Revision),
    GiveUp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    Steady,
    Behind,
    Gained,
}

pub(crate) fn ticks(ticks: u8) -> Duration {
    Duration::from_secs(u64::from(ticks))
}

impl State {
    pub(crate) fn head(&self) -> Revision {
        Revision(u64::try_from(self.durable.len()).expect("few withdrawals"))
    }

    pub(crate) fn registry_now(&self) -> RegistryTime {
        RegistryTime(ticks(self.now))
    }

    pub(crate) fn has_enforced(&self) -> bool {
        self.enforced > Revision(0)
    }

    pub(crate) fn read_rows(&mut self, revision: Revision) {
        let now = self.registry_now();
        let index = usize::try_from(revision.0 - 1).expect("few withdrawals");
        match Standing::of(self.rows.iter().map(|(_, row)| *row), revision, now) {
            Standing::WaitAtMost(wait) => {
                let deadline = *self.deadlines[index].get_or_insert(RegistryTime(now.0 + wait));
                if deadline > now {
                    return;
                }
            }
            Standing::Enforced => {}
        }
        self.enforced = self.enforced.max(revision);
    }

    /// Has the life of a node do something, and sends what it says.
    pub(crate) fn of(&mut self, n: usize, act: impl FnOnce(&mut Life) -> Option<Message>) {
        let life = self.nodes[n].life.as_mut().expect("a step of one that lives");
        let id = life.id;
        self.flying.extend(act(life).map(|message| (id, message)));
    }

    /// What the node knew is gone, and nobody waits for answers to it; what it sent is under way all the same.
    pub(crate) fn crash(&mut self, n: usize) {
        self.nodes[n].life = None;
    }

    pub(crate) fn lives(&self, id: u8) -> bool {
        self.nodes.iter().any(|node| node.life.as_ref().is_some_and(|life| life.id == id))
    }

    /// Forgets what nothing can depend on any more, so that states that differ in nothing else are one.
    pub(crate) fn forget(&mut self, limits: &[Limits]) {
        for (node, limits) in self.nodes.iter_mut().zip(limits) {
            if node.life.is_none() && node.lives == limits.lives {
                (node.clock, node.since_behind, node.since_gained) = (0, LENGTH, LENGTH);
            }
        }
        let mut flying = std::mem::take(&mut self.flying);
        flying.retain(|(id, message)| {
            !matches!(message, Message::Answer(..) | Message::Registering(_, None)) || self.lives(*id)
        });
        let now = self.registry_now();
        let mut rows = std::mem::take(&mut self.rows);
        rows.retain(|(id, row)| row.until > now || self.lives(*id) || flying.iter().any(|(of, _)| of == id));
        rows.sort_unstable();
        flying.sort_unstable();
        (self.rows, self.flying) = (rows, flying);
        for (deadline, revision) in self.deadlines.iter_mut().zip(1..) {
            if revision <= self.enforced.0 {
                *deadline = None;
            }
        }
    }
}

impl Node {
    pub(crate) fn now(&self) -> NodeTime {
        NodeTime(ticks(self.clock))
    }

    /// How its clock may go on now: within less than a lease's length on one of the two, the other strays by no more
    /// than the drift. The clock of one that is gone for good is nobody's business.
    pub(crate) fn clocks(&self, clocks: &[Clock]) -> Vec<Clock> {
        let may = |clock: &Clock| match clock {
            Clock::Steady => true,
            Clock::Behind => self.since_behind == LENGTH,
            Clock::Gained => self.since_gained == LENGTH,
        };
        clocks.iter().copied().filter(may).collect()
    }

    pub(crate) fn tick(&mut self, clock: Clock) {
        let by = match clock {
            Clock::Steady => 1,
            Clock::Behind => 0,
            Clock::Gained => 2,
        };
        self.clock += by;
        self.since_behind = if by == 0 { 0 } else { LENGTH.min(self.since_behind + by) };
        self.since_gained = if by == 2 { 0 } else { LENGTH.min(self.since_gained + 1) };
    }
}
