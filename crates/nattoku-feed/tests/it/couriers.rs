//! One receiver, step by step.

use std::sync::atomic::Ordering;
use std::time::Duration;

use nattoku_feed::{Outcome, Step};
use nattoku_model::Revision;

use crate::receiver::{Receiver, revisions};
use crate::shop::{Shop, carry};

#[test]
fn each_event_is_sent_once_in_its_order_and_signed() {
    let (shop, receiver) = (Shop::open("once"), Receiver::start());
    shop.happens("principal_registered", &["p1", "p2", "p3"]);
    shop.subscribe("crm", &receiver.url(), &[]);
    let mut courier = shop.courier("crm");
    assert_eq!(carry(&mut courier), Step::Nothing);
    let got = receiver.got();
    assert_eq!(revisions(&got), [1, 2, 3]);
    for one in &got {
        one.is_signed();
        assert_eq!(one.headers["content-type"], "application/cloudevents+json; charset=utf-8");
        assert_eq!(one.event["source"], "shop.example/nattoku");
        assert_eq!(one.event["type"], "nattoku.principal_registered.v1");
        assert!(!one.id.contains('.'), "what is signed is split at dots");
    }
    assert_eq!(got[0].event["subject"], "p1");
    assert_eq!(shop.subscription("crm").cursor, Revision(3));
    assert_eq!(carry(&mut courier), Step::Nothing);
    shop.happens("data_acquired", &["p2"]);
    assert_eq!(carry(&mut courier), Step::Nothing);
    assert_eq!(revisions(&receiver.got()), [4]);
    assert_eq!(*shop.counts.outcomes.lock().unwrap(), [Outcome::Taken; 4]);
}

#[test]
fn what_is_not_wanted_is_passed_over() {
    let (shop, receiver) = (Shop::open("wanted"), Receiver::start());
    shop.happens("principal_registered", &["p1", "p2"]);
    shop.happens("data_acquired", &["p1"]);
    shop.happens("principal_registered", &["p3"]);
    shop.subscribe("crm", &receiver.url(), &["data_acquired"]);
    assert_eq!(carry(&mut shop.courier("crm")), Step::Nothing);
    assert_eq!(revisions(&receiver.got()), [3]);
    assert_eq!(shop.subscription("crm").cursor, Revision(4));
}

/// What was dealt with before is not sent again, and what was not is.
#[test]
fn another_courier_goes_on_where_the_one_before_was() {
    let (shop, receiver) = (Shop::open("resumed"), Receiver::start());
    shop.happens("principal_registered", &["p1", "p2", "p3"]);
    shop.subscribe("crm", &receiver.url(), &[]);
    let mut courier = shop.courier("crm");
    while shop.subscription("crm").cursor < Revision(2) {
        assert_eq!(courier.step().unwrap(), Step::Done);
    }
    drop(courier);
    assert_eq!(revisions(&receiver.got()), [1, 2]);
    assert_eq!(carry(&mut shop.courier("crm")), Step::Nothing);
    assert_eq!(revisions(&receiver.got()), [3]);
}

#[test]
fn what_is_not_taken_comes_again_before_anything_else() {
    let (shop, receiver) = (Shop::open("again"), Receiver::start());
    shop.happens("principal_registered", &["p1", "p2"]);
    shop.subscribe("crm", &receiver.url(), &[]);
    receiver.answer(503, ("retry-after", "90"));
    receiver.answer(302, ("location", "http://127.0.0.1:1/"));
    let mut courier = shop.courier("crm");
    assert_eq!(carry(&mut courier), Step::Waits(Duration::from_secs(90)));
    shop.happens("data_acquired", &["p2"]);
    assert!(matches!(carry(&mut courier), Step::Waits(_)), "nobody is sent elsewhere");
    assert_eq!(shop.counts.behind.load(Ordering::Relaxed), 3, "it is counted while nothing is taken");
    assert_eq!(shop.subscription("crm").cursor, Revision(0));
    assert_eq!(carry(&mut courier), Step::Nothing);
    let got = receiver.got();
    assert_eq!(revisions(&got), [1, 1, 1, 2, 3]);
    assert!(got[0].id == got[1].id && got[1].id == got[2].id && got[2].id != got[3].id);
    got.iter().for_each(crate::receiver::Got::is_signed);
}

#[test]
fn what_is_never_taken_is_given_up_and_can_be_sent_again() {
    let (shop, receiver) = (Shop::open("dead"), Receiver::start());
    shop.happens("principal_registered", &["p1", "p2"]);
    shop.subscribe("crm", &receiver.url(), &[]);
    receiver.answer_times(3, 500);
    let mut courier = shop.courier("crm");
    assert!(matches!(carry(&mut courier), Step::Waits(_)));
    assert!(matches!(carry(&mut courier), Step::Waits(_)));
    assert_eq!(carry(&mut courier), Step::Nothing);
    assert_eq!(revisions(&receiver.got()), [1, 1, 1, 2]);
    let outcomes = [Outcome::NotTaken, Outcome::NotTaken, Outcome::Dead, Outcome::Taken];
    assert_eq!(*shop.counts.outcomes.lock().unwrap(), outcomes, "each attempt is counted once");
    assert_eq!(shop.counts.dead.load(Ordering::Relaxed), 1);
    let letters = shop.state().dead_letters().unwrap();
    assert_eq!(letters.len(), 1);
    assert_eq!((letters[0].revision, letters[0].attempts), (Revision(1), 3));
    assert_eq!((letters[0].subscription.as_str(), letters[0].why.as_str()), ("crm", "status_500"));

    // Once each, and it stays where it is if it is not taken.
    assert_eq!(shop.state().revive_dead_letters("crm").unwrap(), 1);
    receiver.answer_times(1, 500);
    assert_eq!(carry(&mut courier), Step::Nothing);
    assert_eq!(shop.state().dead_letters().unwrap()[0].attempts, 4);
    shop.state().revive_dead_letters("crm").unwrap();
    assert_eq!(carry(&mut courier), Step::Nothing);
    assert_eq!(revisions(&receiver.got()), [1, 1]);
    assert_eq!(shop.state().dead_letters().unwrap(), []);
    assert_eq!(shop.counts.dead.load(Ordering::Relaxed), 0);
}

#[test]
fn a_receiver_that_was_away_is_sent_everything_when_it_is_back() {
    let (shop, receiver) = (Shop::open("away"), Receiver::start());
    shop.happens("principal_registered", &["p1", "p2"]);
    shop.subscribe("crm", &receiver.url(), &[]);
    let address = receiver.stop();
    let mut courier = shop.courier("crm");
    assert!(matches!(carry(&mut courier), Step::Waits(_)));
    let receiver = Receiver::back_at(address);
    assert_eq!(carry(&mut courier), Step::Nothing);
    assert_eq!(revisions(&receiver.got()), [1, 2]);
}

#[test]
fn a_receiver_that_is_gone_is_sent_nothing_until_it_is_resumed() {
    let (shop, receiver) = (Shop::open("gone"), Receiver::start());
    shop.happens("principal_registered", &["p1", "p2"]);
    shop.subscribe("crm", &receiver.url(), &[]);
    receiver.answer_times(1, 410);
    let mut courier = shop.courier("crm");
    assert_eq!(carry(&mut courier), Step::Stopped);
    assert_eq!(carry(&mut courier), Step::Stopped);
    assert_eq!(revisions(&receiver.got()), [1]);
    let paused = shop.subscription("crm").paused.unwrap();
    assert_eq!(paused.1, "gone");
    assert!(shop.state().pause_subscription("crm", None).unwrap());
    assert_eq!(carry(&mut courier), Step::Nothing);
    assert_eq!(revisions(&receiver.got()), [1, 2]);
    shop.state().remove_subscription("crm").unwrap();
    assert_eq!(carry(&mut courier), Step::Stopped);
}

#[test]
fn whoever_sets_it_back_is_sent_everything_again() {
    let (shop, receiver) = (Shop::open("back"), Receiver::start());
    shop.happens("principal_registered", &["p1", "p2", "p3"]);
    shop.subscribe("crm", &receiver.url(), &[]);
    let mut courier = shop.courier("crm");
    carry(&mut courier);
    receiver.got();
    assert!(shop.state().move_cursor("crm", None, Revision(1)).unwrap());
    assert!(!courier.is_as_it_was().unwrap());
    carry(&mut courier);
    assert_eq!(revisions(&receiver.got()), [2, 3]);
}

#[test]
fn of_the_erased_nothing_is_sent() {
    let (shop, receiver) = (Shop::open("erased"), Receiver::start());
    shop.happens("principal_registered", &["p1", "p2"]);
    shop.subscribe("crm", &receiver.url(), &[]);
    receiver.answer_times(3, 500);
    let mut courier = shop.courier("crm");
    while shop.state().dead_letters().unwrap().is_empty() {
        courier.step().unwrap();
    }
    assert_eq!(shop.counts.dead.load(Ordering::Relaxed), 1, "it is seen at once");
    receiver.got();
    shop.erase("p1");
    shop.erase("p2");
    shop.state().revive_dead_letters("crm").unwrap();
    assert_eq!(carry(&mut shop.courier("crm")), Step::Nothing);
    assert!(receiver.got().iter().all(|one| one.event["subject"].is_null()));
    assert_eq!(shop.state().dead_letters().unwrap(), []);
}

/// What waits is read when it is sent, and not before.
#[test]
fn of_somebody_who_is_erased_while_it_waits_nothing_is_sent() {
    let (shop, receiver) = (Shop::open("waiting"), Receiver::start());
    shop.happens("principal_registered", &["p1", "p2", "p3"]);
    shop.subscribe("crm", &receiver.url(), &[]);
    receiver.answer_times(1, 503);
    let mut courier = shop.courier("crm");
    assert!(matches!(carry(&mut courier), Step::Waits(_)));
    assert_eq!(revisions(&receiver.got()), [1]);
    shop.erase("p1");
    shop.erase("p2");
    assert_eq!(carry(&mut courier), Step::Nothing);
    assert_eq!(revisions(&receiver.got()), [3]);
}

#[test]
fn where_the_ledger_was_set_back_it_is_said_and_nothing_is_sent() {
    let (shop, receiver) = (Shop::open("beyond"), Receiver::start());
    shop.happens("principal_registered", &["p1", "p2"]);
    shop.subscribe("crm", &receiver.url(), &[]);
    assert!(shop.state().move_cursor("crm", None, Revision(7)).unwrap());
    let mut courier = shop.courier("crm");
    assert_eq!(carry(&mut courier), Step::Stopped);
    assert_eq!(shop.subscription("crm").paused.unwrap().1, "beyond");
    assert!(receiver.got().is_empty());
}

#[test]
fn nothing_is_sent_where_another_may_send_before_it_is_done() {
    let (shop, receiver) = (Shop::open("turn"), Receiver::start());
    shop.happens("principal_registered", &["p1", "p2"]);
    shop.subscribe("crm", &receiver.url(), &[]);
    let is_ours = std::cell::Cell::new(true);
    let may_send = || is_ours.replace(false);
    let mut courier = shop.courier_who("crm", &may_send);
    assert_eq!(carry(&mut courier), Step::Stopped);
    assert_eq!(revisions(&receiver.got()), [1]);
    is_ours.set(true);
    assert_eq!(carry(&mut courier), Step::Nothing);
    assert_eq!(revisions(&receiver.got()), [2]);
}
