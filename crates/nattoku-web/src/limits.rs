//! How many calls a token may make: so many a second, and as many at once after a pause.

use std::num::NonZeroU32;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// The limits of one server.
pub struct Limits(DefaultKeyedRateLimiter<String>);

impl Limits {
    /// So many calls a second for each token.
    #[must_use]
    pub fn of(calls_a_second: NonZeroU32) -> Self {
        Self(RateLimiter::keyed(Quota::per_second(calls_a_second)))
    }

    /// Notes a call of a token, and whether it is one too many.
    pub(crate) fn exceeds(&self, token: &String) -> bool {
        self.0.check_key(token).is_err()
    }
}
