//! A commit, and what is done where it is not answered.

use std::cmp::Ordering;

use super::{Medium, Plan};
use crate::error::StoreError;

/// Commits a plan. An error means that nothing of it is stored, unless it is [`StoreError::Uncertain`].
pub(crate) fn commit(medium: &mut dyn Medium, plan: &Plan<'_>) -> Result<(), StoreError> {
    let Err(error) = medium.commit(plan) else { return Ok(()) };
    medium.abandon();
    // Whoever has been superseded has moved nothing. Otherwise the answer may have been lost after the commit came about.
    if matches!(error, StoreError::Superseded) {
        return Err(error);
    }
    match is_committed(medium, plan) {
        Ok(true) => Ok(()),
        Ok(false) => Err(error),
        Err(unknown) => Err(StoreError::Uncertain { source: format!("{error}; {unknown}").into() }),
    }
}

/// Whether a commit that gave an error has come about all the same: steps 2 and 3 once more. The plan is there where the tree has
/// the plan's leaves at the plan's revisions; others may have appended since.
fn is_committed(medium: &mut dyn Medium, plan: &Plan<'_>) -> Result<bool, StoreError> {
    let stands = stands(medium, plan);
    medium.abandon();
    stands
}

fn stands(medium: &mut dyn Medium, plan: &Plan<'_>) -> Result<bool, StoreError> {
    let (there, planned) = (medium.begin()?.frontier, &plan.head.frontier);
    match there.size().cmp(&planned.size()) {
        Ordering::Less => Ok(false),
        Ordering::Equal => Ok(there == *planned),
        Ordering::Greater => {
            let hashes = medium.leaf_hashes(plan.size_before + 1, planned.size())?;
            let planned = plan.events.iter().map(|row| row.hash.0.as_slice());
            Ok(hashes.iter().map(Vec::as_slice).eq(planned))
        }
    }
}
