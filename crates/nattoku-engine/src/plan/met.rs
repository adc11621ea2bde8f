//! What is judged of the patterns of holdings that a plan has met, one after the other in memory.

use std::collections::HashMap;

use super::HeldPart;
use crate::intern::Hasher;

/// Lists of parts that are held, by pattern: as many lists for each as the plan needs.
#[derive(Debug, Clone)]
pub(crate) struct Met {
    /// How many lists there are of each pattern.
    n_lists: usize,
    /// By pattern: one more than the number of its lists; 0 where it was not met.
    numbers: Vec<u32>,
    /// The number of all lists of a pattern. Many patterns have the same: they differ in what the plan does not ask.
    known: HashMap<Vec<Vec<HeldPart>>, u32, Hasher>,
    /// By number and list: where the list ends. It begins where the one before it ends.
    ends: Vec<u32>,
    parts: Vec<HeldPart>,
}

/// The lists of one pattern, in order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lists<'a> {
    start: usize,
    ends: &'a [u32],
    parts: &'a [HeldPart],
}

impl Met {
    pub(crate) const fn new(n_lists: usize) -> Self {
        let known = HashMap::with_hasher(Hasher::new());
        Self { n_lists, numbers: Vec::new(), known, ends: Vec::new(), parts: Vec::new() }
    }

    /// The lists of a pattern, if it was met.
    pub(crate) fn lists(&self, pattern: u32) -> Option<Lists<'_>> {
        let number = self.numbers.get(usize::try_from(pattern).ok()?)?.checked_sub(1)?;
        let first = usize::try_from(number).ok()? * self.n_lists;
        let start = first.checked_sub(1).map_or(Some(&0), |before| self.ends.get(before))?;
        let ends = self.ends.get(first..first + self.n_lists)?;
        Some(Lists { start: usize::try_from(*start).ok()?, ends, parts: &self.parts })
    }

    /// Takes in the lists of one more pattern; nothing happens where numbers have run out.
    pub(crate) fn add(&mut self, pattern: u32, lists: Vec<Vec<HeldPart>>) -> Option<()> {
        let place = usize::try_from(pattern).ok()?;
        let number = match self.known.get(&lists) {
            Some(number) => *number,
            None => self.number(lists)?,
        };
        if self.numbers.len() <= place {
            self.numbers.resize(place + 1, 0);
        }
        *self.numbers.get_mut(place)? = number + 1;
        Some(())
    }

    /// The number of lists that no pattern had before.
    fn number(&mut self, lists: Vec<Vec<HeldPart>>) -> Option<u32> {
        let number = u32::try_from(self.known.len()).ok()?;
        let n_parts = self.parts.len() + lists.iter().map(Vec::len).sum::<usize>();
        u32::try_from(n_parts).ok()?;
        for list in &lists {
            self.parts.extend_from_slice(list);
            self.ends.push(u32::try_from(self.parts.len()).ok()?);
        }
        self.known.insert(lists, number);
        Some(number)
    }
}

impl<'a> Lists<'a> {
    /// The next list; an empty one after the last.
    pub(crate) fn next(&mut self) -> &'a [HeldPart] {
        let Some((end, ends)) = self.ends.split_first() else { return &[] };
        let end = usize::try_from(*end).unwrap_or_default();
        let list = self.parts.get(self.start..end).unwrap_or_default();
        (self.start, self.ends) = (end, ends);
        list
    }
}
