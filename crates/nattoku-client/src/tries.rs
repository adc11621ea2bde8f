//! When a call is tried again. Every call may be: questions change nothing, and a write has a name under which it is done once.

use std::time::{Duration, Instant};

use crate::reply::Reply;
use crate::{ClientError, Settings};

/// The first pause; each further one is twice as long.
const PAUSE: Duration = Duration::from_millis(50);
/// The server is asked too much, or cannot answer for now.
const AGAIN: [u16; 2] = [429, 503];

/// The tries of one call.
pub(crate) struct Tries {
    began: Instant,
    made: u32,
    most: u32,
    within: Duration,
}

impl Tries {
    pub(crate) fn new(settings: &Settings, now: Instant) -> Self {
        Self { began: now, made: 0, most: settings.tries_max, within: settings.whole_wait }
    }

    /// How long the next try may take: its own wait, within that of all.
    pub(crate) fn wait(&mut self, one: Duration, now: Instant) -> Duration {
        self.made = self.made.saturating_add(1);
        one.min(self.left(now))
    }

    /// How long to wait before the next try; nothing where there is none. One that was late is not tried again: it may be that the
    /// server has more to do than it can.
    pub(crate) fn pause(
        &self,
        outcome: &Result<Reply, ClientError>,
        now: Instant,
        random: u8,
    ) -> Option<Duration> {
        let asked = match outcome {
            Ok(reply) if AGAIN.contains(&reply.status) => match &reply.retry_after {
                // A date is not understood, and coming too early would be wrong.
                Some(seconds) => Duration::from_secs(seconds.trim().parse().ok()?),
                None => Duration::ZERO,
            },
            Err(ClientError::Unreachable(_)) => Duration::ZERO,
            _ => return None,
        };
        let pause = PAUSE.saturating_mul(1 << self.made.saturating_sub(1).min(10));
        // Many clients that were refused at once do not come back at once.
        let pause = pause.max(asked) + pause.mul_f64(f64::from(random) / 255.0);
        (self.made < self.most && pause < self.left(now)).then_some(pause)
    }

    fn left(&self, now: Instant) -> Duration {
        self.within.saturating_sub(now.saturating_duration_since(self.began))
    }
}

/// Spreads pauses; zero where the system has no random numbers.
pub(crate) fn random() -> u8 {
    let mut byte = [0];
    let _ = getrandom::fill(&mut byte);
    let [byte] = byte;
    byte
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replied(status: u16, retry_after: Option<&str>) -> Reply {
        Reply { status, retry_after: retry_after.map(str::to_owned), body: Vec::new() }
    }

    fn begun() -> (Tries, Instant) {
        let now = Instant::now();
        let settings = Settings::new("", "").tries(3, Duration::from_secs(5));
        let mut tries = Tries::new(&settings, now);
        assert_eq!(tries.wait(Duration::from_secs(1), now), Duration::from_secs(1));
        (tries, now)
    }

    #[test]
    fn what_may_pass_is_tried_again_after_longer_and_longer_pauses() {
        let (mut tries, now) = begun();
        assert_eq!(tries.pause(&Ok(replied(503, None)), now, 0), Some(PAUSE));
        assert_eq!(tries.pause(&Ok(replied(429, None)), now, 255), Some(PAUSE * 2));
        tries.wait(Duration::ZERO, now);
        assert_eq!(tries.pause(&Ok(replied(503, None)), now, 0), Some(PAUSE * 2));
        tries.wait(Duration::ZERO, now);
        assert_eq!(tries.pause(&Ok(replied(503, None)), now, 0), None);
    }

    #[test]
    fn the_server_says_how_long() {
        let (tries, now) = begun();
        assert_eq!(tries.pause(&Ok(replied(503, Some("1"))), now, 0), Some(Duration::from_secs(1)));
        for unheeded in ["60", "Fri, 27 Nov 2026 18:00:00 GMT", "-1"] {
            assert_eq!(tries.pause(&Ok(replied(503, Some(unheeded))), now, 0), None, "{unheeded}");
        }
    }

    #[test]
    fn what_does_not_pass_is_not_tried_again() {
        let (mut tries, now) = begun();
        for status in [200, 400, 401, 403, 404, 409, 422, 500] {
            assert_eq!(tries.pause(&Ok(replied(status, None)), now, 0), None, "{status}");
        }
        let late = Err(ClientError::Late { after: Duration::ZERO });
        assert_eq!(tries.pause(&late, now, 0), None);
        let later = now + Duration::from_secs(5);
        assert_eq!(tries.pause(&Ok(replied(503, None)), later, 0), None);
        assert_eq!(tries.wait(Duration::from_secs(1), later), Duration::ZERO);
    }
}
