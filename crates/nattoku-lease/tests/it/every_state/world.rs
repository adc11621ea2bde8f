//! A writer, a registry and nodes, in ticks, with every order in which anything can happen to them.
//!
//! The node's and the registry's rules are those of the crate. What is ours here is the world around them: clocks, a
//! network that delays, reorders and loses (a message that is never delivered is a lost one), crashes, and pauses.
//!
//! Evaluating and sending are no steps. In every state it is asked of every node and every revision that its copy ever
//! had whether an answer that was evaluated then may be sent now: an evaluation at any earlier moment, followed by a
//! pause of any length.

use std::collections::BTreeSet;
use std::time::Duration;

use nattoku_lease::{Asked, NodeLease, NodeTime, Row, Sending, Terms};
use nattoku_model::Revision;

use super::state::{BOUND, Clock, DRIFT, LENGTH, Life, Message, Node, State, ticks};

/// What is done otherwise than the protocol says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Broken {
    /// Nothing.
    No,
    /// The lease is checked before evaluating, and not again before sending.
    CheckedBeforeEvaluating,
    /// Before sending it is checked that there is a lease, and not that the answer was evaluated under it.
    AnyLease,
    /// It is not checked whether the lease ran out.
    NeverStale,
    /// The lease counts from the answer.
    FromTheAnswer,
    /// The registry reads the head and then registers the lease.
    HeadFirst,
    /// The registry does not lengthen the lease by the drift.
    NoDrift,
    /// A node that starts again takes its former id.
    SameId,
}

/// What one node may do, so that the states have an end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// How often one life of it asks.
    pub(crate) asks: u8,
    /// How often it starts.
    pub(crate) lives: u8,
    /// Whether what it sends and is sent takes time; if not, it arrives in the step in which it is sent.
    pub(crate) delays: bool,
    /// Whether it may end or crash.
    pub(crate) ends: bool,
    /// How its clock may go on while the registry's does by one.
    pub(crate) clock: &'static [Clock],
}

/// The world's bounds.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) broken: Broken,
    pub(crate) ticks: u8,
    pub(crate) withdrawals: u64,
    pub(crate) nodes: Vec<Limits>,
}

/// Which promise an answer would break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Promise {
    Bounded,
    Enforced,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// The registry's clock goes on by one, and each node's by one, or by none or two.
    Tick(Vec<Clock>),
    /// The writer makes a withdrawal durable.
    Withdraw,
    /// The writer that waits for a withdrawal to be enforced reads the rows.
    ReadRows(Revision),
    Ask(usize),
    Apply(usize),
    Report(usize),
    /// One that stops answering and has its row deleted.
    End(usize),
    Crash(usize),
    Start(usize),
    /// A message arrives, or goes on by half a way through the registry.
    Deliver(u8, Message),
}

impl World {
    pub(crate) fn terms() -> Terms {
        Terms::new(ticks(LENGTH), ticks(DRIFT)).expect("good terms")
    }

    pub(crate) fn start(&self) -> State {
        // The origins of clocks are nobody's business.
        let node =
            |n: u8| Node { clock: 7 * n, since_behind: LENGTH, since_gained: LENGTH, lives: 0, life: None };
        let mut state = State {
            now: 20,
            durable: Vec::new(),
            deadlines: Vec::new(),
            enforced: Revision(0),
            rows: Vec::new(),
            flying: Vec::new(),
            nodes: (1..).take(self.nodes.len()).map(node).collect(),
        };
        for n in 0..state.nodes.len() {
            self.begin(&mut state, n);
        }
        state
    }

    fn begin(&self, state: &mut State, n: usize) {
        let node = &mut state.nodes[n];
        let index = u8::try_from(n).expect("few nodes");
        let id = if self.broken == Broken::SameId { index } else { index + 10 * node.lives };
        node.lives += 1;
        node.life = Some(Life {
            id,
            lease: NodeLease::new(Self::terms()),
            copy: Revision(0),
            told: Revision(0),
            asks: 0,
            passed: BTreeSet::new(),
        });
    }

    pub(crate) fn steps(&self, state: &State, steps: &mut Vec<Step>) {
        if state.now < 20 + self.ticks {
            let clocks = state.nodes.iter().zip(&self.nodes).map(|(node, limits)| node.clocks(limits.clock));
            steps.extend(every_choice(clocks).into_iter().map(Step::Tick));
        }
        if state.head().0 < self.withdrawals {
            steps.push(Step::Withdraw);
        }
        steps.extend((state.enforced.0 + 1..=state.head().0).map(|r| Step::ReadRows(Revision(r))));
        for (n, (node, limits)) in state.nodes.iter().zip(&self.nodes).enumerate() {
            let Some(life) = &node.life else {
                if node.lives < limits.lives {
                    steps.push(Step::Start(n));
                }
                continue;
            };
            if life.asks < limits.asks {
                steps.push(Step::Ask(n));
            }
            if life.copy < state.head() {
                steps.push(Step::Apply(n));
            }
            if life.told < life.copy {
                steps.push(Step::Report(n));
            }
            if limits.ends {
                steps.extend([Step::End(n), Step::Crash(n)]);
            }
        }
        steps.extend(state.flying.iter().map(|(id, message)| Step::Deliver(*id, *message)));
    }

    pub(crate) fn after(&self, state: &State, step: Step) -> State {
        let mut state = state.clone();
        match step {
            Step::Tick(clocks) => {
                state.now += 1;
                state.durable.iter_mut().for_each(|age| *age = BOUND.min(*age + 1));
                for (node, clock) in state.nodes.iter_mut().zip(clocks) {
                    node.tick(clock);
                }
            }
            Step::Withdraw => {
                state.durable.push(0);
                state.deadlines.push(None);
            }
            Step::ReadRows(revision) => state.read_rows(revision),
            Step::Start(n) => self.begin(&mut state, n),
            Step::Ask(n) => {
                let now = state.nodes[n].now();
                state.of(n, |life| {
                    life.asks += 1;
                    life.told = life.copy;
                    Some(Message::Renew(life.lease.asked(now)))
                });
            }
            Step::Report(n) => state.of(n, |life| {
                life.told = life.lease.report();
                Some(Message::Report(life.told))
            }),
            Step::Apply(n) => state.of(n, |life| {
                life.copy.0 += 1;
                life.lease.applied(life.copy);
                None
            }),
            Step::End(n) => {
                state.of(n, |_| Some(Message::GiveUp));
                state.crash(n);
            }
            Step::Crash(n) => state.crash(n),
            Step::Deliver(id, message) => {
                state.flying.retain(|flying| *flying != (id, message));
                self.deliver(&mut state, id, message);
            }
        }
        if self.broken == Broken::CheckedBeforeEvaluating {
            for node in &mut state.nodes {
                let now = node.now();
                if let Some(life) = node.life.as_mut().filter(|life| life.lease.holds(now)) {
                    life.passed.insert(life.copy);
                }
            }
        }
        let at_once = |(id, _): &&(u8, Message)| !self.nodes[usize::from(id % 10)].delays;
        while let Some((id, message)) = state.flying.iter().find(at_once).copied() {
            state.flying.retain(|flying| *flying != (id, message));
            self.deliver(&mut state, id, message);
        }
        state.forget(&self.nodes);
        state
    }

    fn deliver(&self, state: &mut State, id: u8, message: Message) {
        let register = |state: &mut State, asked: Asked| {
            let terms = if self.broken == Broken::NoDrift {
                Terms::new(ticks(LENGTH), Duration::ZERO).expect("good terms")
            } else {
                Self::terms()
            };
            let before = state.rows.iter().find(|(of, _)| *of == id).map(|(_, row)| *row);
            let row = Row::renewed(before, terms, state.registry_now(), asked.applied());
            state.rows.retain(|(of, _)| *of != id);
            state.rows.push((id, row));
        };
        match message {
            Message::Renew(asked) if self.broken == Broken::HeadFirst => {
                let head = state.head();
                state.flying.push((id, Message::Registering(asked, Some(head))));
            }
            Message::Renew(asked) => {
                register(state, asked);
                state.flying.push((id, Message::Registering(asked, None)));
            }
            Message::Registering(asked, head) => {
                if head.is_some() {
                    register(state, asked);
                }
                let head = head.unwrap_or(state.head());
                state.flying.push((id, Message::Answer(asked, head)));
            }
            Message::Answer(asked, head) => {
                let Some(node) =
                    state.nodes.iter_mut().find(|node| node.life.as_ref().is_some_and(|l| l.id == id))
                else {
                    return;
                };
                let now = node.now();
                let life = node.life.as_mut().expect("found by it");
                let asked = if self.broken == Broken::FromTheAnswer { life.lease.asked(now) } else { asked };
                life.lease.answered(asked, head);
            }
            Message::Report(applied) => {
                for (_, row) in state.rows.iter_mut().filter(|(of, _)| *of == id) {
                    *row = row.reported(applied);
                }
            }
            Message::GiveUp => {
                state.rows.retain(|(of, _)| *of != id);
            }
        }
    }

    /// Whether a node would now send an answer evaluated at this revision.
    fn sends(&self, node: &Node, life: &Life, evaluated: Revision) -> bool {
        let now = match self.broken {
            Broken::CheckedBeforeEvaluating => return life.passed.contains(&evaluated),
            Broken::AnyLease => return life.lease.holds(node.now()),
            Broken::NeverStale => match life.lease.until() {
                Some(until) => NodeTime(until.0.saturating_sub(ticks(LENGTH))),
                None => return false,
            },
            _ => node.now(),
        };
        life.lease.sending(evaluated, now) == Sending::Allowed
    }

    /// Every answer that could be sent now, by the revision at which it was evaluated.
    fn answers(&self, state: &State) -> impl Iterator<Item = Revision> {
        state.nodes.iter().filter_map(|node| Some((node, node.life.as_ref()?))).flat_map(
            move |(node, life)| {
                (0..=life.copy.0).map(Revision).filter(move |evaluated| self.sends(node, life, *evaluated))
            },
        )
    }

    /// Whether a permit could be sent: an answer from before some withdrawal.
    pub(crate) fn permits(&self, state: &State) -> bool {
        self.answers(state).any(|evaluated| evaluated.0 < self.withdrawals)
    }

    /// Whether an answer could be sent that breaks the promise.
    pub(crate) fn breaks(&self, state: &State, promise: Promise) -> bool {
        let due = match promise {
            Promise::Bounded => {
                let due = state.durable.iter().take_while(|age| **age == BOUND).count();
                Revision(u64::try_from(due).expect("few withdrawals"))
            }
            Promise::Enforced => state.enforced,
        };
        self.answers(state).any(|evaluated| evaluated < due)
    }
}

/// Every way to choose one of each.
fn every_choice<T: Clone>(of: impl Iterator<Item = Vec<T>>) -> Vec<Vec<T>> {
    of.fold(vec![Vec::new()], |chosen, choices| {
        let with = |so_far: &Vec<T>| {
            choices.iter().map(|choice| [&so_far[..], std::slice::from_ref(choice)].concat()).collect()
        };
        chosen.iter().flat_map(|so_far| -> Vec<_> { with(so_far) }).collect()
    })
}
