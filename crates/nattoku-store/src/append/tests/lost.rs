//! A commit whose answer is lost.

use super::{now, published};
use crate::append::faulty::{Faulty, commit_and_lose, lost};
use crate::append::run::Runner;
use crate::append::{Medium, Plan, Request};
use crate::error::StoreError;
use crate::random::SeededRandomness;
use crate::record::Appended;
use crate::worlds::{Promise, World, in_databases, in_files};

const PROMISES: &[Promise] = &[
    one_that_has_come_about_is_answered,
    others_may_have_appended_since,
    one_that_has_not_come_about_is_not_taken_for_one_by_its_last_event,
    where_nobody_can_look_the_outcome_is_told_to_be_unknown,
];

#[test]
fn a_commit_whose_answer_is_lost_is_looked_up_in_a_file() {
    in_files(PROMISES);
}

#[test]
fn a_commit_whose_answer_is_lost_is_looked_up_in_a_database() {
    in_databases(PROMISES);
}

/// Has a medium append the two events `a` and `b`.
fn append(
    world: &World,
    faults: impl FnOnce(Faulty<dyn Medium>) -> Faulty<dyn Medium>,
) -> Result<Vec<Appended>, StoreError> {
    let (medium, keys) = world.medium();
    let medium = faults(Faulty::new(medium));
    let mut runner = Runner::new(Box::new(medium), Box::new(SeededRandomness::new(3)));
    let events = [published("a"), published("b")];
    let request = Request::new(&keys.event_id_key(), &events, now(), false).unwrap();
    runner.run(&[request])?.remove(0)
}

fn one_that_has_come_about_is_answered(world: &World) {
    let appended = append(world, |medium| medium.first_commit(commit_and_lose)).unwrap();
    assert_eq!(appended.iter().map(|appended| appended.revision.0).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(world.store().verify().unwrap().events, 2);
}

fn others_may_have_appended_since(world: &World) {
    let other = world.store();
    let commit = move |medium: &mut (dyn Medium + 'static), plan: &Plan<'_>| {
        let lost = commit_and_lose(medium, plan);
        other.append(&[published("c")], now(), false).unwrap();
        lost
    };
    append(world, |medium| medium.first_commit(commit)).unwrap();
    assert_eq!(world.store().verify().unwrap().events, 3);
}

/// Its last event stands at the revision that was planned for it, by somebody else's hand; its first does not stand at all.
fn one_that_has_not_come_about_is_not_taken_for_one_by_its_last_event(world: &World) {
    let other = world.store();
    let commit = move |medium: &mut (dyn Medium + 'static), _: &Plan<'_>| {
        medium.break_off();
        for publication in ["c", "b", "d"] {
            other.append(&[published(publication)], now(), false).unwrap();
        }
        Err(lost())
    };
    let refused = append(world, |medium| medium.first_commit(commit));
    assert!(matches!(refused, Err(StoreError::Unavailable { .. })), "{refused:?}");
    assert_eq!(world.store().verify().unwrap().events, 3);
}

fn where_nobody_can_look_the_outcome_is_told_to_be_unknown(world: &World) {
    let told = append(world, |medium| medium.first_commit(commit_and_lose).away(1));
    assert!(matches!(told, Err(StoreError::Uncertain { .. })), "{told:?}");
    assert_eq!(world.store().verify().unwrap().events, 2);
}
