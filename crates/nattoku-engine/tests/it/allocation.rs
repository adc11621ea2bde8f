//! A decision about somebody whose pattern of holdings the plan has met allocates nothing, whatever is asked.

use std::cell::Cell;
use std::sync::Arc;

use jiff::Timestamp;
use nattoku_engine::{Answer, NotNow, Plan, Population, Vocabulary, decide};

use crate::draw::Draw;
use crate::histories::{Histories, edges};
use crate::policies::carrier;
use crate::requests::request;

#[test]
fn deciding_allocates_nothing() {
    let versions = carrier();
    let now: Timestamp = "2026-11-26T00:00:00Z".parse().expect("an instant");
    let histories =
        Histories { versions: &versions, now, edges: edges(&versions, now), meeting: Cell::new(now) };
    let mut draw = Draw::new(11);
    let mut population = Population::new(Arc::new(Vocabulary::new(&versions)));
    for n in 0..200_u128 {
        population.rebuild(n.to_be_bytes(), &histories.principal(&mut draw, 1)).expect("there is room");
    }
    let mut answer = Answer::default();
    for _ in 0..100 {
        let request = request(&mut draw, &versions, now).expect("there are activities");
        let mut plan = Plan::new(&versions, &population, &request);
        let mut ask_everybody = || {
            for ordinal in population.ordinals() {
                let decided = decide(&mut plan, &population, ordinal, request.at, &mut answer);
                assert!(matches!(decided, Ok(()) | Err(NotNow::Finer)), "{decided:?}");
            }
        };
        ask_everybody();
        let allocated = allocation_counter::measure(ask_everybody);
        assert_eq!(allocated.count_total, 0, "{request:#?}");
    }
}
