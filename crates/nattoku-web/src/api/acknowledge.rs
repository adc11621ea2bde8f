//! How far a write has gone when it is answered: into the ledger, or to every decision node (G1, G3).

use std::sync::Arc;
use std::time::Instant;

use nattoku_model::Revision;
use nattoku_operations::{FieldError, Fields, LOOK_EVERY, NodeError};
use nattoku_trace::{during_wait, note};

use super::answer::blocking;
use super::problem::Problem;
use crate::Web;

/// What a caller wants to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// That it is in the ledger: every node respects it within the bound.
    Durable,
    /// That every node respects it.
    Enforced,
}

impl Wanted {
    /// What the field `acknowledge` says, if anything.
    pub(crate) fn read(fields: &Fields<'_>) -> Result<Option<Self>, Problem> {
        match fields.text("acknowledge")?.as_deref() {
            None => Ok(None),
            Some("durable") => Ok(Some(Self::Durable)),
            Some("enforced") => Ok(Some(Self::Enforced)),
            Some(_) => {
                Err(FieldError::expected("acknowledge", " durable か enforced", "durable or enforced").into())
            }
        }
    }
}

/// Takes in what was written here, and waits for the other nodes where that is wanted. Tells how far it has gone: `durable` or
/// `enforced`.
pub(crate) async fn acknowledge(web: &Web, revision: Revision, wanted: Wanted) -> &'static str {
    let began = Instant::now();
    let is_enforced = match wanted {
        Wanted::Durable => during_wait("take_in", take_in(web, revision)).await.map(|()| false),
        Wanted::Enforced => during_wait("enforce", enforce(web, revision)).await,
    };
    // What is in the ledger is there, whatever keeps the other nodes from being heard of.
    let is_enforced = is_enforced.unwrap_or_else(|problem| {
        tracing::warn!(
            kind = problem.kind().name(),
            "a write is durable, and it is not known to be enforced"
        );
        false
    });
    if is_enforced {
        web.figures.enforced(began.elapsed());
    }
    let acknowledged = if is_enforced { "enforced" } else { "durable" };
    note("nattoku.revision", || revision.0);
    note("nattoku.acknowledged", || acknowledged);
    acknowledged
}

async fn take_in(web: &Web, revision: Revision) -> Result<(), Problem> {
    let node = Arc::clone(&web.node);
    Ok(blocking(move || node.take_in_to(revision)).await??)
}

/// Waits without keeping a thread from others: a lease of a node that is gone may take its time to run out.
async fn enforce(web: &Web, revision: Revision) -> Result<bool, Problem> {
    let node = Arc::clone(&web.node);
    let mut enforcing = blocking(move || node.enforcing(revision)).await??;
    loop {
        let node = Arc::clone(&web.node);
        let looked = blocking(move || {
            let is_enforced = node.is_enforced(&mut enforcing)?;
            Ok::<_, NodeError>((is_enforced, node.takes_too_long(&enforcing)?, enforcing))
        });
        let (is_enforced, takes_too_long, waits) = looked.await??;
        if is_enforced || takes_too_long {
            return Ok(is_enforced);
        }
        enforcing = waits;
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
