//! What is kept beside the events, and must be what they give.

use std::collections::BTreeMap;

use super::people::People;
use super::{Recomputed, within};
use crate::append::Head;
use crate::error::StoreError;

/// A row of the table of principals.
pub(crate) struct PrincipalRow<'a> {
    pub(crate) ordinal: i64,
    pub(crate) id: [u8; 16],
    pub(crate) lookup: Option<&'a [u8]>,
    pub(crate) identifier: Option<&'a [u8]>,
}

impl PrincipalRow<'_> {
    /// Holds the row against the keys: the identifier opens, and is what the row is found by; of the erased neither is there.
    pub(crate) fn check(&self, people: &People<'_>) -> Result<(), StoreError> {
        let place = format!("principals, row {}", self.ordinal);
        let wrong = |what: &str| Err(StoreError::Corrupt { what: format!("{place}: {what}") });
        let (lookup, identifier) = match (self.lookup, self.identifier) {
            (None, None) => return Ok(()),
            (Some(lookup), Some(identifier)) => (lookup, identifier),
            _ => return wrong("one of identifier and lookup is there, and the other is not"),
        };
        let opened = people.open(&self.id, Some(identifier)).map_err(|error| within(&place, error))?;
        // Where the keys are gone they are being erased, which the rows of their events tell.
        let Some(person) = opened else { return Ok(()) };
        if lookup != people.keys.lookup(&person.identifier) {
            return wrong("it is found by another identifier than its own");
        }
        Ok(())
    }
}

/// Holds the counts against the number of events of each name.
pub(crate) fn check_counts(
    kept: &BTreeMap<String, u64>,
    counted: &BTreeMap<String, u64>,
) -> Result<(), StoreError> {
    let names = kept.keys().chain(counted.keys());
    let different = names.filter(|name| kept.get(*name) != counted.get(*name)).min();
    let Some(name) = different else { return Ok(()) };
    let of = |counts: &BTreeMap<String, u64>| counts.get(name).copied().unwrap_or_default();
    let (kept, counted) = (of(kept), of(counted));
    Err(StoreError::Corrupt {
        what: format!("counts, `{name}`: {kept} events are counted by name, and there are {counted}"),
    })
}

/// Holds what the head tells beside the tree against the newest row.
pub(crate) fn check_head(head: &Head, recomputed: &Recomputed) -> Result<(), StoreError> {
    if head.epoch >= 1 && head.recorded_at == recomputed.recorded_at() {
        return Ok(());
    }
    let what = if head.epoch < 1 {
        format!("the head has the epoch {}", head.epoch)
    } else {
        "the head tells another time for the newest event than the event itself".to_owned()
    };
    Err(StoreError::Corrupt { what })
}

/// What the table `meta` says of the ledger, by name.
pub(crate) type Meta = BTreeMap<String, Vec<u8>>;

/// Holds the table of what is said once of the whole ledger against what must stand there: its id, which its keys know, and how
/// often somebody was erased. Some of the erased may have arrived so from elsewhere.
pub(crate) fn check_meta(meta: &Meta, ledger: [u8; 16], erased: u64) -> Result<(), StoreError> {
    let wrong =
        |name: &str, what: String| Err(StoreError::Corrupt { what: format!("meta, `{name}`: {what}") });
    let told = |name: &str| meta.get(name).map_or(&[][..], Vec::as_slice);
    if told("ledger_id") != ledger {
        return wrong("ledger_id", "it is not the id of the ledger whose keys these are".to_owned());
    }
    let Ok(erasures) = told("erasures").try_into().map(u64::from_be_bytes) else {
        return wrong("erasures", "it is not eight bytes".to_owned());
    };
    if erasures > erased {
        return wrong("erasures", format!("{erasures} are told, and {erased} principals are erased"));
    }
    match meta.keys().find(|name| *name != "ledger_id" && *name != "erasures") {
        Some(name) => wrong(name, "no ledger has one".to_owned()),
        None => Ok(()),
    }
}

/// Holds the number of principals of whom nothing is left against that of those whose events say so.
pub(crate) fn check_erased(erased: u64, recomputed: &Recomputed) -> Result<(), StoreError> {
    let told = recomputed.found.erased.len();
    if u64::try_from(told) == Ok(erased) {
        return Ok(());
    }
    let what = format!("principals: {erased} of them are erased, and events say so of {told}");
    Err(StoreError::Corrupt { what })
}
