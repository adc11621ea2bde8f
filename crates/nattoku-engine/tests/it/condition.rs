//! A request as a condition is met by whom `decide` permits, over the worlds of the comparison with the definition.

use nattoku_engine::{Answer, NotNow, Plan, decide};
use nattoku_model::Verdict;

use crate::compare::definition;
use crate::differential::{World, id};
use crate::draw::Draw;
use crate::policies::{all, packs};
use crate::requests::request;

/// Principals and requests together.
const CASES: u64 = 20_000;

const REQUESTS: usize = 12;

#[test]
fn a_condition_is_met_by_whom_the_decision_permits() {
    let policies = all();
    let packs = packs(&policies);
    let (mut n_cases, mut seed) = (0, 1);
    let mut n_by_verdict = [0_u64; Verdict::ALL.len()];
    while n_cases < CASES {
        let mut draw = Draw::new(seed);
        let named = if draw.one_in(3) { &policies[0] } else { draw.of(&policies) };
        let world = World::draw(&mut draw, named, &packs);
        let population = world.population();
        let mut answer = Answer::default();
        for _ in 0..REQUESTS {
            let Some(request) = request(&mut draw, &world.versions, world.now) else { continue };
            let mut plan = Plan::new(&world.versions, &population, &request);
            for (n, own) in world.principals.iter().enumerate() {
                let ordinal = population.find(&id(n)).expect("they are in it");
                let decided = decide(&mut plan, &population, ordinal, request.at, &mut answer);
                let verdict = match decided {
                    Err(NotNow::Finer) => definition(&world.versions, own, &world.general, &request).verdict,
                    decided => decided.map(|()| answer.verdict).expect("it is now"),
                };
                for at_most in [Verdict::Permit, Verdict::PermitWithConditions] {
                    let is_met = plan.is_met(&population, own, request.at, at_most).expect("there is room");
                    assert_eq!(is_met, verdict <= at_most, "seed {seed}: {verdict}, {request:#?}\n{own:#?}");
                }
                n_by_verdict[verdict as usize] += 1;
                n_cases += 1;
            }
        }
        seed += 1;
    }
    println!("{n_cases} cases: {:?}", Verdict::ALL.iter().zip(n_by_verdict).collect::<Vec<_>>());
    assert!(n_by_verdict.iter().all(|n| *n > 100), "{n_by_verdict:?}");
}
