//! How far a write has gone when it is answered: into the ledger, or to every decision node (G1, G3).

use std::sync::Arc;
use std::time::Instant;

use nattoku_model::Revision;
use nattoku_operations::{Enforcing, FieldError, Fields, LOOK_EVERY, Node, NodeError};
use nattoku_trace::{during, during_wait, note};

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

/// What is waited for once something is durable.
pub(crate) struct Begun {
    revision: Revision,
    began: Instant,
    /// Nothing where it need not be enforced.
    enforcing: Result<Option<Enforcing>, NodeError>,
}

/// Takes in what was written here, and tells the other nodes where those are to be waited for. May wait for the ledger.
pub(crate) fn begin(node: &Node, revision: Revision, wanted: Wanted) -> Begun {
    let began = Instant::now();
    let enforcing = during("take_in", || match wanted {
        Wanted::Durable => node.take_in_to(revision).map(|()| None),
        Wanted::Enforced => node.enforcing(revision).map(Some),
    });
    Begun { revision, began, enforcing }
}

/// Waits for the other nodes where that is wanted. Tells how far it has gone: `durable` or `enforced`.
pub(crate) async fn acknowledge(web: &Web, begun: Begun) -> &'static str {
    let Begun { revision, began, enforcing } = begun;
    let is_enforced = match enforcing {
        Ok(None) => Ok(false),
        Ok(Some(enforcing)) => during_wait("enforce", enforce(web, enforcing)).await,
        Err(error) => Err(error.into()),
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

/// Waits without keeping a thread from others: a lease of a node that is gone may take its time to run out.
async fn enforce(web: &Web, mut enforcing: Enforcing) -> Result<bool, Problem> {
    loop {
        let node = Arc::clone(&web.node);
        let looked = blocking(web, move || {
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
