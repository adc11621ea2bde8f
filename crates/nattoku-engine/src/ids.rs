//! Which row is whose: random 16-byte ids to dense ordinals.

use crate::storage::Storage;

/// The random id under which a ledger knows a principal.
pub type PrincipalId = [u8; 16];

/// Ids in the order of their ordinals, with an open table to find them; an id costs its 16 bytes and about 6 more.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ids {
    ids: Storage<PrincipalId>,
    /// Ordinals plus one by hash; 0 is free. Its length is a power of two, or nothing.
    table: Storage<u32>,
}

impl Ids {
    /// Those of a snapshot; none where the table is not one of these ids.
    pub(crate) fn mapped(ids: Storage<PrincipalId>, table: Storage<u32>) -> Option<Self> {
        let n_ids = u32::try_from(ids.len()).ok().filter(|n| *n < u32::MAX)?;
        let is_fitting = if n_ids == 0 { table.len() == 0 } else { table.len().is_power_of_two() };
        let mut n_taken = 0_usize;
        for ordinal in table.pieces().flatten() {
            if *ordinal > n_ids {
                return None;
            }
            n_taken += usize::from(*ordinal != 0);
        }
        // A table without a free slot would be gone through to its end for whoever is not in it.
        let has_room = n_ids == 0 || n_taken < table.len();
        (is_fitting && has_room && n_taken == ids.len()).then_some(Self { ids, table })
    }

    /// The ids in the order of their ordinals, and the table, as a snapshot holds them.
    pub(crate) fn parts(&self) -> (&Storage<PrincipalId>, &Storage<u32>) {
        (&self.ids, &self.table)
    }

    /// The ordinal of an id.
    pub(crate) fn find(&self, id: &PrincipalId) -> Option<u32> {
        self.probe(id).and_then(|(_, found)| found)
    }

    /// The id of an ordinal.
    pub(crate) fn get(&self, ordinal: u32) -> Option<&PrincipalId> {
        self.ids.get(usize::try_from(ordinal).ok()?)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    /// How many bytes they take.
    pub(crate) fn bytes(&self) -> usize {
        self.ids.bytes() + self.table.bytes()
    }

    /// Takes in an id that is not here yet, and gives its ordinal; none where numbers have run out.
    pub(crate) fn insert(&mut self, id: PrincipalId) -> Option<u32> {
        let ordinal = u32::try_from(self.ids.len()).ok().filter(|n| *n < u32::MAX)?;
        self.ids.push(id);
        if self.ids.len() * 10 > self.table.len() * 8 {
            self.grow();
        } else {
            self.place(&id, ordinal);
        }
        Some(ordinal)
    }

    fn grow(&mut self) {
        self.table = vec![0; (self.table.len() * 2).max(16)].into();
        let ids = std::mem::take(&mut self.ids);
        for (ordinal, id) in (0..).zip(ids.pieces().flatten()) {
            self.place(id, ordinal);
        }
        self.ids = ids;
    }

    fn place(&mut self, id: &PrincipalId, ordinal: u32) {
        let free = slots(id, self.table.len()).find(|slot| self.table.get(*slot) == Some(&0));
        if let Some(slot) = free.and_then(|slot| self.table.get_mut(slot)) {
            *slot = ordinal + 1;
        }
    }

    /// The slot of an id with its ordinal, or the free slot where it would stand.
    fn probe(&self, id: &PrincipalId) -> Option<(usize, Option<u32>)> {
        slots(id, self.table.len()).find_map(|slot| match self.table.get(slot) {
            Some(0) | None => Some((slot, None)),
            Some(n) => (self.get(n - 1) == Some(id)).then_some((slot, Some(n - 1))),
        })
    }
}

/// The slots in which an id may stand, the first by its own bytes: they are random, and need no hashing.
fn slots(id: &PrincipalId, length: usize) -> impl Iterator<Item = usize> {
    let mut first = [0; 8];
    first.iter_mut().zip(id).for_each(|(to, from)| *to = *from);
    // Ids that somebody counted up rather than drew would all begin alike.
    let mixed =
        u64::from_le_bytes(first) ^ id.iter().rev().fold(0, |n, b| (n << 8 | u64::from(*b)).rotate_left(1));
    let mask = length.wrapping_sub(1);
    let start = usize::try_from(mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32).unwrap_or_default();
    (0..length).map(move |step| (start + step) & mask)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_found_and_no_other() {
        let mut ids = Ids::default();
        let id = |n: u32| {
            let mut id = [0; 16];
            id[12..].copy_from_slice(&n.to_be_bytes());
            id
        };
        for n in 0..1_000 {
            assert_eq!(ids.find(&id(n)), None);
            assert_eq!(ids.insert(id(n)), Some(n));
        }
        assert!((0..1_000).all(|n| ids.find(&id(n)) == Some(n)));
        assert_eq!(ids.find(&id(1_000)), None);
        assert_eq!((ids.len(), ids.get(7)), (1_000, Some(&id(7))));
    }

    #[test]
    fn a_table_of_other_ids_is_refused() {
        let mapped = |ids: u8, table: &[u32]| {
            let ids: Vec<PrincipalId> = (0..ids).map(|n| [n; 16]).collect();
            Ids::mapped(ids.into(), table.to_vec().into())
        };
        assert!(mapped(0, &[]).is_some());
        assert!(mapped(2, &[0, 1, 2, 0]).is_some());
        for table in [&[0, 1, 3, 0][..], &[0, 1, 0, 0], &[1, 2], &[1, 2, 0], &[]] {
            assert!(mapped(2, table).is_none(), "{table:?}");
        }
    }
}
