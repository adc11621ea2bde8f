//! What a store does with a ledger that arrives, whichever database it is.

use std::collections::HashMap;

use nattoku_model::Revision;

use super::{KeyParts, PrincipalKeys, WholeEvent, WholeId};
use crate::append::{Head, LookedUp, Made, Medium, Payload, Plan, StoredId};
use crate::error::StoreError;
use crate::event_json::EventError;
use crate::keys::Keyring;
use crate::leaf::{self, Columns, hex};
use crate::record::PrincipalKeysPage;

/// Adds their keys to the principals of a page.
pub(crate) fn with_keys(
    mut page: PrincipalKeysPage,
    keys: &Keyring,
) -> Result<PrincipalKeysPage, StoreError> {
    let ids: Vec<_> = page.principals.iter().map(|principal| principal.id).collect();
    let mut wrapped: HashMap<_, _> = keys.wrapped_principals(&ids)?.into_iter().collect();
    for principal in &mut page.principals {
        principal.keys = wrapped.remove(&principal.id);
    }
    Ok(page)
}

/// Takes keys in as they lay.
pub(crate) fn adopt(
    keys: &Keyring,
    parts: &KeyParts,
    principals: &[PrincipalKeys],
) -> Result<(), StoreError> {
    let with_keys = principals.iter().filter_map(|principal| Some((principal.id, principal.keys.clone()?)));
    keys.adopt(&parts.groups, &with_keys.collect::<Vec<_>>(), &parts.tombstones)
}

/// Takes in the events that come after a revision, by the commit path of [`crate::append`]; those that are there already, since the
/// same ledger is arriving twice at once, are passed over. What stands beside a leaf is read out of it, so that the two cannot
/// differ.
pub(crate) fn take_in(
    medium: &mut dyn Medium,
    after: Revision,
    events: &[WholeEvent],
) -> Result<(), StoreError> {
    let head = medium.begin()?;
    let Some(n_there) = head.frontier.size().checked_sub(after.0) else {
        medium.abandon();
        return Err(StoreError::Corrupt { what: "events that had arrived are gone".to_owned() });
    };
    let n_there = usize::try_from(n_there).unwrap_or(usize::MAX);
    match events.get(n_there..) {
        None | Some([]) => {
            medium.abandon();
            Ok(())
        }
        Some(new) => append(medium, head, n_there, new).inspect_err(|_| medium.abandon()),
    }
}

/// Appends events, of which so many came before.
fn append(
    medium: &mut dyn Medium,
    head: Head,
    n_before: usize,
    events: &[WholeEvent],
) -> Result<(), StoreError> {
    let refused = |index: usize, error: EventError| StoreError::Refused { index: n_before + index, error };
    let read = events.iter().enumerate().map(|(index, event)| {
        leaf::columns(&event.leaf).map_err(|why| refused(index, EventError::no_leaf(&why)))
    });
    let columns: Vec<Columns> = read.collect::<Result<_, _>>()?;
    let mut ids: Vec<_> = columns.iter().filter_map(|columns| columns.principal).collect();
    ids.sort_unstable();
    ids.dedup();
    let there = medium.by_id(&ids)?;
    let there: HashMap<_, _> = there.into_iter().map(|(id, ordinal, _)| (id, ordinal)).collect();
    let first = head.frontier.size() + 1;
    let stored: Vec<_> = (first..).zip(events).map(|(revision, event)| stored_id(revision, event)).collect();
    let mut plan = Plan::new(head, LookedUp::default());
    for (index, ((event, columns), id)) in events.iter().zip(&columns).zip(&stored).enumerate() {
        let principal = match columns.principal {
            None => None,
            Some(id) => match there.get(&id) {
                Some(ordinal) => Some((*ordinal, id)),
                None => return Err(refused(index, EventError::not_arrived())),
            },
        };
        plan.add_leaf(
            id,
            Made {
                name: &columns.name,
                principal,
                at: columns.at.as_microsecond(),
                recorded_at: columns.recorded_at.as_microsecond(),
                leaf: event.leaf.clone(),
                payload: event.payload.as_deref().map(Payload::Sealed),
            },
        )?;
    }
    let Err(error) = medium.commit(&plan) else { return Ok(()) };
    // A database takes no two events of one id. Which they are is looked up only where it says so.
    medium.abandon();
    if medium.begin()?.frontier.size() + 1 == first {
        check_ids(medium, first, n_before, &stored)?;
    }
    Err(error)
}

/// Refuses an event with the id of one before it.
fn check_ids(
    medium: &mut dyn Medium,
    first: u64,
    n_before: usize,
    ids: &[StoredId],
) -> Result<(), StoreError> {
    let (found, _) = medium.find(&ids.iter().collect::<Vec<_>>(), &[])?;
    let mut among = HashMap::new();
    for (index, (revision, id)) in (first..).zip(ids).enumerate() {
        let before = found.get(id).map(|there| there.revision).or_else(|| among.insert(id, revision));
        if let Some(revision) = before {
            return Err(StoreError::Conflict { index: n_before + index, id: shown(id), revision });
        }
    }
    Ok(())
}

fn shown(id: &StoredId) -> String {
    match id {
        StoredId::Given(id) => id.clone(),
        StoredId::Derived(id) => hex(id),
        StoredId::Erased(revision) => revision.to_string(),
    }
}

fn stored_id(revision: u64, event: &WholeEvent) -> StoredId {
    match &event.id {
        WholeId::Given(id) => StoredId::Given(id.clone()),
        WholeId::Derived(id) => StoredId::Derived(*id),
        WholeId::None => StoredId::Erased(revision),
    }
}
