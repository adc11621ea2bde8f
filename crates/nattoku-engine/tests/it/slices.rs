//! An audience out of sets is whom the decision permits, one by one: over the worlds of the comparison with the definition,
//! and after what changed was followed.

use jiff::{SignedDuration, Timestamp};
use nattoku_engine::{Answer, Members, NotNow, Ordinal, Plan, Population, Slices, decide};
use nattoku_model::event::Recorded;
use nattoku_model::{Request, Verdict};
use roaring::RoaringBitmap;

use crate::compare::definition;
use crate::differential::{World, id};
use crate::draw::Draw;
use crate::policies::{all, packs};
use crate::requests::request;

const WORLDS: u64 = 60;
const REQUESTS: usize = 20;

/// Whom the decision permits, asked one by one.
fn one_by_one(plan: &mut Plan<'_>, population: &Population, at: Timestamp) -> Members {
    let mut members = Members::default();
    let mut answer = Answer::default();
    for ordinal in population.ordinals() {
        let set = match decide(plan, population, ordinal, at, &mut answer) {
            Ok(()) if answer.verdict == Verdict::Permit => &mut members.permitted,
            Ok(()) if answer.verdict == Verdict::PermitWithConditions => &mut members.with_conditions,
            Ok(()) => continue,
            Err(NotNow::Finer) => &mut members.open,
            Err(other) => panic!("{other}"),
        };
        set.insert(ordinal.0);
    }
    members
}

/// What was seen of audiences.
#[derive(Debug, Default)]
struct Seen {
    permitted: u64,
    with_conditions: u64,
    open: u64,
    refused: u64,
}

/// Asks for the audience of a request, now and later, and compares.
fn compare(
    world: &World,
    (population, events): (&Population, &[Vec<Recorded>]),
    slices: &mut Slices,
    request: &Request,
    seen: &mut Seen,
) {
    let mut plan = Plan::new(&world.versions, population, request);
    let last = plan.until() - SignedDuration::from_nanos(1);
    for at in [request.at, last.min(request.at + SignedDuration::from_hours(11))] {
        let members = slices.members(&mut plan, population, at, &mut |_| ()).expect("it is now");
        let expected = one_by_one(&mut plan, population, at);
        // Sets need no reasons, so they may know of somebody of whom the decision does not know all.
        assert!(members.open.is_subset(&expected.open), "{at} {request:#?}");
        let known = &expected.open - &members.open;
        assert_eq!(&members.permitted - &known, expected.permitted, "{at} {request:#?}");
        assert_eq!(&members.with_conditions - &known, expected.with_conditions, "{at} {request:#?}");
        for number in known {
            let own = &events[usize::try_from(number).expect("small")];
            let asked = Request { at, ..request.clone() };
            let verdict = definition(&world.versions, own, &world.general, &asked).verdict;
            let is_in = |set: &RoaringBitmap| set.contains(number);
            assert_eq!(is_in(&members.permitted), verdict == Verdict::Permit, "{asked:#?} {own:#?}");
            assert_eq!(is_in(&members.with_conditions), verdict == Verdict::PermitWithConditions);
        }
        seen.permitted += members.permitted.len();
        seen.with_conditions += members.with_conditions.len();
        seen.open += members.open.len();
        let n_all = u64::try_from(population.len()).expect("small");
        seen.refused += n_all - members.len() - members.open.len();
        assert_eq!(members.len(), members.all().len());
    }
}

#[test]
fn an_audience_out_of_sets_is_whom_the_decision_permits() {
    let policies = all();
    let packs = packs(&policies);
    let mut seen = Seen::default();
    for seed in 1..=WORLDS {
        let mut draw = Draw::new(seed);
        let named = if draw.one_in(3) { &policies[0] } else { draw.of(&policies) };
        let world = World::draw(&mut draw, named, &packs);
        let population = world.population();
        let mut slices = Slices::new(&population);
        for _ in 0..REQUESTS {
            let Some(request) = request(&mut draw, &world.versions, world.now) else { continue };
            compare(&world, (&population, &world.principals), &mut slices, &request, &mut seen);
        }
    }
    println!("{seen:?}");
    assert!(seen.permitted > 1_000 && seen.with_conditions > 100 && seen.refused > 1_000, "{seen:?}");
}

#[test]
fn columns_follow_what_changed() {
    let policies = all();
    let mut draw = Draw::new(5);
    let world = World::draw(&mut draw, &policies[0], &packs(&policies));
    let requests: Vec<Request> =
        (0..REQUESTS).filter_map(|_| request(&mut draw, &world.versions, world.now)).collect();
    // First everybody's first events, and one person not at all.
    let half = |(n, events): (usize, &Vec<Recorded>)| match n {
        3 => Vec::new(),
        _ => events[..events.len() / 2].to_vec(),
    };
    let mut events: Vec<Vec<Recorded>> = world.principals.iter().enumerate().map(half).collect();
    let mut population = world.population_of(&events);
    let mut slices = Slices::new(&population);
    let mut seen = Seen::default();
    for request in &requests {
        compare(&world, (&population, &events), &mut slices, request, &mut seen);
    }
    // Then the rest, for some of them.
    let mut changed: Vec<Ordinal> = Vec::new();
    for (n, all) in world.principals.iter().enumerate().filter(|(n, _)| n % 3 == 0) {
        changed.push(population.rebuild(id(n), all).expect("there is room"));
        events[n].clone_from(all);
    }
    slices.follow(&population, &changed);
    for request in &requests {
        compare(&world, (&population, &events), &mut slices, request, &mut seen);
    }
}

#[test]
fn what_was_made_for_one_population_is_worth_nothing_to_a_copy_that_went_on() {
    let policies = all();
    let mut draw = Draw::new(5);
    let world = World::draw(&mut draw, &policies[0], &packs(&policies));
    let population = world.population();
    let mut slices = Slices::new(&population);
    let mut seen = Seen::default();
    let requests: Vec<Request> =
        (0..REQUESTS).filter_map(|_| request(&mut draw, &world.versions, world.now)).collect();
    for request in &requests {
        compare(&world, (&population, &world.principals), &mut slices, request, &mut seen);
    }
    // The copy is told the same people in another order, so the same numbers mean others.
    let mut copy = population.clone();
    let mut turned = world.principals.clone();
    turned.rotate_left(1);
    for (n, events) in turned.iter().enumerate() {
        copy.rebuild(id(n), events).expect("there is room");
    }
    assert_eq!(copy.revision(), population.revision());
    for request in &requests {
        let mut plan = Plan::new(&world.versions, &population, request);
        let mut answer = Answer::default();
        let decided = decide(&mut plan, &copy, Ordinal(0), request.at, &mut answer);
        assert_eq!(decided, Err(NotNow::Stale));
        compare(&world, (&copy, &turned), &mut slices, request, &mut seen);
    }
}
