//! The `SQLite` file as a store like any other.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;

use jiff::Timestamp;
use nattoku_ledger::{Hash, Tree};
use nattoku_model::{Recorded, Revision};

use super::SqliteStore;
use super::file_identity::FileIdentity;
use crate::error::StoreError;
use crate::event_json::{EventId, ExportLine, NewEvent};
use crate::keys::{Keyring, Rotated};
use crate::nodes::NodeRange;
use crate::record::{
    Appended, Copied, Erased, ErasedEverywhere, IdentifiersPage, KeyStats, NewerEvent, OpenedLeaf, PageMark,
    PrincipalKeysPage, PrincipalView, PrincipalsPage, Stats,
};
use crate::store::Store;
use crate::transfer::{self, Identity, KeyParts, PrincipalKeys, WholeEvent};

impl Store for SqliteStore {
    fn file(&self) -> Option<&Path> {
        Some(&self.path)
    }

    fn is_in_its_place(&self) -> Result<(), StoreError> {
        if FileIdentity::of(&self.path) == Some(self.identity) {
            Ok(())
        } else {
            Err(StoreError::Moved { path: self.path.clone() })
        }
    }

    fn append(
        &self,
        batch: &[NewEvent],
        now: Timestamp,
        keep_recorded_at: bool,
    ) -> Result<Vec<Appended>, StoreError> {
        self.writer()?.append(batch, now, keep_recorded_at)
    }

    fn append_if_unchanged(
        &self,
        event: &NewEvent,
        now: Timestamp,
        newest: Revision,
    ) -> Result<Appended, StoreError> {
        self.writer()?.append_if_unchanged(event, now, newest)
    }

    fn revision(&self) -> Result<Revision, StoreError> {
        self.read_revision()
    }

    fn last_recorded_at(&self) -> Result<Option<Timestamp>, StoreError> {
        self.read_last_recorded_at()
    }

    fn stats(&self) -> Result<Stats, StoreError> {
        self.read_stats()
    }

    fn ledger_id(&self) -> Result<[u8; 16], StoreError> {
        self.read_ledger_id()
    }

    fn view_with(
        &self,
        identifier: &str,
        id: Option<&EventId>,
    ) -> Result<(PrincipalView, Option<Revision>), StoreError> {
        self.read_view(identifier, id)
    }

    fn principal_id(&self, identifier: &str) -> Result<Option<[u8; 16]>, StoreError> {
        self.read_principal_id(identifier)
    }

    fn session_owner(&self, id: &[u8; 16]) -> [u8; 16] {
        self.keys.session_owner(id)
    }

    fn events_of_id(&self, id: &[u8; 16], revision: Revision) -> Result<Vec<Recorded>, StoreError> {
        self.read_events_of_id(id, revision)
    }

    fn general_events(&self, revision: Revision) -> Result<Vec<Recorded>, StoreError> {
        self.read_general_events(revision)
    }

    fn event_at(&self, revision: Revision) -> Result<Option<ExportLine>, StoreError> {
        self.read_event_at(revision)
    }

    fn lines_between(&self, after: Revision, until: Revision) -> Result<Vec<ExportLine>, StoreError> {
        self.read_lines_between(after, until)
    }

    fn revision_of(&self, id: &EventId) -> Result<Option<Revision>, StoreError> {
        self.read_revision_of(id)
    }

    fn erased_after(&self, after: Revision) -> Result<Vec<[u8; 16]>, StoreError> {
        self.read_erased_after(after)
    }

    fn erase(&self, identifier: &str, now: Timestamp) -> Result<Option<Erased>, StoreError> {
        self.erase_live(identifier, now)
    }

    fn erase_everywhere(&self, now: Timestamp) -> Result<ErasedEverywhere, StoreError> {
        self.erase_in_copies(now)
    }

    fn rotate_keys(&self, with_groups: bool) -> Result<Rotated, StoreError> {
        self.writer()?;
        if with_groups { self.keys.rotate(&self.keys.groups()?) } else { self.keys.rotate(&BTreeSet::new()) }
    }

    fn keys(&self) -> Result<KeyStats, StoreError> {
        self.keys.stats()
    }

    fn leaf_hash(&self, revision: Revision) -> Result<Option<[u8; 32]>, StoreError> {
        self.read_leaf_hash(revision)
    }

    fn durable_tree(&self) -> Result<Tree, StoreError> {
        self.read_durable_tree()
    }

    fn kept_nodes(&self, ranges: &[NodeRange]) -> Result<Vec<Vec<Option<Hash>>>, StoreError> {
        self.read_kept_nodes(ranges)
    }

    fn leaves(&self, first: u64, count: u16) -> Result<Vec<Vec<u8>>, StoreError> {
        self.read_leaves(first, count)
    }

    fn opened_leaf(&self, revision: Revision) -> Result<Option<OpenedLeaf>, StoreError> {
        self.read_opened_leaf(revision)
    }

    fn events_after(
        &self,
        after: Revision,
        until: Revision,
        count: u32,
    ) -> Result<Vec<NewerEvent>, StoreError> {
        self.read_events_after(after, until, count)
    }

    fn identifiers_page(&self, after: PageMark, count: u32) -> Result<IdentifiersPage, StoreError> {
        self.read_identifiers_page(after, count)
    }

    fn principals_page(
        &self,
        after: PageMark,
        count: u32,
        revision: Revision,
    ) -> Result<PrincipalsPage, StoreError> {
        self.read_principals_page(after, count, revision)
    }

    fn each_event(&self, take: &mut dyn FnMut(ExportLine) -> ControlFlow<()>) -> Result<(), StoreError> {
        self.read_each_event(take)
    }

    fn identity(&self) -> Result<Identity, StoreError> {
        self.keys.identity()
    }

    fn key_parts(&self) -> Result<KeyParts, StoreError> {
        KeyParts::of(&self.keys)
    }

    fn principal_keys_page(&self, after: PageMark, count: u32) -> Result<PrincipalKeysPage, StoreError> {
        transfer::with_keys(self.read_principal_keys_page(after, count)?, &self.keys)
    }

    fn whole_events(
        &self,
        after: Revision,
        until: Revision,
        count: u32,
    ) -> Result<Vec<WholeEvent>, StoreError> {
        self.read_whole_events(after, until, count)
    }

    fn arrive(&self, parts: &KeyParts, principals: &[PrincipalKeys]) -> Result<(), StoreError> {
        transfer::adopt(&self.keys, parts, principals)?;
        self.take_in(principals)
    }

    fn arrive_events(&self, after: Revision, events: &[WholeEvent]) -> Result<(), StoreError> {
        transfer::take_in(&mut self.second_writer()?, after, events)
    }

    fn arrived(&self) -> Result<(), StoreError> {
        self.end_arrival()
    }

    fn backup(&self, path: &Path) -> Result<Copied, StoreError> {
        self.copy_to(path)
    }

    fn backup_keys(&self, path: &Path) -> Result<(), StoreError> {
        Keyring::copy(&self.path, path)
    }

    fn verify_telling(&self, progress: &mut dyn FnMut(u64)) -> Result<Stats, StoreError> {
        self.recompute_all(progress)
    }
}
