//! How far a write has gone when it is answered: into the ledger, or to every decision node (G1, G3).

use std::sync::Arc;
use std::time::{Duration, Instant};

use nattoku_model::Revision;
use nattoku_operations::{FieldError, Fields};

use super::answer::blocking;
use super::problem::Problem;
use crate::Web;

/// How long a write waits for every node beyond the time after which no lease of before is left.
const MARGIN: Duration = Duration::from_millis(500);

/// What a caller wants to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// That it is in the ledger: every node respects it within the bound.
    Durable,
    /// That every node respects it.
    Enforced,
}

/// How far it has gone.
pub(crate) struct Acknowledgement {
    /// `durable` or `enforced`.
    pub(crate) level: &'static str,
}

impl Wanted {
    /// What the field `acknowledge` says, or what is usual.
    pub(crate) fn read(fields: &Fields<'_>, usual: Self) -> Result<Self, Problem> {
        match fields.text("acknowledge")?.as_deref() {
            None => Ok(usual),
            Some("durable") => Ok(Self::Durable),
            Some("enforced") => Ok(Self::Enforced),
            Some(_) => {
                Err(FieldError::expected("acknowledge", " durable か enforced", "durable or enforced").into())
            }
        }
    }
}

/// Takes in what was written here, and waits for the other nodes where that is wanted.
pub(crate) async fn acknowledge(
    web: &Web,
    revision: Revision,
    wanted: Wanted,
) -> Result<Acknowledgement, Problem> {
    let node = Arc::clone(&web.node);
    let began = Instant::now();
    let enforced = blocking(move || match wanted {
        Wanted::Durable => node.take_in().map(|()| false),
        Wanted::Enforced => node.enforce(revision, node.terms().bound() + MARGIN),
    })
    .await?;
    // What is in the ledger is there, whatever keeps the other nodes from being heard of.
    let is_enforced = enforced.unwrap_or_else(|error| {
        tracing::warn!(%error, "a write is durable, and it is not known to be enforced");
        false
    });
    if is_enforced {
        web.figures.enforced(began.elapsed());
    }
    Ok(Acknowledgement { level: if is_enforced { "enforced" } else { "durable" } })
}
