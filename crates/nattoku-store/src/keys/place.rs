//! What the keys of a ledger need of where they lie, and no more.

use crate::error::StoreError;
use crate::keys::Tombstone;

/// A principal's keys as they lie: the random id, and the keys sealed by those of the group.
pub(crate) type WrappedKeys = ([u8; 16], Vec<u8>);

/// The key of a group as it lies: number, version, and the key wrapped by the key-encryption key.
pub(crate) type WrappedGroup = (u16, u32, Vec<u8>);

/// Whose keys lie somewhere: the ledger, and the id of the key-encryption key.
pub(crate) type Owner = (Option<[u8; 16]>, Option<[u8; 16]>);

/// Where keys lie. What changes them comes between [`begin`](KeyPlace::begin) and [`commit`](KeyPlace::commit), which keep other
/// writers out; what reads may come at any time.
pub(crate) trait KeyPlace: Send {
    /// What it is called, for people.
    fn shown(&self) -> String;

    /// Begins a transaction that keeps other writers out.
    fn begin(&mut self) -> Result<(), StoreError>;

    /// Ends it, and returns when it is durable.
    fn commit(&mut self) -> Result<(), StoreError>;

    /// Ends it with nothing written.
    fn rollback(&mut self);

    /// Makes the tables, in the transaction that [`begin`](KeyPlace::begin) began. False where somebody else was quicker.
    fn make(&mut self, ledger: [u8; 16], kek: [u8; 16]) -> Result<bool, StoreError>;

    /// The ledger whose keys these are, and the id of the key-encryption key.
    fn owner(&mut self) -> Result<Owner, StoreError>;

    /// A key of the whole ledger.
    fn secret(&mut self, kind: u8) -> Result<Option<Vec<u8>>, StoreError>;

    /// Puts a key of the whole ledger in the place of the one before.
    fn put_secret(&mut self, kind: u8, wrapped: &[u8]) -> Result<(), StoreError>;

    /// The key of a group.
    fn group(&mut self, number: u16) -> Result<Option<(u32, Vec<u8>)>, StoreError>;

    /// The keys of all groups.
    fn groups(&mut self) -> Result<Vec<WrappedGroup>, StoreError>;

    /// The keys of those of some groups that have any.
    fn groups_of(&mut self, numbers: &[u16]) -> Result<Vec<WrappedGroup>, StoreError> {
        Ok(self.groups()?.into_iter().filter(|(number, ..)| numbers.contains(number)).collect())
    }

    /// Puts the key of a group in the place of the one before.
    fn put_group(&mut self, number: u16, version: u32, wrapped: &[u8]) -> Result<(), StoreError>;

    /// Those of the principals with these ids who have keys.
    fn principals(&mut self, ids: &[[u8; 16]]) -> Result<Vec<WrappedKeys>, StoreError>;

    /// The principals whose ids lie between two.
    fn principals_between(&mut self, first: [u8; 16], last: [u8; 16])
    -> Result<Vec<WrappedKeys>, StoreError>;

    /// Puts principals' keys in the place of those before.
    fn put_principals(&mut self, keys: &[WrappedKeys]) -> Result<(), StoreError>;

    /// Deletes principals' keys, and puts tombstones there; the first date that was written stays.
    fn bury(&mut self, erased: &[([u8; 16], i64)]) -> Result<(), StoreError>;

    /// Writes into tombstones when no copy opened any more what these principals had.
    fn bury_everywhere(&mut self, ids: &[[u8; 16]], at: i64) -> Result<(), StoreError>;

    /// Every tombstone, by id.
    fn tombstones(&mut self) -> Result<Vec<Tombstone>, StoreError>;

    /// Whether a principal has a tombstone.
    fn has_tombstone(&mut self, id: &[u8; 16]) -> Result<bool, StoreError>;

    /// How many groups and principals have keys.
    fn counts(&mut self) -> Result<(i64, i64), StoreError>;

    /// Sees to it that what was deleted is in no log, where this can be done at all; tells whether it is so.
    fn empty_log(&mut self) -> Result<bool, StoreError>;
}
