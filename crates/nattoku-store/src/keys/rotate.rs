//! New versions of keys, without a payload being sealed anew.

use std::collections::BTreeSet;

use nattoku_seal::{Group, Key, Kind, PrincipalKeys, SealingKey};

use super::{Keyring, State, in_transaction};
use crate::error::StoreError;

/// What a rotation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotated {
    /// The version of the key-encryption key from now on; every earlier one is destroyed.
    pub kek_version: u32,
    /// How many group keys there are, all wrapped anew.
    pub groups: u64,
    /// How many groups got a new key.
    pub new_groups: u64,
    /// How many principals' keys were sealed anew.
    pub principals: u64,
}

impl Keyring {
    /// Gives some groups new keys, seals their principals' keys by these, gives the key-encryption key a new version, wraps
    /// every group key by it, and destroys the earlier versions where they are kept.
    ///
    /// Until the transaction is on disk, the earlier versions open everything; after it, the new one does. A crash before the
    /// earlier ones are destroyed leaves both, and the next rotation destroys them.
    pub(crate) fn rotate(&self, groups: &BTreeSet<Group>) -> Result<Rotated, StoreError> {
        let random = self.random_key()?;
        let state = &mut *self.state();
        let rotated = in_transaction(state, |state| {
            let kek_version = self.kek.add_version(&random)?;
            state.stamp = None;
            let mut principals = 0;
            for group in groups {
                principals += self.renew(state, *group)?;
            }
            let n_groups = self.wrap_anew(state)?;
            let new_groups = u64::try_from(groups.len()).unwrap_or(u64::MAX);
            Ok(Rotated { kek_version, groups: n_groups, new_groups, principals })
        })?;
        // The log still has the keys as they were wrapped before.
        state.place.empty_log()?;
        self.kek.destroy_before(rotated.kek_version)?;
        Ok(rotated)
    }

    /// Gives a group a new key and seals its principals' keys by it.
    fn renew(&self, state: &mut State, group: Group) -> Result<u64, StoreError> {
        let before = self.group_or_new(state, group)?;
        let after = self.put_group(state, group, before.version().saturating_add(1))?;
        let (first, last) = group.ids();
        let rows = state.place.principals_between(first, last)?;
        let mut anew = Vec::with_capacity(rows.len());
        for (id, wrapped) in &rows {
            let keys = self.unwrap_by(&before, id, wrapped)?;
            anew.push((*id, keys.wrap(&after, self.ledger, *id, &self.nonce()?)));
        }
        state.place.put_principals(&anew)?;
        Ok(u64::try_from(rows.len()).unwrap_or(u64::MAX))
    }

    fn unwrap_by(
        &self,
        group: &SealingKey,
        id: &[u8; 16],
        wrapped: &[u8],
    ) -> Result<PrincipalKeys, StoreError> {
        PrincipalKeys::unwrap(group, self.ledger, *id, wrapped).map_err(|error| StoreError::Corrupt {
            what: format!("a principal's keys in {} do not open: {error}", self.shown),
        })
    }

    /// Wraps what rests on the key-encryption key by its newest version; tells how many group keys there are.
    fn wrap_anew(&self, state: &mut State) -> Result<u64, StoreError> {
        let groups = state.place.groups()?;
        let again = |kind: Kind, number: u64, key: &Key| {
            Ok::<_, StoreError>(self.kek.wrap(&self.place(kind, number), &self.nonce()?, key)?)
        };
        for (number, version, wrapped) in &groups {
            let key = self.kek.unwrap(&self.place(Kind::GroupKey, u64::from(*number)), wrapped)?;
            let wrapped = again(Kind::GroupKey, u64::from(*number), &key)?;
            state.place.put_group(*number, *version, &wrapped)?;
        }
        for (kind, key) in [(Kind::IndexKey, &self.index), (Kind::EventIdKey, &self.event_ids)] {
            state.place.put_secret(kind.byte(), &again(kind, 0, key)?)?;
        }
        Ok(u64::try_from(groups.len()).unwrap_or(u64::MAX))
    }
}
