//! Chance, the same every time: a stream of its own for each customer.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A stream of chance.
#[derive(Debug, Clone)]
pub(super) struct Draw(ChaCha8Rng);

impl Draw {
    pub(super) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// The stream of a number.
    pub(super) fn stream(&self, number: u64) -> Self {
        let mut stream = self.0.clone();
        stream.set_stream(number);
        Self(stream)
    }

    pub(super) fn id(&mut self) -> [u8; 16] {
        let mut id = [0; 16];
        self.0.fill_bytes(&mut id);
        id
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        self.0.next_u32() % end.max(1)
    }

    /// True `percent` times in a hundred.
    pub(super) fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// True so many times in a thousand.
    pub(super) fn per_mille(&mut self, n: u32) -> bool {
        self.below(1_000) < n
    }

    /// One of several.
    pub(super) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let number = self.below(u32::try_from(from.len()).unwrap_or(1));
        usize::try_from(number).ok().and_then(|n| from.get(n)).copied().unwrap_or_default()
    }

    /// A second from `from` on and before `until`; `from` where there is none.
    pub(super) fn between(&mut self, from: i64, until: i64) -> i64 {
        let span = u32::try_from(until.saturating_sub(from)).unwrap_or(0);
        from + i64::from(self.below(span))
    }
}
