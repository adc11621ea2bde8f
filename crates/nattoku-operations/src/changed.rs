//! Who has changed since a revision: for whoever took a list then, and is about to use it (G1 covers no long job).

use std::collections::{BTreeSet, HashMap};

use nattoku_model::Revision;

use crate::error::OperationError;
use crate::nattoku::Nattoku;

/// Events read at once.
const PAGE: u32 = 4_096;

/// Who has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Those of the principals asked about to whom something has happened since, or who are not in the ledger any more.
    pub principals: BTreeSet<String>,
    /// Whether something has happened that concerns everybody: then all are to be asked about anew.
    pub everybody: bool,
    /// The revision up to which was looked.
    pub revision: Revision,
}

impl Nattoku {
    /// To whom of some principals something has happened since a revision.
    ///
    /// # Errors
    /// The ledger stands before that revision, or cannot be read.
    pub fn changed_since(&self, since: Revision, principals: &[String]) -> Result<Changed, OperationError> {
        let revision = self.store.revision()?;
        if since > revision {
            return Err(OperationError::Behind { have: revision.0, want: since.0 });
        }
        let mut changed = Changed { principals: BTreeSet::new(), everybody: false, revision };
        let mut asked: HashMap<[u8; 16], &str> = HashMap::new();
        for principal in principals {
            match self.store.principal_id(principal)? {
                Some(id) => drop(asked.insert(id, principal)),
                // Erased, or never heard of: nobody about whom an earlier answer still holds.
                None => drop(changed.principals.insert(principal.clone())),
            }
        }
        let mut after = since;
        loop {
            let page = self.store.events_after(after, revision, PAGE)?;
            let Some(last) = page.last() else { return Ok(changed) };
            after = last.recorded.revision;
            for event in &page {
                match event.principal {
                    None => changed.everybody = true,
                    Some(id) => changed.principals.extend(asked.get(&id).map(|&name| name.to_owned())),
                }
            }
        }
    }
}
