//! Whether an index has what its table has, without remembering either.

use std::hash::{BuildHasher as _, Hash, RandomState};

/// What entries are hashed by: by a key that is drawn anew each time, so that nobody can make two that are taken for each other.
pub(crate) type Hashing = RandomState;

/// Entries of an index, or what a table says they must be: pairs of a key and a row, in whatever order they came.
///
/// The hashes of all of them are added up, so that the same entries give the same sum and others do not.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entries {
    n: u64,
    sum: u64,
}

impl Entries {
    pub(crate) fn add(&mut self, hashing: &Hashing, key: impl Hash, row: i64) {
        self.n += 1;
        self.sum = self.sum.wrapping_add(hashing.hash_one((key, row)));
    }

    pub(crate) fn join(&mut self, other: Self) {
        self.n += other.n;
        self.sum = self.sum.wrapping_add(other.sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_entries_in_another_order_are_the_same_and_no_others_are() {
        let hashing = Hashing::new();
        let of = |entries: &[(&str, i64)]| {
            let mut all = Entries::default();
            for (key, row) in entries {
                all.add(&hashing, key, *row);
            }
            all
        };
        let whole = of(&[("a", 1), ("b", 2), ("b", 3)]);
        assert_eq!(whole, of(&[("b", 3), ("a", 1), ("b", 2)]));
        let mut joined = of(&[("b", 3)]);
        joined.join(of(&[("a", 1), ("b", 2)]));
        assert_eq!(whole, joined);
        for other in [
            &[("a", 1), ("b", 2)][..],
            &[("a", 1), ("b", 2), ("b", 4)],
            &[("b", 1), ("a", 2), ("b", 3)],
            &[("a", 1), ("b", 2), ("b", 3), ("b", 3)],
            &[("a", 1), ("b", 2), ("b", 2)],
        ] {
            assert_ne!(whole, of(other), "{other:?}");
        }
    }
}
