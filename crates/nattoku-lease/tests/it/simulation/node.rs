//! A decision node: renews, follows the ledger, and answers as often as it can.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use nattoku_lease::{Asked, NodeLease, NodeTime, Sending};
use nattoku_model::Revision;

use super::history::What;
use super::run::{Broken, Kind, Message, Socket, World};

/// The clock of a machine: from some origin, in so many parts of ten thousand of the registry's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    origin: Duration,
    rate: u32,
}

impl Clock {
    /// What takes 2 s on it takes 2.1 s on the registry's: the slowest that the terms allow.
    const SLOWEST: u32 = 9_524;

    pub(crate) fn draw(world: &World) -> Self {
        let rate = match world.below(4) {
            0 => 10_000,
            1 => 10_000 + u32::try_from(world.below(500)).expect("small"),
            _ => Self::SLOWEST,
        };
        Self { origin: Duration::from_millis(world.below(1_000_000)), rate }
    }

    fn now(self) -> NodeTime {
        NodeTime(self.origin + World::now().0 * self.rate / 10_000)
    }
}

/// One life of a node.
struct Node {
    world: Rc<World>,
    clock: Clock,
    socket: Socket,
    id: u64,
    lease: RefCell<NodeLease>,
    copy: Cell<Revision>,
    asked: RefCell<BTreeMap<u64, Asked>>,
    ended: Cell<bool>,
}

pub(crate) async fn run(world: Rc<World>, clock: Clock) -> turmoil::Result {
    let node = Rc::new(Node {
        clock,
        socket: Socket::bind().await,
        id: world.number(),
        lease: RefCell::new(NodeLease::new(World::terms())),
        copy: Cell::new(Revision(0)),
        asked: RefCell::new(BTreeMap::new()),
        ended: Cell::new(false),
        world,
    });
    for _ in 0..3 {
        tokio::task::spawn_local(Rc::clone(&node).answers());
    }
    tokio::task::spawn_local(Rc::clone(&node).renews());
    tokio::task::spawn_local(Rc::clone(&node).follows());
    let receives = tokio::task::spawn_local(Rc::clone(&node).receives());
    if node.world.one_in(3) {
        // It stops answering, and only then gives its row up.
        node.world.pause(8_000).await;
        node.ended.set(true);
        node.send(Kind::GiveUp, 0).await;
        receives.abort();
    }
    let _ = receives.await;
    Ok(())
}

impl Node {
    async fn send(&self, kind: Kind, value: u64) -> u64 {
        let number = self.world.number();
        self.socket.to_registry(Message { kind, id: self.id, number, value }).await;
        number
    }

    async fn renews(self: Rc<Self>) {
        while !self.ended.get() {
            let now = self.clock.now();
            if self.lease.borrow().ask_at().is_none_or(|at| at <= now) {
                let asked = self.lease.borrow_mut().asked(now);
                // A process may be halted here, or wait for its connection.
                self.world.pause(if self.world.one_in(10) { 1_000 } else { 10 }).await;
                let number = self.world.number();
                self.asked.borrow_mut().insert(number, asked);
                let (kind, value) = (Kind::Renew, asked.applied().0);
                self.socket.to_registry(Message { kind, id: self.id, number, value }).await;
            }
            self.world.pause(50).await;
        }
    }

    async fn follows(self: Rc<Self>) {
        while !self.ended.get() {
            self.send(Kind::Fetch, self.copy.get().0).await;
            self.world.pause(400).await;
        }
    }

    async fn receives(self: Rc<Self>) {
        loop {
            let (message, _) = self.socket.receive().await;
            match message.kind {
                Kind::Renew => {
                    let Some(mut asked) = self.asked.borrow_mut().remove(&message.number) else { continue };
                    if self.world.broken == Broken::FromTheAnswer {
                        asked = self.lease.borrow_mut().asked(self.clock.now());
                    }
                    self.lease.borrow_mut().answered(asked, Revision(message.value));
                }
                Kind::Fetch => {
                    self.copy.set(self.copy.get().max(Revision(message.value)));
                    self.lease.borrow_mut().applied(self.copy.get());
                    if self.world.one_in(2) {
                        let applied = self.lease.borrow_mut().report();
                        self.send(Kind::Report, applied.0).await;
                    }
                }
                _ => {}
            }
        }
    }

    async fn answers(self: Rc<Self>) {
        while !self.ended.get() {
            let evaluated = self.copy.get();
            let before = self.may_send(evaluated);
            self.world.pause(if self.world.one_in(8) { 4_000 } else { 40 }).await;
            if self.ended.get() {
                return;
            }
            let sending = if self.world.broken == Broken::CheckedBeforeEvaluating {
                before
            } else {
                self.may_send(evaluated)
            };
            self.world.happened(match sending {
                Sending::Allowed => What::Sent(evaluated),
                Sending::Behind => What::Again,
                Sending::Stale => What::Stale,
            });
        }
    }

    fn may_send(&self, evaluated: Revision) -> Sending {
        let (lease, now) = (self.lease.borrow(), self.clock.now());
        match self.world.broken {
            Broken::AnyLease if lease.holds(now) => Sending::Allowed,
            Broken::NeverStale => lease.until().map_or(Sending::Stale, |until| {
                lease.sending(evaluated, NodeTime(until.0.saturating_sub(World::terms().length())))
            }),
            _ => lease.sending(evaluated, now),
        }
    }
}
