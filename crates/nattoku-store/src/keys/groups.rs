//! The keys of groups: made when they are first needed, unwrapped when they are first met.

use std::collections::BTreeSet;

use nattoku_seal::{Group, Kind, SealingKey};

use super::{Keyring, State};
use crate::decode::number;
use crate::error::StoreError;
use crate::record::KeyStats;

impl Keyring {
    /// The key of a group, in the version that is asked for.
    pub(super) fn group(
        &self,
        state: &mut State,
        group: Group,
        version: Option<u32>,
    ) -> Result<SealingKey, StoreError> {
        if let Some(key) = state.groups.get(&group)
            && Some(key.version()) == version
        {
            return Ok(key.clone());
        }
        let stored = self.stored_group(state, group)?;
        stored.ok_or_else(|| StoreError::Corrupt {
            what: format!("{} lacks the key of group {}", self.shown, group.number()),
        })
    }

    /// The newest key of a group, made now if there is none; within a transaction.
    pub(super) fn group_or_new(&self, state: &mut State, group: Group) -> Result<SealingKey, StoreError> {
        let stored = state.place.group(group.number())?.map(|(version, _)| version);
        match stored {
            Some(version) => self.group(state, group, Some(version)),
            None => self.put_group(state, group, 1),
        }
    }

    /// Makes a version of a group's key and puts it in the place of the one before; within a transaction.
    pub(super) fn put_group(
        &self,
        state: &mut State,
        group: Group,
        version: u32,
    ) -> Result<SealingKey, StoreError> {
        let (key, wrapped) = self.new_group(group, version)?;
        state.place.put_group(group.number(), version, &wrapped)?;
        state.groups.insert(group, key.clone());
        Ok(key)
    }

    /// A version of a group's key, and how it is to lie.
    pub(super) fn new_group(&self, group: Group, version: u32) -> Result<(SealingKey, Vec<u8>), StoreError> {
        let key = self.random_key()?;
        let place = self.place(Kind::GroupKey, u64::from(group.number()));
        let wrapped = self.kek.wrap(&place, &self.nonce()?, &key)?;
        Ok((SealingKey::new(&key, version), wrapped))
    }

    /// The key of a group out of what lies there.
    pub(super) fn unwrapped_group(
        &self,
        group: Group,
        version: u32,
        wrapped: &[u8],
    ) -> Result<SealingKey, StoreError> {
        let key = self.kek.unwrap(&self.place(Kind::GroupKey, u64::from(group.number())), wrapped)?;
        Ok(SealingKey::new(&key, version))
    }

    /// Every group that has a key.
    pub(crate) fn groups(&self) -> Result<BTreeSet<Group>, StoreError> {
        let groups = self.state().place.groups()?;
        Ok(groups.into_iter().filter_map(|(number, ..)| Group::new(number)).collect())
    }

    /// What the keys rest on, and how many there are.
    pub(crate) fn stats(&self) -> Result<KeyStats, StoreError> {
        let (kek, kek_version) = (self.kek.name(), self.kek.version()?);
        let state = &mut *self.state();
        let (groups, principals) = state.place.counts()?;
        let tombstones = state.place.tombstones()?;
        let n_live = tombstones.iter().filter(|stone| stone.everywhere_at.is_none()).count();
        let of = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        Ok(KeyStats {
            kek,
            kek_version,
            groups: number(groups)?,
            principals: number(principals)?,
            erased_live: of(n_live),
            erased_everywhere: of(tombstones.len() - n_live),
        })
    }

    fn stored_group(&self, state: &mut State, group: Group) -> Result<Option<SealingKey>, StoreError> {
        let Some((version, wrapped)) = state.place.group(group.number())? else { return Ok(None) };
        let key = self.unwrapped_group(group, version, &wrapped)?;
        state.groups.insert(group, key.clone());
        Ok(Some(key))
    }
}
