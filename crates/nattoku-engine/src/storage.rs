//! Records one after another: those that stand in the memory of a snapshot, and after them those that came since.

mod tail;

use bytemuck::Pod;
use self_cell::{MutBorrow, self_cell};
use tail::Tail;

/// Memory that a part of a snapshot was mapped or read into. It is written to; what it was mapped from stays as it is.
pub type Region = Box<dyn AsMut<[u8]> + Send + Sync>;

/// A region, seen as words of four bytes.
type Words<'a> = &'a mut [u32];

self_cell!(
    struct Mapped {
        owner: MutBorrow<Region>,
        #[covariant]
        dependent: Words,
    }
);

/// A region that cannot be seen as words: it does not begin or end where one does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Misaligned;

/// Records of whole words, in two parts: the base is a region of a snapshot, the tail grows.
pub(crate) struct Storage<T> {
    base: Option<Mapped>,
    /// How many records the base has.
    n_base: usize,
    tail: Tail<T>,
}

impl<T: Pod> Storage<T> {
    /// How many words a record has.
    const WORDS: usize = size_of::<T>() / size_of::<u32>();

    /// The first `n` records of a region.
    pub(crate) fn mapped(region: Region, n: usize) -> Result<Self, Misaligned> {
        let base = Mapped::try_new(MutBorrow::new(region), |owner| {
            bytemuck::try_cast_slice_mut(AsMut::<[u8]>::as_mut(&mut **owner.borrow_mut()))
        })
        .map_err(|_| Misaligned)?;
        let has_room = n.checked_mul(Self::WORDS).is_some_and(|n| n <= base.borrow_dependent().len());
        if has_room {
            Ok(Self { base: Some(base), n_base: n, tail: Tail::default() })
        } else {
            Err(Misaligned)
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.n_base + self.tail.len()
    }

    pub(crate) fn get(&self, n: usize) -> Option<&T> {
        if let Some(n) = n.checked_sub(self.n_base) {
            return self.tail.get(n);
        }
        let words = self.base.as_ref()?.borrow_dependent();
        let from = n * Self::WORDS;
        bytemuck::cast_slice(words.get(from..from + Self::WORDS)?).first()
    }

    pub(crate) fn get_mut(&mut self, n: usize) -> Option<&mut T> {
        if let Some(n) = n.checked_sub(self.n_base) {
            return self.tail.get_mut(n);
        }
        let from = n * Self::WORDS;
        self.base.as_mut()?.with_dependent_mut(|_, words| {
            bytemuck::cast_slice_mut(words.get_mut(from..from + Self::WORDS)?).first_mut()
        })
    }

    pub(crate) fn push(&mut self, record: T) {
        self.tail.push(record);
    }

    /// Base and tail, in pieces.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = &[T]> {
        let words: &[u32] = self.base.as_ref().map_or(&[], |base| base.borrow_dependent());
        let base = words.get(..self.n_base * Self::WORDS).map_or(&[][..], bytemuck::cast_slice);
        std::iter::once(base).chain(self.tail.pieces())
    }

    /// How many bytes it takes, of which the base may be no more than a file's.
    pub(crate) fn bytes(&self) -> usize {
        self.n_base * size_of::<T>() + self.tail.bytes()
    }
}

impl<T> Default for Storage<T> {
    fn default() -> Self {
        Self { base: None, n_base: 0, tail: Tail::default() }
    }
}

impl<T> From<Vec<T>> for Storage<T> {
    fn from(tail: Vec<T>) -> Self {
        Self { tail: tail.into(), ..Self::default() }
    }
}

/// A copy has all of it in memory of its own.
impl<T: Pod> Clone for Storage<T> {
    fn clone(&self) -> Self {
        let mut copy = Self::default();
        self.pieces().flatten().for_each(|record| copy.push(*record));
        copy
    }
}

impl<T: Pod> std::fmt::Debug for Storage<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Storage")
            .field("n_base", &self.n_base)
            .field("n_tail", &self.tail.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Copied;

    fn of(bytes: &[u8], n: usize) -> Result<Storage<[u32; 2]>, Misaligned> {
        Storage::mapped(Box::new(Copied::new(bytes)), n)
    }

    #[test]
    fn base_and_tail_are_one_row_of_records() {
        let words: Vec<u32> = (0..6).collect();
        let mut storage = of(bytemuck::cast_slice(&words), 3).unwrap();
        storage.push([6, 7]);
        let all: Vec<[u32; 2]> = (0..5).map_while(|n| storage.get(n).copied()).collect();
        assert_eq!(all, [[0, 1], [2, 3], [4, 5], [6, 7]]);
        *storage.get_mut(1).unwrap() = [20, 30];
        *storage.get_mut(3).unwrap() = [60, 70];
        let pieces = |storage: &Storage<[u32; 2]>| storage.pieces().map(<[_]>::to_vec).collect::<Vec<_>>();
        let (base, tail) = (vec![[0, 1], [20, 30], [4, 5]], vec![[60, 70]]);
        assert_eq!(pieces(&storage), [base.clone(), tail.clone()]);
        assert_eq!((storage.len(), storage.get(4)), (4, None));
        assert_eq!(pieces(&storage.clone()), [vec![], [base, tail].concat()]);
    }

    #[test]
    fn a_region_without_room_for_the_records_is_refused() {
        assert!(of(&[0; 16], 2).is_ok());
        assert!(of(&[0; 16], 3).is_err());
        assert!(of(&[0; 16], usize::MAX).is_err());
    }
}
