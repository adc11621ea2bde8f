//! What a store does with a ledger that arrives, whichever database it is.

use std::collections::HashMap;

use super::{KeyParts, PrincipalKeys, WholeEvent, WholeId};
use crate::append::{LookedUp, Made, Medium, Payload, Plan, StoredId};
use crate::error::StoreError;
use crate::keys::Keyring;
use crate::leaf::{self, Columns};
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

/// Takes events in behind those that are there, by the commit path of [`crate::append`]. What stands beside a leaf is read out of
/// it, so that the two cannot differ.
pub(crate) fn take_in(medium: &mut dyn Medium, events: &[WholeEvent]) -> Result<(), StoreError> {
    let head = medium.begin()?;
    let first = head.frontier.size() + 1;
    let wrong =
        |revision: u64, why: &str| StoreError::Corrupt { what: format!("revision {revision}: {why}") };
    let read = (first..)
        .zip(events)
        .map(|(revision, event)| leaf::columns(&event.leaf).map_err(|why| wrong(revision, &why)));
    let columns: Vec<Columns> = read.collect::<Result<_, _>>().inspect_err(|_| medium.abandon())?;
    let mut ids: Vec<_> = columns.iter().filter_map(|columns| columns.principal).collect();
    ids.sort_unstable();
    ids.dedup();
    let there = medium.by_id(&ids).inspect_err(|_| medium.abandon())?;
    let there: HashMap<_, _> = there.into_iter().map(|(id, ordinal, _)| (id, ordinal)).collect();
    let stored: Vec<_> = (first..).zip(events).map(|(revision, event)| stored_id(revision, event)).collect();
    let known = HashMap::new();
    let mut plan = Plan::new(head, &known, LookedUp::default());
    for ((event, columns), id) in events.iter().zip(&columns).zip(&stored) {
        let principal = columns.principal.map(|id| (there.get(&id).copied(), id));
        let principal = match principal {
            None => None,
            Some((Some(ordinal), id)) => Some((ordinal, id)),
            Some((None, _)) => {
                let revision = plan.head.frontier.size() + 1;
                medium.abandon();
                return Err(wrong(revision, "it is about somebody who has not arrived"));
            }
        };
        plan.add_leaf(
            id,
            Made {
                name: &columns.name,
                principal,
                at: columns.at.as_microsecond(),
                recorded_at: columns.recorded_at.as_microsecond(),
                leaf: event.leaf.clone(),
                payload: event.payload.clone().map(Payload::Sealed),
            },
        )?;
    }
    medium.commit(&plan).inspect_err(|_| medium.abandon())
}

fn stored_id(revision: u64, event: &WholeEvent) -> StoredId {
    match &event.id {
        WholeId::Given(id) => StoredId::Given(id.clone()),
        WholeId::Derived(id) => StoredId::Derived(*id),
        WholeId::None => StoredId::Erased(revision),
    }
}
