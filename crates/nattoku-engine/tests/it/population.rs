//! A population told event by event, in the order in which the ledger came to know of them, stands where one stands that
//! was folded at once.

use std::cell::Cell;
use std::sync::Arc;

use jiff::Timestamp;
use nattoku_engine::{Answer, Applied, Plan, Population, PrincipalId, Vocabulary, decide};
use nattoku_model::event::Recorded;

use crate::compare::of_engine;
use crate::draw::Draw;
use crate::histories::{Histories, edges};
use crate::policies::carrier;
use crate::requests::request;

fn id(n: usize) -> PrincipalId {
    u128::try_from(n).expect("small").to_be_bytes()
}

#[test]
fn event_by_event_is_all_at_once() {
    let versions = carrier();
    let now: Timestamp = "2026-11-26T00:00:00Z".parse().expect("an instant");
    let histories =
        Histories { versions: &versions, now, edges: edges(&versions, now), meeting: Cell::new(now) };
    let mut draw = Draw::new(3);
    let principals: Vec<Vec<Recorded>> = (0..300).map(|_| histories.principal(&mut draw, 1)).collect();
    let vocabulary = Arc::new(Vocabulary::new(&versions));
    let mut at_once = Population::new(Arc::clone(&vocabulary));
    let mut one_by_one = Population::new(vocabulary);
    let (mut n_done, mut n_rebuilt) = (0, 0);
    for (n, events) in principals.iter().enumerate() {
        at_once.rebuild(id(n), events).expect("there is room");
        for (count, event) in (1..).zip(events) {
            match one_by_one.apply(id(n), event).expect("there is room") {
                Applied::Done => n_done += 1,
                Applied::Rebuild => {
                    n_rebuilt += 1;
                    one_by_one.rebuild(id(n), &events[..count]).expect("there is room");
                }
            }
        }
        if events.is_empty() {
            one_by_one.rebuild(id(n), events).expect("there is room");
        }
    }
    assert!(n_done > 1_000 && n_rebuilt > 1_000, "{n_done} folded in place, {n_rebuilt} anew");
    for _ in 0..200 {
        let request = request(&mut draw, &versions, now).expect("there are activities");
        let mut answers = [&at_once, &one_by_one].map(|population| {
            let mut plan = Plan::new(&versions, population, &request);
            let mut answer = Answer::default();
            let all = (0..principals.len()).map(|n| {
                let ordinal = population.find(&id(n)).expect("they are in it");
                decide(&mut plan, population, ordinal, request.at, &mut answer).expect("it is now");
                of_engine(&plan, &answer)
            });
            all.collect::<Vec<String>>().into_iter()
        });
        let [one, other] = &mut answers;
        for events in &principals {
            assert_eq!(one.next(), other.next(), "{events:#?}");
        }
    }
}
