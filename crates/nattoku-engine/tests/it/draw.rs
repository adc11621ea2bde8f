//! Drawing at random, the same way for the same seed.

use jiff::{SignedDuration, Timestamp};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

pub(crate) struct Draw(ChaCha8Rng);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.0.next_u32()).expect("it is small") % n.max(1)
    }

    /// Once in `n` times.
    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn of<'x, T>(&mut self, all: &'x [T]) -> &'x T {
        &all[self.below(all.len())]
    }

    pub(crate) fn pick<T>(&mut self, all: impl IntoIterator<Item = T>) -> Option<T> {
        let mut all: Vec<T> = all.into_iter().collect();
        if all.is_empty() {
            return None;
        }
        let place = self.below(all.len());
        Some(all.swap_remove(place))
    }

    /// Some of them, each with even odds.
    pub(crate) fn some<T>(&mut self, all: impl IntoIterator<Item = T>) -> Vec<T> {
        all.into_iter().filter(|_| self.one_in(2)).collect()
    }

    /// An instant of about eleven years before, lately as often as long ago.
    pub(crate) fn before(&mut self, at: Timestamp) -> Timestamp {
        let hours = match self.below(3) {
            0 => self.below(24 * 40),
            1 => self.below(24 * 400),
            _ => self.below(24 * 4_000),
        };
        let exact = at - SignedDuration::from_hours(i64::try_from(hours).expect("it is small"));
        if self.one_in(12) { exact - SignedDuration::from_nanos(1) } else { exact }
    }

    /// An instant, or one beside it: in the second before or after, or by a fraction that no row keeps.
    pub(crate) fn about(&mut self, instant: Timestamp) -> Timestamp {
        let fraction = SignedDuration::from_nanos(1);
        match self.below(6) {
            0 => instant - SignedDuration::from_secs(1),
            1 => instant + SignedDuration::from_secs(1),
            2 => instant - fraction,
            3 => instant + fraction,
            _ => instant,
        }
    }
}
