//! Equal values kept once and named by a small number.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{BuildHasherDefault, Hash};
use std::sync::Arc;

/// Hashes alike in every run, so that nothing here depends on chance.
pub(crate) type Hasher = BuildHasherDefault<DefaultHasher>;

/// The values seen so far, each by the number under which it was first seen.
#[derive(Debug, Clone)]
pub(crate) struct Interner<T> {
    numbers: HashMap<Arc<T>, u32, Hasher>,
    values: Vec<Arc<T>>,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self { numbers: HashMap::default(), values: Vec::new() }
    }
}

impl<T: Eq + Hash> Interner<T> {
    /// The number of a value, a new one where it was not seen before; none where numbers have run out.
    pub(crate) fn intern(&mut self, value: T) -> Option<u32> {
        if let Some(number) = self.numbers.get(&value) {
            return Some(*number);
        }
        let number = u32::try_from(self.values.len()).ok()?;
        let value = Arc::new(value);
        self.values.push(Arc::clone(&value));
        self.numbers.insert(value, number);
        Some(number)
    }

    /// The value of a number.
    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        self.values.get(usize::try_from(number).ok()?).map(Arc::as_ref)
    }

    /// Every value, by its number.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &T> {
        self.values.iter().map(Arc::as_ref)
    }

    /// About how many bytes all values take, told of each what it takes itself.
    pub(crate) fn bytes(&self, of: impl Fn(&T) -> usize) -> usize {
        // Two counters beside the value, a pointer to it in the list, and a pointer and a number with a byte in the table.
        let beside = 2 * size_of::<usize>() + size_of::<usize>();
        let in_table = self.numbers.capacity() * (size_of::<(Arc<T>, u32)>() + 1);
        self.values.iter().map(|value| of(value) + beside).sum::<usize>() + in_table
    }

    /// All values, each with its number.
    pub(crate) fn all(&self) -> impl Iterator<Item = (u32, &T)> {
        (0..).zip(self.values.iter().map(Arc::as_ref))
    }

    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_one_number() {
        let mut interner = Interner::default();
        let numbers: Vec<_> = ["a", "b", "a"].into_iter().filter_map(|v| interner.intern(v)).collect();
        assert_eq!(numbers, [0, 1, 0]);
        assert_eq!((interner.get(1), interner.get(2), interner.len()), (Some(&"b"), None, 2));
    }
}
