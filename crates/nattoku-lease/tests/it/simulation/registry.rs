//! The registry and the ledger beside it: a database that takes its time for everything.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use nattoku_lease::{RegistryTime, Row, Standing, Terms};
use nattoku_model::Revision;

use super::history::What;
use super::run::{Broken, Kind, Message, Socket, World};

/// How many events one answer carries.
const EVENTS: u64 = 3;

pub(crate) async fn run(world: Rc<World>) -> turmoil::Result {
    let socket = Rc::new(Socket::bind().await);
    loop {
        let (message, from) = socket.receive().await;
        tokio::task::spawn_local(answer(Rc::clone(&world), Rc::clone(&socket), message, from));
    }
}

async fn answer(world: Rc<World>, socket: Rc<Socket>, message: Message, from: SocketAddr) {
    let arrived = World::now();
    world.pause(30).await;
    let value = match message.kind {
        Kind::Renew => renew(&world, message, arrived).await.0,
        Kind::Report => {
            let mut rows = world.rows.borrow_mut();
            rows.entry(message.id).and_modify(|row| *row = row.reported(Revision(message.value)));
            return;
        }
        Kind::GiveUp => {
            world.rows.borrow_mut().remove(&message.id);
            return;
        }
        Kind::Fetch => world.head.borrow().0.min(message.value + EVENTS),
        Kind::Append => {
            let mut head = world.head.borrow_mut();
            head.0 += 1;
            world.happened(What::Durable(*head));
            head.0
        }
        Kind::Stands => stands(&world, message),
    };
    world.pause(30).await;
    socket.send(from, Message { value, ..message }).await;
}

/// Registers the lease, and reads the head.
async fn renew(world: &World, message: Message, arrived: RegistryTime) -> Revision {
    // Now and then the database stalls.
    let stall = if world.one_in(4) { 800 } else { 60 };
    let head_first = world.broken == Broken::HeadFirst;
    let mut head = *world.head.borrow();
    if head_first {
        world.pause(stall).await;
    }
    let terms = World::terms();
    let terms = if world.broken == Broken::NoDrift {
        Terms::new(terms.length(), Duration::ZERO).expect("good terms")
    } else {
        terms
    };
    let before = world.rows.borrow().get(&message.id).copied();
    let row = Row::renewed(before, terms, arrived, Revision(message.value));
    world.rows.borrow_mut().insert(message.id, row);
    if !head_first {
        world.pause(stall).await;
        head = *world.head.borrow();
    }
    head
}

/// Nothing if a withdrawal is enforced, or else from when on it is in any case, in nanoseconds.
fn stands(world: &World, message: Message) -> u64 {
    let (revision, now) = (Revision(message.value), World::now());
    let rows = world.rows.borrow();
    let wait = match Standing::of(rows.values().copied(), revision, now) {
        Standing::WaitAtMost(wait) => wait,
        Standing::Enforced => Duration::ZERO,
    };
    let deadline = Duration::from_nanos(message.id);
    let over = message.id > 0 && now.0 >= deadline;
    if wait.is_zero() || over {
        world.happened(What::Enforced(revision));
        return 0;
    }
    let first = if message.id > 0 { deadline } else { now.0 + wait };
    u64::try_from(first.as_nanos()).expect("a short run")
}
