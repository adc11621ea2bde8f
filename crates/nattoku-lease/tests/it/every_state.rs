//! Every state of a small world is visited: the promises hold in each, and are broken in some when any one step of the
//! protocol is done otherwise.

use std::collections::BTreeSet;

use stateright::{Checker as _, HasDiscoveries, Model, Property};

use self::state::{Clock, State};
use self::world::{Broken, Limits, Promise, Step, World};

mod state;
mod world;

const BOUNDED: &str = "G1: what is durable is respected from S on";
const ENFORCED: &str = "G3: what is enforced is respected";
const PERMITS: &str = "a permit can be sent";
const WITHDRAWS: &str = "a withdrawal can be enforced";

impl Model for World {
    type State = State;
    type Action = Step;

    fn init_states(&self) -> Vec<State> {
        vec![self.start()]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Step>) {
        self.steps(state, actions);
    }

    fn next_state(&self, state: &State, step: Step) -> Option<State> {
        Some(self.after(state, step))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(BOUNDED, |world: &World, state| !world.breaks(state, Promise::Bounded)),
            Property::always(ENFORCED, |world: &World, state| !world.breaks(state, Promise::Enforced)),
            Property::sometimes(PERMITS, World::permits),
            Property::sometimes(WITHDRAWS, |_, state: &State| state.has_enforced()),
        ]
    }
}

const DRIFTING: &[Clock] = &[Clock::Steady, Clock::Behind];

/// A node that asks twice.
fn asks_twice(broken: Broken) -> World {
    let node = Limits { asks: 2, lives: 1, delays: true, ends: false, clock: DRIFTING };
    World { broken, ticks: 5, withdrawals: 1, nodes: vec![node] }
}

/// A node that ends or crashes, and starts again.
fn starts_again(broken: Broken) -> World {
    let node = Limits { asks: 1, lives: 2, delays: true, ends: true, clock: DRIFTING };
    World { broken, ticks: 4, withdrawals: 1, nodes: vec![node] }
}

/// A node that may have applied one withdrawal and not yet the other, and whose clock strays both ways.
fn two_withdrawals(broken: Broken) -> World {
    let clock = &[Clock::Steady, Clock::Behind, Clock::Gained];
    let node = Limits { asks: 1, lives: 1, delays: true, ends: false, clock };
    World { broken, ticks: 4, withdrawals: 2, nodes: vec![node] }
}

/// Two nodes. What the second sends arrives at once: it stands for whoever else has a row.
fn two_nodes(broken: Broken) -> World {
    let first = Limits { asks: 1, lives: 1, delays: true, ends: false, clock: DRIFTING };
    let second = Limits { asks: 1, lives: 1, delays: false, ends: true, clock: &[Clock::Steady] };
    World { broken, ticks: 4, withdrawals: 1, nodes: vec![first, second] }
}

/// Visits the states until both promises are found broken, or all of them. Says of which properties a state was found
/// that breaks or shows them, and prints a way to each breach.
fn visit(world: World) -> BTreeSet<&'static str> {
    let broken = world.broken;
    let promises = BTreeSet::from([BOUNDED, ENFORCED]);
    let checker = world.checker().finish_when(HasDiscoveries::AllOf(promises.clone())).spawn_bfs().join();
    let found = checker.discoveries();
    println!("{broken:?}: {} states", checker.unique_state_count());
    for (promise, path) in found.iter().filter(|(name, _)| promises.contains(*name)) {
        println!("{promise}: {:#?}", path.clone().into_actions());
    }
    found.into_keys().collect()
}

fn assert_kept(world: World) {
    assert_eq!(visit(world), BTreeSet::from([PERMITS, WITHDRAWS]));
}

fn assert_broken(world: World, promises: &[&'static str]) {
    let found: BTreeSet<_> =
        visit(world).into_iter().filter(|name| [BOUNDED, ENFORCED].contains(name)).collect();
    assert_eq!(found, promises.iter().copied().collect());
}

#[test]
fn the_promises_hold_for_a_node_that_asks_twice() {
    assert_kept(asks_twice(Broken::No));
}

#[test]
fn the_promises_hold_for_a_node_that_starts_again() {
    assert_kept(starts_again(Broken::No));
}

#[test]
fn the_promises_hold_for_two_withdrawals() {
    assert_kept(two_withdrawals(Broken::No));
}

#[test]
fn the_promises_hold_for_two_nodes() {
    assert_kept(two_nodes(Broken::No));
}

#[test]
fn checking_only_before_evaluating_breaks_both() {
    assert_broken(asks_twice(Broken::CheckedBeforeEvaluating), &[BOUNDED, ENFORCED]);
}

#[test]
fn sending_under_a_lease_that_came_later_breaks_both() {
    assert_broken(asks_twice(Broken::AnyLease), &[BOUNDED, ENFORCED]);
}

#[test]
fn sending_without_looking_at_the_clock_breaks_both() {
    assert_broken(asks_twice(Broken::NeverStale), &[BOUNDED, ENFORCED]);
}

#[test]
fn counting_from_the_answer_breaks_both() {
    assert_broken(asks_twice(Broken::FromTheAnswer), &[BOUNDED, ENFORCED]);
}

#[test]
fn reading_the_head_before_registering_breaks_what_is_enforced() {
    assert_broken(asks_twice(Broken::HeadFirst), &[ENFORCED]);
}

#[test]
fn registering_without_the_drift_breaks_what_is_enforced() {
    assert_broken(asks_twice(Broken::NoDrift), &[ENFORCED]);
}

#[test]
fn starting_again_under_the_same_id_breaks_what_is_enforced() {
    assert_broken(starts_again(Broken::SameId), &[ENFORCED]);
}
