//! Keys of new principals that are written together with the principals: one transaction of the database in which both lie.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use nattoku_seal::{Group, Key, Kind, Place, PrincipalKeys, SealingKey};

use super::place::{WrappedGroup, WrappedKeys};
use super::{Keyring, State, remember};
use crate::error::StoreError;

/// Keys that are made and not yet written.
#[derive(Debug, Default)]
pub(crate) struct Prepared {
    /// A key of the whole ledger as it lay when the group keys were read. Every rotation wraps it anew, so that whoever writes
    /// these keys on the condition that it lies so still puts nobody under a group key that is gone.
    pub(crate) stamp: Vec<u8>,
    /// The groups that were there, with the version of their keys by which these are sealed.
    pub(crate) used: BTreeMap<u16, u32>,
    /// The keys of groups that were not.
    pub(crate) groups: Vec<WrappedGroup>,
    /// The principals' keys.
    pub(crate) principals: Vec<WrappedKeys>,
    made: HashMap<Group, SealingKey>,
    ready: HashMap<[u8; 16], Arc<PrincipalKeys>>,
}

impl Keyring {
    /// Makes the keys of new principals, with the commitment keys they have, for somebody else to write.
    pub(crate) fn prepare(&self, new: &[([u8; 16], [u8; 32])]) -> Result<Prepared, StoreError> {
        let mut prepared = Prepared::default();
        if new.is_empty() {
            return Ok(prepared);
        }
        let state = &mut *self.state();
        prepared.stamp = self.stamp(state)?;
        self.expect_groups(state, new)?;
        for (id, commitment) in new {
            let keys = PrincipalKeys::new(self.random_key()?, Key::new(*commitment));
            let group = Group::of(id);
            let by = match state.groups.get(&group) {
                Some(key) => {
                    prepared.used.insert(group.number(), key.version());
                    key
                }
                None => self.made_in(&mut prepared, group)?,
            };
            let wrapped = keys.wrap(by, self.ledger, *id, &self.nonce()?);
            prepared.principals.push((*id, wrapped));
            prepared.ready.insert(*id, Arc::new(keys));
        }
        Ok(prepared)
    }

    /// Remembers keys that have been written.
    pub(crate) fn keep(&self, written: Prepared) {
        let state = &mut *self.state();
        // Where the keys were rotated since, the next who wants a group's key asks for all anew.
        if state.stamp.as_ref() == Some(&written.stamp) {
            state.groups.extend(written.made);
        }
        for (id, keys) in written.ready {
            remember(state, id, keys);
        }
    }

    /// Forgets the keys of groups, which have been rotated since they were read.
    pub(crate) fn forget_groups(&self) {
        let state = &mut *self.state();
        state.groups.clear();
        state.stamp = None;
    }

    /// Seals the payload of an event, whose principal may be one of those who are not written yet.
    pub(crate) fn seal_new_payload(
        &self,
        new: &Prepared,
        id: &[u8; 16],
        revision: u64,
        payload: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        match new.ready.get(id) {
            Some(keys) => self.seal_by(keys, &Place::payload(self.ledger, *id, revision), payload),
            None => self.seal_payload(id, revision, payload),
        }
    }

    /// Seals the identifier of a principal who may be one of those who are not written yet.
    pub(crate) fn seal_new_identifier(
        &self,
        new: &Prepared,
        id: &[u8; 16],
        identifier: &str,
    ) -> Result<Vec<u8>, StoreError> {
        match new.ready.get(id) {
            Some(keys) => self.seal_by(keys, &Place::identifier(self.ledger, *id), identifier.as_bytes()),
            None => self.seal_identifier(id, identifier),
        }
    }

    fn made_in<'a>(&self, prepared: &'a mut Prepared, group: Group) -> Result<&'a SealingKey, StoreError> {
        use std::collections::hash_map::Entry;
        match prepared.made.entry(group) {
            Entry::Occupied(made) => Ok(made.into_mut()),
            Entry::Vacant(vacant) => {
                let (key, wrapped) = self.new_group(group, 1)?;
                prepared.groups.push((group.number(), key.version(), wrapped));
                Ok(vacant.insert(key))
            }
        }
    }

    /// What lies in the place of the stamp. Group keys that are remembered from before it was read may have been rotated by then.
    fn stamp(&self, state: &mut State) -> Result<Vec<u8>, StoreError> {
        if let Some(stamp) = &state.stamp {
            return Ok(stamp.clone());
        }
        let stamp = state.place.secret(Kind::IndexKey.byte())?.ok_or_else(|| StoreError::Corrupt {
            what: format!("{} lacks a key of the ledger", self.shown),
        })?;
        state.groups.clear();
        state.stamp = Some(stamp.clone());
        Ok(stamp)
    }

    /// Remembers the keys of the groups of new principals, all that are not remembered asked for at once.
    fn expect_groups(&self, state: &mut State, new: &[([u8; 16], [u8; 32])]) -> Result<(), StoreError> {
        let groups = new.iter().map(|(id, _)| Group::of(id));
        let mut unknown: Vec<u16> =
            groups.filter(|group| !state.groups.contains_key(group)).map(Group::number).collect();
        unknown.sort_unstable();
        unknown.dedup();
        if unknown.is_empty() {
            return Ok(());
        }
        for (number, version, wrapped) in state.place.groups_of(&unknown)? {
            if let Some(group) = Group::new(number) {
                let key = self.unwrapped_group(group, version, &wrapped)?;
                state.groups.insert(group, key);
            }
        }
        Ok(())
    }
}
