//! A store that counts what is read of it, and one of whose reads can be made to fail. What is read is that of the store within.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;
use nattoku_ledger::{Hash, Tree};
use nattoku_model::{Recorded, Revision};
use nattoku_store::transfer::{Identity, KeyParts, PrincipalKeys, WholeEvent};
use nattoku_store::{
    Appended, Copied, Decide, Erased, ErasedEverywhere, EventId, ExportLine, IdentifiersPage, KeyStats,
    Listening, NewEvent, NewerEvent, News, NodeRange, OpenedLeaf, PageMark, PrincipalKeysPage, PrincipalView,
    PrincipalsPage, Rotated, Stats, Store, StoreError,
};

/// What is noted of the reads of a store.
#[derive(Debug, Clone, Default)]
pub(crate) struct Watch(Arc<Noted>);

#[derive(Debug, Default)]
struct Noted {
    reads: AtomicUsize,
    /// Reads of all that is known of a principal.
    histories: AtomicUsize,
    /// Writes that were begun.
    appends: AtomicUsize,
    /// After how many reads more one fails; 0 where none does.
    fails: AtomicUsize,
}

/// What was read since it was asked last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reads {
    pub(crate) all: usize,
    pub(crate) histories: usize,
}

impl Watch {
    /// What was read since it was asked last.
    pub(crate) fn reads(&self) -> Reads {
        let taken = |of: &AtomicUsize| of.swap(0, Ordering::Relaxed);
        Reads { all: taken(&self.0.reads), histories: taken(&self.0.histories) }
    }

    /// How many writes were begun.
    pub(crate) fn appends(&self) -> usize {
        self.0.appends.load(Ordering::Relaxed)
    }

    /// Has one of the next reads fail, counted from 1.
    pub(crate) fn fail(&self, read: usize) {
        self.0.fails.store(read, Ordering::Relaxed);
    }

    /// Whether the read that was to fail has come, and lets the others be.
    pub(crate) fn has_failed(&self) -> bool {
        self.0.fails.swap(0, Ordering::Relaxed) == 0
    }

    fn read(&self) -> Result<(), StoreError> {
        self.0.reads.fetch_add(1, Ordering::Relaxed);
        let less = |left: usize| left.checked_sub(1);
        match self.0.fails.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less) {
            Ok(1) => Err(StoreError::Locked),
            _ => Ok(()),
        }
    }
}

/// The store.
#[derive(Debug)]
pub(crate) struct Watched {
    within: Box<dyn Store>,
    watch: Watch,
}

impl Watched {
    pub(crate) fn over(within: Box<dyn Store>, watch: &Watch) -> Box<dyn Store> {
        Box::new(Self { within, watch: watch.clone() })
    }

    /// The store, to which something more is written.
    fn append_to(&self) -> &dyn Store {
        self.watch.0.appends.fetch_add(1, Ordering::Relaxed);
        self.within.as_ref()
    }

    /// The store, of which one more thing is read.
    fn read(&self) -> Result<&dyn Store, StoreError> {
        self.watch.read()?;
        Ok(self.within.as_ref())
    }
}

impl Store for Watched {
    fn file(&self) -> Option<&Path> {
        self.within.file()
    }

    fn is_in_its_place(&self) -> Result<(), StoreError> {
        self.within.is_in_its_place()
    }

    fn session_owner(&self, id: &[u8; 16]) -> [u8; 16] {
        self.within.session_owner(id)
    }

    fn listen(&self) -> Result<Option<Box<dyn Listening>>, StoreError> {
        self.within.listen()
    }

    fn append(
        &self,
        batch: &[NewEvent],
        now: Timestamp,
        keep_recorded_at: bool,
    ) -> Result<Vec<Appended>, StoreError> {
        self.append_to().append(batch, now, keep_recorded_at)
    }

    fn append_if_unchanged(
        &self,
        event: &NewEvent,
        now: Timestamp,
        newest: Revision,
    ) -> Result<Appended, StoreError> {
        self.append_to().append_if_unchanged(event, now, newest)
    }

    fn append_decided(
        &self,
        identifier: &str,
        id: Option<&EventId>,
        decide: Decide<'_>,
    ) -> Result<Option<Appended>, StoreError> {
        self.append_to().append_decided(identifier, id, decide)
    }

    fn revision(&self) -> Result<Revision, StoreError> {
        self.read()?.revision()
    }

    fn revision_in_its_place(&self) -> Result<Revision, StoreError> {
        self.read()?.revision_in_its_place()
    }

    fn last_recorded_at(&self) -> Result<Option<Timestamp>, StoreError> {
        self.read()?.last_recorded_at()
    }

    fn stats(&self) -> Result<Stats, StoreError> {
        self.read()?.stats()
    }

    fn ledger_id(&self) -> Result<[u8; 16], StoreError> {
        self.read()?.ledger_id()
    }

    fn view_with(
        &self,
        identifier: &str,
        id: Option<&EventId>,
    ) -> Result<(PrincipalView, Option<Revision>), StoreError> {
        self.watch.0.histories.fetch_add(1, Ordering::Relaxed);
        self.read()?.view_with(identifier, id)
    }

    fn principal_id(&self, identifier: &str) -> Result<Option<[u8; 16]>, StoreError> {
        self.read()?.principal_id(identifier)
    }

    fn events_of_id(&self, id: &[u8; 16], revision: Revision) -> Result<Vec<Recorded>, StoreError> {
        self.read()?.events_of_id(id, revision)
    }

    fn general_events(&self, revision: Revision) -> Result<Vec<Recorded>, StoreError> {
        self.read()?.general_events(revision)
    }

    fn event_at(&self, revision: Revision) -> Result<Option<ExportLine>, StoreError> {
        self.read()?.event_at(revision)
    }

    fn lines_between(&self, after: Revision, until: Revision) -> Result<Vec<ExportLine>, StoreError> {
        self.read()?.lines_between(after, until)
    }

    fn revision_of(&self, id: &EventId) -> Result<Option<Revision>, StoreError> {
        self.read()?.revision_of(id)
    }

    fn erased_after(&self, after: Revision) -> Result<Vec<[u8; 16]>, StoreError> {
        self.read()?.erased_after(after)
    }

    fn erase(&self, identifier: &str, now: Timestamp) -> Result<Option<Erased>, StoreError> {
        self.within.erase(identifier, now)
    }

    fn erase_everywhere(&self, now: Timestamp) -> Result<ErasedEverywhere, StoreError> {
        self.within.erase_everywhere(now)
    }

    fn rotate_keys(&self, with_groups: bool) -> Result<Rotated, StoreError> {
        self.within.rotate_keys(with_groups)
    }

    fn keys(&self) -> Result<KeyStats, StoreError> {
        self.read()?.keys()
    }

    fn leaf_hash(&self, revision: Revision) -> Result<Option<[u8; 32]>, StoreError> {
        self.read()?.leaf_hash(revision)
    }

    fn durable_tree(&self) -> Result<Tree, StoreError> {
        self.read()?.durable_tree()
    }

    fn kept_nodes(&self, ranges: &[NodeRange]) -> Result<Vec<Vec<Option<Hash>>>, StoreError> {
        self.read()?.kept_nodes(ranges)
    }

    fn leaves(&self, first: u64, count: u16) -> Result<Vec<Vec<u8>>, StoreError> {
        self.read()?.leaves(first, count)
    }

    fn opened_leaf(&self, revision: Revision) -> Result<Option<OpenedLeaf>, StoreError> {
        self.read()?.opened_leaf(revision)
    }

    fn events_after(
        &self,
        after: Revision,
        until: Revision,
        count: u32,
    ) -> Result<Vec<NewerEvent>, StoreError> {
        self.read()?.events_after(after, until, count)
    }

    fn news_after(&self, after: Revision, count: u32) -> Result<News, StoreError> {
        self.read()?.news_after(after, count)
    }

    fn identifiers_page(&self, after: PageMark, count: u32) -> Result<IdentifiersPage, StoreError> {
        self.read()?.identifiers_page(after, count)
    }

    fn principals_page(
        &self,
        after: PageMark,
        count: u32,
        revision: Revision,
    ) -> Result<PrincipalsPage, StoreError> {
        self.read()?.principals_page(after, count, revision)
    }

    fn each_event(&self, take: &mut dyn FnMut(ExportLine) -> ControlFlow<()>) -> Result<(), StoreError> {
        self.read()?.each_event(take)
    }

    fn identity(&self) -> Result<Identity, StoreError> {
        self.read()?.identity()
    }

    fn key_parts(&self) -> Result<KeyParts, StoreError> {
        self.read()?.key_parts()
    }

    fn principal_keys_page(&self, after: PageMark, count: u32) -> Result<PrincipalKeysPage, StoreError> {
        self.read()?.principal_keys_page(after, count)
    }

    fn whole_events(
        &self,
        after: Revision,
        until: Revision,
        count: u32,
    ) -> Result<Vec<WholeEvent>, StoreError> {
        self.read()?.whole_events(after, until, count)
    }

    fn arrive(&self, parts: &KeyParts, principals: &[PrincipalKeys]) -> Result<(), StoreError> {
        self.within.arrive(parts, principals)
    }

    fn arrive_events(&self, after: Revision, events: &[WholeEvent]) -> Result<(), StoreError> {
        self.within.arrive_events(after, events)
    }

    fn arrived(&self) -> Result<(), StoreError> {
        self.within.arrived()
    }

    fn backup(&self, path: &Path) -> Result<Copied, StoreError> {
        self.within.backup(path)
    }

    fn backup_keys(&self, path: &Path) -> Result<(), StoreError> {
        self.within.backup_keys(path)
    }

    fn verify_telling(&self, progress: &mut dyn FnMut(u64)) -> Result<Stats, StoreError> {
        self.within.verify_telling(progress)
    }
}
