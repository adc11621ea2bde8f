//! Every event to a stream of NATS `JetStream`, by a real server that is killed and started again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nattoku_feed::{NatsPlace, Publisher};
use nattoku_testkit::nats::Nats;
use serde_json::Value;

use crate::shop::Shop;

fn place(nats: &Nats) -> NatsPlace {
    let stream = nattoku_feed::STREAM.to_owned();
    NatsPlace { address: nats.address(), credentials: None, stream, replicas: 1 }
}

/// What is in the stream, in its order, once there is so much of it.
fn await_published(nats: &Nats, count: u64) -> Vec<Value> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for _ in 0..3_000 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let Ok(client) = async_nats::connect(nats.address()).await else { continue };
            let context = async_nats::jetstream::new(client);
            let Ok(mut stream) = context.get_stream(nattoku_feed::STREAM).await else { continue };
            let Ok(info) = stream.info().await else { continue };
            if info.state.messages < count {
                continue;
            }
            let (first, last) = (info.state.first_sequence, info.state.last_sequence);
            let mut published = Vec::new();
            for sequence in first..=last {
                let message = stream.get_raw_message(sequence).await.unwrap();
                let event: Value = serde_json::from_slice(&message.payload).unwrap();
                let told = message.headers.get("Nattoku-Revision").unwrap().as_str().to_owned();
                assert_eq!(event["id"], told);
                let name = event["type"].as_str().unwrap().split('.').nth(1).unwrap();
                assert_eq!(message.subject.as_str(), format!("nattoku.events.{name}"));
                published.push(event);
            }
            return published;
        }
        panic!("there are never {count} messages");
    })
}

fn ids(published: &[Value]) -> Vec<u64> {
    published.iter().map(|event| event["id"].as_str().unwrap().parse().unwrap()).collect()
}

#[test]
fn each_event_is_published_once_and_in_order_whatever_ends_in_between() {
    let Some(mut nats) = Nats::start("feed", env!("CARGO_TARGET_TMPDIR")) else { return };
    let shop = Shop::open("nats");
    let another = shop.another_node(7);
    let (one, two) = (
        Publisher::new(Arc::clone(&shop.node), place(&nats), [1; 16]),
        Publisher::new(another.clone(), place(&nats), [2; 16]),
    );
    let (one_is_over, two_is_over) = (AtomicBool::new(false), AtomicBool::new(false));
    shop.happens("principal_registered", &["p1", "p2", "p3"]);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| one.run(&one_is_over));
        assert_eq!(ids(&await_published(&nats, 3)), [1, 2, 3]);
        // What happens while it is away is published when it is back.
        nats.stop();
        shop.happens("data_acquired", &["p1", "p2"]);
        assert_eq!(shop.node.taken_in().0, 5, "nothing waits for it");
        nats.start_again();
        assert_eq!(ids(&await_published(&nats, 5)), [1, 2, 3, 4, 5]);
        // Another goes on after the last message.
        one_is_over.store(true, Ordering::Relaxed);
        first.join().unwrap();
        shop.happens("principal_registered", &["p4"]);
        another.take_in().unwrap();
        scope.spawn(|| two.run(&two_is_over));
        assert_eq!(ids(&await_published(&nats, 6)), [1, 2, 3, 4, 5, 6]);
        two_is_over.store(true, Ordering::Relaxed);
    });
}
