//! One run: a registry with its ledger, nodes and writers, each a host of a simulated network.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use nattoku_lease::{RegistryTime, Row, Terms};
use nattoku_model::Revision;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use turmoil::net::UdpSocket;

use super::history::{Happened, What};
use super::{node, registry, writer};

/// What is done otherwise than the protocol says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Broken {
    No,
    CheckedBeforeEvaluating,
    AnyLease,
    NeverStale,
    FromTheAnswer,
    HeadFirst,
    NoDrift,
}

pub(crate) const NODES: [&str; 3] = ["node-1", "node-2", "node-3"];
const WRITERS: [&str; 2] = ["writer-1", "writer-2"];
pub(crate) const REGISTRY: &str = "registry";
const PORT: u16 = 7;

/// How long a run takes on the registry's clock, and by which steps the network moves.
const DURATION: Duration = Duration::from_secs(12);
const STEP: Duration = Duration::from_millis(20);

/// What all hosts of a run share: what is drawn, what the database holds, whatever crashes, and what happened.
pub(crate) struct World {
    pub(crate) broken: Broken,
    random: RefCell<ChaCha8Rng>,
    numbers: RefCell<u64>,
    pub(crate) head: RefCell<Revision>,
    pub(crate) rows: RefCell<BTreeMap<u64, Row>>,
    history: RefCell<Vec<Happened>>,
}

impl World {
    pub(crate) fn terms() -> Terms {
        Terms::default()
    }

    /// A number below another.
    pub(crate) fn below(&self, bound: u64) -> u64 {
        self.random.borrow_mut().next_u64() % bound
    }

    pub(crate) fn one_in(&self, of: u64) -> bool {
        self.below(of) == 0
    }

    /// A number that nobody else has.
    pub(crate) fn number(&self) -> u64 {
        *self.numbers.borrow_mut() += 1;
        *self.numbers.borrow()
    }

    /// Waits up to so many milliseconds.
    pub(crate) async fn pause(&self, up_to: u64) {
        let milliseconds = self.below(up_to + 1);
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    }

    pub(crate) fn now() -> RegistryTime {
        RegistryTime(turmoil::sim_elapsed().expect("in a run"))
    }

    pub(crate) fn happened(&self, what: What) {
        self.history.borrow_mut().push(Happened { at: Self::now().0, what });
    }
}

/// What is sent: what it is, of whom, which question it is or answers, and a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) kind: Kind,
    pub(crate) id: u64,
    pub(crate) number: u64,
    pub(crate) value: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// Value: what is applied; answered by the head.
    Renew,
    /// Value: what is applied.
    Report,
    GiveUp,
    /// Value: what is applied; answered by the revision up to which events are sent.
    Fetch,
    /// Answered by the revision.
    Append,
    /// Value: the revision; `id`: from when on it is enforced in any case, once that was told. Answered by that instant,
    /// or by zero when it is enforced.
    Stands,
}

const KINDS: [Kind; 6] = [Kind::Renew, Kind::Report, Kind::GiveUp, Kind::Fetch, Kind::Append, Kind::Stands];

pub(crate) struct Socket(UdpSocket);

impl Socket {
    pub(crate) async fn bind() -> Self {
        Self(UdpSocket::bind((IpAddr::V4(Ipv4Addr::UNSPECIFIED), PORT)).await.expect("a free port"))
    }

    pub(crate) async fn send(&self, to: SocketAddr, message: Message) {
        let numbers = [message.id, message.number, message.value].map(u64::to_be_bytes);
        let bytes = [&[message.kind as u8], numbers.as_flattened()].concat();
        // What cannot be sent is lost, as is much of what can.
        let _ = self.0.send_to(&bytes, to).await;
    }

    pub(crate) async fn to_registry(&self, message: Message) {
        self.send((turmoil::lookup(REGISTRY), PORT).into(), message).await;
    }

    pub(crate) async fn receive(&self) -> (Message, SocketAddr) {
        let mut bytes = [0; 25];
        let (_, from) = self.0.recv_from(&mut bytes).await.expect("a socket that is open");
        let number = |at: usize| u64::from_be_bytes(bytes[at..at + 8].try_into().expect("eight bytes"));
        let kind = KINDS[usize::from(bytes[0])];
        (Message { kind, id: number(1), number: number(9), value: number(17) }, from)
    }
}

/// Runs a world for a seed, and says what happened.
pub(crate) fn run(seed: u64, broken: Broken) -> Vec<Happened> {
    let world = Rc::new(World {
        broken,
        random: RefCell::new(ChaCha8Rng::seed_from_u64(seed)),
        numbers: RefCell::new(0),
        head: RefCell::new(Revision(0)),
        rows: RefCell::new(BTreeMap::new()),
        history: RefCell::new(Vec::new()),
    });
    let mut sim = turmoil::Builder::new()
        .rng_seed(seed)
        .enable_random_order()
        .tick_duration(STEP)
        .simulation_duration(2 * DURATION)
        .epoch(std::time::UNIX_EPOCH)
        .min_message_latency(Duration::from_millis(1))
        .max_message_latency(Duration::from_millis(150))
        .fail_rate(0.01)
        .repair_rate(0.3)
        .build();
    let of = Rc::clone(&world);
    sim.host(REGISTRY, move || registry::run(Rc::clone(&of)));
    for name in NODES {
        let of = Rc::clone(&world);
        let clock = node::Clock::draw(&world);
        sim.host(name, move || node::run(Rc::clone(&of), clock));
    }
    for name in WRITERS {
        let of = Rc::clone(&world);
        sim.host(name, move || writer::run(Rc::clone(&of)));
    }
    while sim.elapsed() < DURATION {
        sim.step().expect("hosts that do not fail");
        disturb(&mut sim, &world);
    }
    drop(sim);
    world.history.take()
}

/// Cuts or mends something, now and then.
fn disturb(sim: &mut turmoil::Sim<'_>, world: &World) {
    if !world.one_in(12) {
        return;
    }
    let hosts = [NODES[0], NODES[1], NODES[2], WRITERS[0], WRITERS[1]];
    let host = hosts[usize::try_from(world.below(5)).expect("small")];
    match world.below(16) {
        0 => sim.partition(host, REGISTRY),
        1 => sim.partition_oneway(host, REGISTRY),
        2 => sim.partition_oneway(REGISTRY, host),
        3 | 4 => sim.hold(host, REGISTRY),
        5..=7 => sim.release(host, REGISTRY),
        8..=10 => sim.repair(host, REGISTRY),
        11 => sim.crash(host),
        12 if world.one_in(3) => sim.crash(REGISTRY),
        _ => {
            for host in hosts.into_iter().chain([REGISTRY]) {
                if !sim.is_host_running(host) {
                    sim.bounce(host);
                }
            }
        }
    }
}
