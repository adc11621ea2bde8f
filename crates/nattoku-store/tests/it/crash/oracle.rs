//! What victims have told, and what a ledger must hold because of it.

use std::collections::{BTreeMap, BTreeSet};

use nattoku_store::{NewEvent, Store, StoreError};

use super::line::line;
use crate::support::now;

/// What victims have told.
#[derive(Default, Clone)]
pub(crate) struct Oracle {
    /// Every batch that was sent, with the number of its events.
    sent: BTreeMap<String, usize>,
    /// The revision of the first event of every batch that was answered.
    pub(crate) answered: BTreeMap<String, u64>,
    /// The batches that were told to be not stored.
    pub(crate) not_stored: BTreeSet<String>,
    /// The batches of which it was told that this is not known.
    pub(crate) uncertain: BTreeSet<String>,
    pub(crate) refused: usize,
    /// The batches whose only principal was to be erased.
    erasing: BTreeSet<String>,
    /// Those of them whose erasure was answered.
    pub(crate) erased: BTreeSet<String>,
}

/// The batches that are in a ledger, with the numbers and revisions of their events.
type There = BTreeMap<String, Vec<(usize, u64)>>;

impl Oracle {
    pub(crate) fn hear(&mut self, line: &str) {
        let words: Vec<&str> = line.splitn(4, ' ').collect();
        match words.as_slice() {
            ["try", id, n_events] => {
                self.sent.insert((*id).to_owned(), n_events.parse().unwrap());
            }
            ["ok", id, _, revision] => {
                self.answered.insert((*id).to_owned(), revision.parse().unwrap());
            }
            ["erase", id] => {
                self.erasing.insert((*id).to_owned());
            }
            ["erased", id] => {
                self.erased.insert((*id).to_owned());
            }
            ["err", id, _, message] => {
                assert!(
                    message.contains(';') || message.contains("a test has it fail"),
                    "no remedy: {message}"
                );
                let told = if message.contains("it is not known whether") {
                    &mut self.uncertain
                } else {
                    &mut self.not_stored
                };
                told.insert((*id).to_owned());
                self.refused += 1;
            }
            // A line that was cut by the kill.
            _ => {}
        }
    }

    /// Holds a ledger against what victims were told.
    pub(crate) fn hold(&self, store: &dyn Store) -> Result<(), String> {
        store.verify().map_err(|error| format!("the check: {error}"))?;
        let there = there(store)?;
        for (batch, events) in &there {
            let n_sent =
                *self.sent.get(batch).ok_or_else(|| format!("{batch} is there, and nobody sent it"))?;
            let first = events.first().map_or(0, |(_, revision)| *revision);
            let wanted: Vec<_> = (0..n_sent).map(|n| (n, first + u64::try_from(n).unwrap())).collect();
            if *events != wanted {
                return Err(format!("{batch} is there in part: {events:?} of {n_sent}"));
            }
        }
        for (batch, revision) in &self.answered {
            let found = there.get(batch).and_then(|events| events.first());
            match found {
                Some((_, at)) if at == revision => {}
                Some((_, at)) => {
                    return Err(format!("{batch} was answered with revision {revision}, and is at {at}"));
                }
                None if self.erasing.contains(batch) => {}
                None => {
                    return Err(format!("{batch} was answered with revision {revision}, and is not there"));
                }
            }
        }
        for batch in &self.erased {
            let found = store.principal_id(batch).map_err(|error| error.to_string())?;
            if found.is_some() || there.contains_key(batch) {
                return Err(format!("{batch} was erased, and is there"));
            }
        }
        Ok(())
    }

    /// Holds that nothing is there of which a sender was told that it is not. Only where no batch is sent twice, and no append is
    /// had to fail after its commit.
    pub(crate) fn hold_refusals(&self, store: &dyn Store) -> Result<(), String> {
        let there = there(store)?;
        match self.not_stored.iter().find(|batch| there.contains_key(*batch)) {
            Some(batch) => Err(format!("{batch} was told to be not stored, and is there")),
            None => Ok(()),
        }
    }

    /// Sends again what was not answered: then all of it is there, once.
    pub(crate) fn send_again(&self, store: &dyn Store) {
        let open = self.sent.iter().filter(|(batch, _)| !self.answered.contains_key(*batch));
        for (batch, n_events) in open {
            store.append(&events_of(batch, *n_events), now(), false).unwrap();
        }
        let n_events: usize = self.sent.values().sum();
        assert_eq!(store.verify().unwrap().events, u64::try_from(n_events).unwrap());
    }
}

/// The events of a batch as the victim sends them.
pub(crate) fn events_of(batch: &str, n_events: usize) -> Vec<NewEvent> {
    (0..n_events).map(|n| NewEvent::from_line(line(batch, n).as_bytes()).unwrap()).collect()
}

fn there(store: &dyn Store) -> Result<There, String> {
    let mut there = There::new();
    let mut ids = BTreeSet::new();
    let mut twice = None;
    let read = store.export(|line| {
        let id = line.id.unwrap().0;
        let (batch, number) = id.rsplit_once('.').unwrap();
        let at = (number.parse().unwrap(), line.recorded.revision.0);
        there.entry(batch.to_owned()).or_default().push(at);
        if !ids.insert(id.clone()) {
            twice = Some(id);
        }
        Ok::<_, StoreError>(())
    });
    read.map_err(|error| format!("the export: {error}"))?;
    twice.map_or(Ok(there), |id| Err(format!("{id} is there twice")))
}
