//! Chance, the same every time: a stream of its own for each customer.

use jiff::{SignedDuration, Timestamp};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// What every customer's stream starts from.
const SEED: u64 = 20_191_211;

/// What the stream of who looked at each customer's data starts from.
const VIEWS_SEED: u64 = 20_200_401;

/// A customer's stream of chance.
pub(crate) struct Draw(ChaCha8Rng);

impl Draw {
    /// The stream of the customer of a number.
    pub(crate) fn of(customer: u32) -> Self {
        let mut stream = ChaCha8Rng::seed_from_u64(SEED);
        stream.set_stream(u64::from(customer));
        Self(stream)
    }

    /// The stream of who looked at the data of the customer of a number: apart, so that what else is drawn stays as it is.
    pub(crate) fn of_views(customer: u32) -> Self {
        let mut stream = ChaCha8Rng::seed_from_u64(VIEWS_SEED);
        stream.set_stream(u64::from(customer));
        Self(stream)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0.next_u64() % end.max(1)
    }

    /// True `percent` times in a hundred.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of several.
    pub(crate) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let at = usize::try_from(self.below(from.len() as u64)).unwrap_or(0);
        from.get(at).copied().unwrap_or_default()
    }

    /// An instant from `from` on and before `until`; `from` where there is none.
    pub(crate) fn between(&mut self, from: Timestamp, until: Timestamp) -> Timestamp {
        let span = until.as_second().saturating_sub(from.as_second());
        let Ok(span) = u64::try_from(span) else { return from };
        let after = i64::try_from(self.below(span)).unwrap_or(0);
        from.saturating_add(SignedDuration::from_secs(after)).unwrap_or(from)
    }

    /// Some days later: `least` to `most` of them, at another time of day.
    pub(crate) fn days_after(&mut self, from: Timestamp, least: i64, most: i64) -> Timestamp {
        self.between(days(from, least), days(from, most + 1))
    }
}

/// `count` times 24 hours after `from`.
pub(crate) fn days(from: Timestamp, count: i64) -> Timestamp {
    from.saturating_add(SignedDuration::from_hours(24 * count)).unwrap_or(from)
}
