//! Several programs over one ledger: one of them sends.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nattoku_feed::{Deliverer, Sender, Sending, Terms};
use nattoku_operations::Node;
use nattoku_trace::Tracing;

use crate::receiver::{Receiver, revisions};
use crate::shop::{Counts, RETRY, Shop};

fn deliverer(node: Arc<Node>, id: u8) -> Deliverer {
    let sender = Sender::new(false, Duration::from_secs(5));
    let sending = Sending { node, sender, counting: Arc::new(Counts::default()), tracing: Tracing::off() };
    Deliverer::new(sending, Terms { retry: RETRY, random: || 0 }, [id; 16])
}

/// Waits until a receiver was sent so many.
fn await_sent(receiver: &Receiver, count: usize) -> Vec<u64> {
    let mut sent = Vec::new();
    for _ in 0..6_000 {
        sent.extend(revisions(&receiver.got()));
        if sent.len() >= count {
            return sent;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("only {sent:?} were sent");
}

#[test]
fn one_of_two_sends_and_the_other_when_that_one_ends() {
    let (shop, receiver) = (Shop::open("two"), Receiver::start());
    let nodes = [Arc::clone(&shop.node), shop.another_node(7)];
    let [one, two] = [(nodes[0].clone(), 1), (nodes[1].clone(), 2)].map(|(node, id)| deliverer(node, id));
    let (one_is_over, two_is_over) = (AtomicBool::new(false), AtomicBool::new(false));
    shop.subscribe("crm", &receiver.url(), &[]);
    shop.subscribe("mail", &receiver.url(), &["data_acquired"]);
    shop.happens("principal_registered", &["p1", "p2", "p3"]);
    nodes[1].take_in().unwrap();
    std::thread::scope(|scope| {
        let first = scope.spawn(|| one.run(&one_is_over));
        scope.spawn(|| two.run(&two_is_over));
        let sent = await_sent(&receiver, 3);
        assert_eq!(sent, [1, 2, 3]);
        one_is_over.store(true, Ordering::Relaxed);
        first.join().unwrap();
        shop.happens("principal_registered", &["p4"]);
        nodes[1].take_in().unwrap();
        assert_eq!(await_sent(&receiver, 1), [4]);
        shop.happens("data_acquired", &["p4"]);
        nodes[1].take_in().unwrap();
        // To both who subscribed to it.
        assert_eq!(await_sent(&receiver, 2), [5, 5]);
        two_is_over.store(true, Ordering::Relaxed);
    });
    assert!(receiver.got().is_empty());
}

/// One that is paused is not in the way of the others, and goes on where it was.
#[test]
fn who_is_paused_and_resumed_misses_nothing() {
    let (shop, receiver) = (Shop::open("paused"), Receiver::start());
    let one = deliverer(Arc::clone(&shop.node), 1);
    let is_over = AtomicBool::new(false);
    shop.subscribe("crm", &receiver.url(), &[]);
    shop.happens("principal_registered", &["p1"]);
    std::thread::scope(|scope| {
        scope.spawn(|| one.run(&is_over));
        assert_eq!(await_sent(&receiver, 1), [1]);
        let at = shop.nattoku.now();
        shop.state().pause_subscription("crm", Some(&(at, "a test".to_owned()))).unwrap();
        shop.happens("principal_registered", &["p2", "p3"]);
        shop.state().pause_subscription("crm", None).unwrap();
        assert_eq!(await_sent(&receiver, 2), [2, 3]);
        is_over.store(true, Ordering::Relaxed);
    });
}

/// A program that is gone has given nothing up.
#[test]
fn the_turn_of_one_that_is_gone_runs_out_and_another_sends() {
    let (shop, receiver) = (Shop::open("gone-in-its-turn"), Receiver::start());
    shop.subscribe("crm", &receiver.url(), &[]);
    shop.happens("principal_registered", &["p1", "p2"]);
    assert!(shop.state().take_turn("webhooks", &[8; 16], Duration::from_millis(1_500)).unwrap());
    let (one, is_over) = (deliverer(Arc::clone(&shop.node), 1), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| one.run(&is_over));
        assert_eq!(await_sent(&receiver, 2), [1, 2]);
        is_over.store(true, Ordering::Relaxed);
    });
}
