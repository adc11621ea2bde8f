//! Erases principals: what is personal from the ledger, then the keys, whichever database either lies in.
//!
//! Step by step, with what a crash leaves:
//!
//! 1. One transaction of the ledger appends the event `erased_live`, deletes the payloads, and nulls identifier and lookup: the
//!    commit path of [`crate::append`]. *A crash before its commit leaves everything as it was; whether one whose answer was lost
//!    has come about is looked up.*
//! 2. One transaction of the keys deletes those of the principal and puts a tombstone. *A crash before it leaves keys that open
//!    nothing that is left; the next opening goes on from here, by [`reapply`].*
//! 3. Both logs are emptied, on disk, where there are any that can be. *A crash before it leaves deleted bytes in the logs; whoever
//!    is the last to close the file empties them.*
//!
//! In the second step the keys are rotated first and the events appended after, so that an event never says what is not so.

use std::collections::{BTreeSet, HashMap};

use nattoku_seal::Group;

use crate::append::{Head, LookedUp, Made, Medium, Plan, StoredId, commit};
use crate::decode::instant;
use crate::error::StoreError;
use crate::keys::{Keyring, Tombstone};
use crate::leaf::{self, ERASED_EVERYWHERE, ERASED_LIVE};
use crate::record::{Appended, Erased, ErasedEverywhere};

/// Erases a principal from all that is in use; nothing where no event is about such a one.
pub(crate) fn live(
    medium: &mut dyn Medium,
    keys: &Keyring,
    identifier: &str,
    now: i64,
) -> Result<Option<Erased>, StoreError> {
    let head = medium.begin()?;
    let found = medium.principals(&[identifier]).inspect_err(|_| medium.abandon())?;
    let Some((_, known)) = found.into_iter().next() else {
        medium.abandon();
        // An erasure that could not be looked up may have come about: whoever asks again has it gone on with.
        reapply(medium, keys)?;
        return Ok(None);
    };
    let id = known.principal.id;
    let event = one(medium, head, &id, known.ordinal, now)?;
    keys.bury(&[(id, event.recorded_at.as_microsecond())])?;
    let logs_are_empty = medium.empty_log()? & keys.empty_log()?;
    Ok(Some(Erased { id, event, logs_are_empty }))
}

/// Erases from every copy all who are erased from what is in use.
pub(crate) fn everywhere(
    medium: &mut dyn Medium,
    keys: &Keyring,
    now: i64,
) -> Result<ErasedEverywhere, StoreError> {
    reapply(medium, keys)?;
    let waiting = |stone: Tombstone| stone.everywhere_at.is_none().then_some(stone.id);
    let waiting: Vec<_> = keys.tombstones()?.into_iter().filter_map(waiting).collect();
    if waiting.is_empty() {
        return Ok(ErasedEverywhere { principals: Vec::new(), rotated: None });
    }
    let groups: BTreeSet<Group> = waiting.iter().map(Group::of).collect();
    let rotated = keys.rotate(&groups)?;
    let head = medium.begin()?;
    // A ledger that was restored may never have heard of some.
    let there = medium.by_id(&waiting).inspect_err(|_| medium.abandon())?;
    let there: Vec<_> = there.into_iter().map(|(id, ordinal, _)| (id, ordinal)).collect();
    let events = if there.is_empty() {
        medium.abandon();
        Vec::new()
    } else {
        mark(medium, head, ERASED_EVERYWHERE, &there, now, &[])?
    };
    let principals = there.iter().map(|(id, _)| *id).zip(events).collect();
    keys.bury_everywhere(&waiting, now)?;
    keys.empty_log()?;
    Ok(ErasedEverywhere { principals, rotated: Some(rotated) })
}

/// Holds the ledger and its keys against each other, and does what an erasure that broke off, or that a restore of either
/// undid, left to do. A date is not asked for: tombstones and events have it.
pub(crate) fn reapply(medium: &mut dyn Medium, keys: &Keyring) -> Result<(), StoreError> {
    let tombstones = keys.tombstones()?;
    let dates: HashMap<[u8; 16], i64> = tombstones.iter().map(|stone| (stone.id, stone.live_at)).collect();
    let ids: Vec<_> = tombstones.iter().map(|stone| stone.id).collect();
    let undone = |medium: &mut dyn Medium| -> Result<Vec<([u8; 16], i64)>, StoreError> {
        let there = if ids.is_empty() { Vec::new() } else { medium.by_id(&ids)? };
        let undone = there.into_iter().filter(|(_, _, is_erased)| !is_erased);
        Ok(undone.map(|(id, ordinal, _)| (id, ordinal)).collect())
    };
    let n_undone = undone(medium)?.len();
    for _ in 0..n_undone {
        let head = medium.begin()?;
        // Somebody else may be doing the same.
        let next = undone(medium).inspect_err(|_| medium.abandon())?.into_iter().next();
        let Some((id, ordinal)) = next else {
            medium.abandon();
            break;
        };
        one(medium, head, &id, ordinal, dates.get(&id).copied().unwrap_or_default())?;
    }
    if n_undone > 0 {
        medium.empty_log()?;
    }
    let erased = medium.erased()?;
    let unburied: Vec<_> = erased.into_iter().filter(|(id, _)| !dates.contains_key(id)).collect();
    if !unburied.is_empty() {
        keys.bury(&unburied)?;
        keys.empty_log()?;
    }
    Ok(())
}

/// Takes what is personal of a principal out of the ledger, and says so by an event.
fn one(
    medium: &mut dyn Medium,
    head: Head,
    id: &[u8; 16],
    ordinal: i64,
    now: i64,
) -> Result<Appended, StoreError> {
    let events = mark(medium, head, ERASED_LIVE, &[(*id, ordinal)], now, &[ordinal])?;
    events.into_iter().next().ok_or(StoreError::Changed)
}

/// Appends events of principals' erasure, with what else is to be done in the same transaction.
fn mark(
    medium: &mut dyn Medium,
    head: Head,
    name: &str,
    principals: &[([u8; 16], i64)],
    now: i64,
    erased: &[i64],
) -> Result<Vec<Appended>, StoreError> {
    let first = head.frontier.size() + 1;
    let ids: Vec<_> = (first..).take(principals.len()).map(StoredId::Erased).collect();
    let recorded_at = head.recorded_at.map_or(now, |newest| newest.max(now));
    let mut plan = Plan::new(head, LookedUp::default());
    plan.erased.extend_from_slice(erased);
    let planned = principals.iter().zip(&ids).map(|((id, ordinal), stored)| {
        let leaf = leaf::erasure(name, id, instant(now)?, instant(recorded_at)?);
        let principal = Some((*ordinal, *id));
        plan.add_leaf(stored, Made { name, principal, at: now, recorded_at, leaf, payload: None })
    });
    let events = planned.collect::<Result<Vec<_>, _>>().inspect_err(|_| medium.abandon())?;
    commit(medium, &plan)?;
    Ok(events)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::append::faulty::{Faulty, commit_and_lose};
    use crate::event_json::NewEvent;
    use crate::store::Store;
    use crate::worlds::{Promise, World, in_databases, in_files};

    const PROMISES: &[Promise] = &[
        one_that_has_come_about_is_gone_on_with,
        one_of_which_nobody_knows_is_gone_on_with_when_it_is_asked_for_again,
    ];

    #[test]
    fn an_erasure_whose_answer_was_lost_is_gone_on_with_in_a_file() {
        in_files(PROMISES);
    }

    #[test]
    fn an_erasure_whose_answer_was_lost_is_gone_on_with_in_a_database() {
        in_databases(PROMISES);
    }

    fn now() -> Timestamp {
        "2026-04-01T00:00:00Z".parse().unwrap()
    }

    /// Has somebody erased by a commit whose answer is lost; after it the ledger cannot be looked at so many times.
    fn erased_unanswered(
        world: &World,
        away: usize,
        check: impl FnOnce(&dyn Store, Result<Option<Erased>, StoreError>),
    ) {
        let store = world.store();
        let line = br#"{"event":"data_erased","principal":"p1","at":"2020-01-05T00:00:00Z","category":"a"}"#;
        store.append(&[NewEvent::from_line(line).unwrap()], now(), false).unwrap();
        let (medium, keys) = world.medium();
        let mut medium = Faulty::new(medium).first_commit(commit_and_lose).away(away);
        check(store.as_ref(), live(&mut medium, &keys, "p1", now().as_microsecond()));
        let stats = store.verify().unwrap();
        assert_eq!((stats.events_by_name["erased_live"], stats.principals), (1, 0));
    }

    fn one_that_has_come_about_is_gone_on_with(world: &World) {
        erased_unanswered(world, 0, |store, told| {
            assert_eq!(told.unwrap().unwrap().event.revision.0, 2);
            assert_eq!(store.keys().unwrap().principals, 0);
        });
    }

    fn one_of_which_nobody_knows_is_gone_on_with_when_it_is_asked_for_again(world: &World) {
        erased_unanswered(world, 1, |store, told| {
            assert!(matches!(told, Err(StoreError::Uncertain { .. })), "{told:?}");
            assert_eq!(store.keys().unwrap().principals, 1, "whose keys are still there");
            assert_eq!(store.erase("p1", now()).unwrap(), None);
            assert_eq!(store.keys().unwrap().principals, 0);
        });
    }
}
