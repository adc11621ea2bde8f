//! Records that came one after the other: the first of them in ordinary memory, and where there are many, the others in large
//! pages, which are never moved.

use std::alloc::{Layout, handle_alloc_error};

use bytemuck::Pod;
use nattoku_map::Pages;

/// Bytes that a chunk has at least: some large pages.
const CHUNK_BYTES: usize = 4 << 20;

pub(crate) struct Tail<T> {
    /// Grows until it is as long as a chunk.
    head: Vec<T>,
    /// What came after it, all of them full but for the last.
    chunks: Vec<Pages>,
    len: usize,
}

impl<T: Pod> Tail<T> {
    /// Records of a chunk, a power of two.
    const CHUNK: usize = CHUNK_BYTES.div_ceil(size_of::<T>()).next_power_of_two();

    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn get(&self, n: usize) -> Option<&T> {
        let Some(behind) = n.checked_sub(self.head.len()) else { return self.head.get(n) };
        let chunk = self.chunks.get(behind / Self::CHUNK)?;
        records(chunk).get(behind % Self::CHUNK).filter(|_| n < self.len)
    }

    pub(crate) fn get_mut(&mut self, n: usize) -> Option<&mut T> {
        let Some(behind) = n.checked_sub(self.head.len()) else { return self.head.get_mut(n) };
        let chunk = self.chunks.get_mut(behind / Self::CHUNK)?;
        records_mut(chunk).get_mut(behind % Self::CHUNK).filter(|_| n < self.len)
    }

    pub(crate) fn push(&mut self, record: T) {
        if self.chunks.is_empty() && self.head.len() < Self::CHUNK {
            self.head.push(record);
            self.len += 1;
            return;
        }
        let behind = self.len - self.head.len();
        if behind / Self::CHUNK == self.chunks.len() {
            self.chunks
                .push(Pages::zeroed(Self::CHUNK * size_of::<T>()).unwrap_or_else(|_| out_of_memory::<T>()));
        }
        self.len += 1;
        if let Some(place) = self.get_mut(self.len - 1) {
            *place = record;
        }
    }

    /// All of them, in pieces.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = &[T]> {
        let in_chunks = self.len - self.head.len();
        let chunks = self.chunks.iter().enumerate().map(move |(number, chunk)| {
            let used = (in_chunks - number * Self::CHUNK).min(Self::CHUNK);
            records(chunk).get(..used).unwrap_or_default()
        });
        std::iter::once(&*self.head).chain(chunks)
    }

    /// How many bytes they take.
    pub(crate) fn bytes(&self) -> usize {
        (self.head.capacity() + self.chunks.len() * Self::CHUNK) * size_of::<T>()
    }
}

fn records<T: Pod>(chunk: &Pages) -> &[T] {
    bytemuck::cast_slice(chunk.as_ref())
}

fn records_mut<T: Pod>(chunk: &mut Pages) -> &mut [T] {
    bytemuck::cast_slice_mut(chunk.as_mut())
}

/// Ends the program, as a list does that can't grow.
fn out_of_memory<T: Pod>() -> Pages {
    handle_alloc_error(Layout::array::<T>(Tail::<T>::CHUNK).unwrap_or(Layout::new::<T>()))
}

impl<T> Default for Tail<T> {
    fn default() -> Self {
        Self { head: Vec::new(), chunks: Vec::new(), len: 0 }
    }
}

impl<T> From<Vec<T>> for Tail<T> {
    fn from(head: Vec<T>) -> Self {
        Self { len: head.len(), head, chunks: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_where_they_were_put_in_the_head_and_in_every_chunk() {
        let chunk = u32::try_from(Tail::<[u32; 2]>::CHUNK).unwrap();
        let n = 2 * chunk + chunk / 2;
        let mut tail = Tail::default();
        for record in 0..n {
            tail.push([record, !record]);
        }
        assert_eq!((tail.head.len(), tail.chunks.len()), (Tail::<[u32; 2]>::CHUNK, 2));
        for record in [0, 1, chunk - 1, chunk, 2 * chunk - 1, 2 * chunk, n - 1] {
            let place = usize::try_from(record).unwrap();
            assert_eq!(tail.get(place), Some(&[record, !record]));
        }
        let behind = tail.len();
        assert!(tail.get(behind).is_none() && tail.get_mut(behind).is_none());
        *tail.get_mut(usize::try_from(chunk).unwrap()).unwrap() = [5, 6];
        let all: Vec<u32> = tail.pieces().flatten().map(|[record, _]| *record).collect();
        let expected: Vec<u32> = (0..n).map(|record| if record == chunk { 5 } else { record }).collect();
        assert!(all == expected);
    }
}
