//! Rows that are to be inserted, as columns: a statement takes each as one array.

use std::borrow::Cow;

use postgres::types::ToSql;

use super::ids::IdColumn;
use crate::append::{EventRow, NewPrincipal, Payload};
use crate::decode::column;
use crate::error::StoreError;
use crate::keys::{Keyring, Prepared, WrappedKeys};

/// Rows of events and of what is sealed of them, as columns.
pub(super) struct Events<'a> {
    revisions: Vec<i64>,
    ids: Vec<IdColumn<'a>>,
    principals: Vec<Option<i64>>,
    at: Vec<i64>,
    recorded_at: Vec<i64>,
    leaves: Vec<&'a [u8]>,
    hashes: Vec<&'a [u8]>,
    sealed_revisions: Vec<i64>,
    sealed: Vec<Cow<'a, [u8]>>,
}

impl<'a> Events<'a> {
    pub(super) fn of(
        rows: &'a [EventRow<'a>],
        keys: &Keyring,
        prepared: &Prepared,
    ) -> Result<Self, StoreError> {
        let mut this = Self {
            revisions: rows.iter().map(|row| column(row.revision)).collect::<Result<_, _>>()?,
            ids: rows.iter().map(|row| IdColumn(row.id)).collect(),
            principals: rows.iter().map(|row| row.principal).collect(),
            at: rows.iter().map(|row| row.at).collect(),
            recorded_at: rows.iter().map(|row| row.recorded_at).collect(),
            leaves: rows.iter().map(|row| row.leaf.as_slice()).collect(),
            hashes: rows.iter().map(|row| row.hash.0.as_slice()).collect(),
            sealed_revisions: Vec::with_capacity(rows.len()),
            sealed: Vec::with_capacity(rows.len()),
        };
        for (row, revision) in rows.iter().zip(&this.revisions) {
            this.sealed.push(match (&row.payload, &row.principal_id) {
                (Some(Payload::Open(payload)), Some(id)) => {
                    keys.seal_new_payload(prepared, id, row.revision, payload)?.into()
                }
                (Some(Payload::Sealed(sealed)), _) => (*sealed).into(),
                _ => continue,
            });
            this.sealed_revisions.push(*revision);
        }
        Ok(this)
    }

    /// In the order in which the statements count them.
    pub(super) fn columns(&self) -> [&(dyn ToSql + Sync); 9] {
        [
            &self.revisions,
            &self.ids,
            &self.principals,
            &self.at,
            &self.recorded_at,
            &self.leaves,
            &self.hashes,
            &self.sealed_revisions,
            &self.sealed,
        ]
    }
}

/// Rows of new principals and of their keys, as columns.
#[derive(Default)]
pub(super) struct People<'a> {
    stamp: &'a [u8],
    used: Vec<i64>,
    used_versions: Vec<i64>,
    groups: Vec<i64>,
    group_versions: Vec<i64>,
    wrapped_groups: Vec<&'a [u8]>,
    ids: Vec<&'a [u8]>,
    wrapped: Vec<&'a [u8]>,
    ordinals: Vec<i64>,
    lookups: Vec<Vec<u8>>,
    identifiers: Vec<Vec<u8>>,
}

impl<'a> People<'a> {
    /// Principals with their keys, as they are written, and the groups of all that were prepared where they go along.
    pub(super) fn of(
        (new, new_keys): (&[NewPrincipal<'_>], &'a [WrappedKeys]),
        groups: Option<&'a Prepared>,
        prepared: &'a Prepared,
        keys: &Keyring,
    ) -> Result<Self, StoreError> {
        let sealed =
            new.iter().map(|new| keys.seal_new_identifier(prepared, &new.row.principal.id, new.identifier));
        let mut this = Self {
            stamp: &prepared.stamp,
            ids: new_keys.iter().map(|(id, _)| id.as_slice()).collect(),
            wrapped: new_keys.iter().map(|(_, wrapped)| wrapped.as_slice()).collect(),
            ordinals: new.iter().map(|new| new.row.ordinal).collect(),
            lookups: new.iter().map(|new| keys.lookup(new.identifier).to_vec()).collect(),
            identifiers: sealed.collect::<Result<_, _>>()?,
            ..Self::default()
        };
        if let Some(Prepared { used, groups, .. }) = groups {
            this.used.extend(used.keys().copied().map(i64::from));
            this.used_versions.extend(used.values().copied().map(i64::from));
            this.groups.extend(groups.iter().map(|(number, ..)| i64::from(*number)));
            this.group_versions.extend(groups.iter().map(|(_, version, _)| i64::from(*version)));
            this.wrapped_groups.extend(groups.iter().map(|(.., wrapped)| wrapped.as_slice()));
        }
        Ok(this)
    }

    /// In the order in which the statement counts them.
    pub(super) fn columns(&self) -> [&(dyn ToSql + Sync); 11] {
        [
            &self.stamp,
            &self.used,
            &self.used_versions,
            &self.groups,
            &self.group_versions,
            &self.wrapped_groups,
            &self.ids,
            &self.wrapped,
            &self.ordinals,
            &self.lookups,
            &self.identifiers,
        ]
    }
}
