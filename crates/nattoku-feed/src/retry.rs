//! How often and after how long what was not taken is sent again.

use std::time::Duration;

/// By what terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// How long it is until the second attempt.
    pub first: Duration,
    /// How long it is at most until the next.
    pub most: Duration,
    /// After how many attempts an event is given up.
    pub attempts_max: u32,
}

/// Longest that is waited because a receiver asks for it.
const ASKED_MAX: Duration = Duration::from_hours(6);

impl Default for Retry {
    /// A receiver that is started anew loses nothing by a minute, nor by some hours: 20 attempts take four to eight.
    fn default() -> Self {
        Self { first: Duration::from_secs(1), most: Duration::from_hours(1), attempts_max: 20 }
    }
}

impl Retry {
    /// How long it is after so many attempts until the next: twice as long each time, of which between half and all, by a random number,
    /// so that what failed together does not come again together. A receiver that asks for longer is not sent anything sooner.
    #[must_use]
    pub fn wait(&self, attempts: u32, random: u32, asked: Option<Duration>) -> Duration {
        let doubled = self.first.saturating_mul(2_u32.saturating_pow(attempts.saturating_sub(1)));
        let longest = doubled.min(self.most);
        let share = f64::from(random) / f64::from(u32::MAX);
        let wait = longest.mul_f64(0.5 + share / 2.0);
        wait.max(asked.unwrap_or_default().min(ASKED_MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn each_wait_is_twice_as_long_up_to_the_longest() {
        let retry = Retry { first: SECOND, most: 10 * SECOND, attempts_max: 9 };
        let longest = |attempts| retry.wait(attempts, u32::MAX, None);
        assert_eq!([1, 2, 3, 4, 5, 99].map(longest), [1, 2, 4, 8, 10, 10].map(|n| n * SECOND));
        assert_eq!(retry.wait(3, 0, None), 2 * SECOND, "half at least");
    }

    #[test]
    fn an_event_is_given_up_after_four_to_eight_hours() {
        let retry = Retry::default();
        let in_all = |random| (1..retry.attempts_max).map(|n| retry.wait(n, random, None)).sum::<Duration>();
        let minutes = |random| in_all(random).as_secs() / 60;
        assert_eq!((minutes(0), minutes(u32::MAX)), (4 * 60 + 4, 8 * 60 + 8));
    }

    #[test]
    fn a_receiver_may_ask_for_longer_and_not_for_ever() {
        let retry = Retry::default();
        assert_eq!(retry.wait(1, u32::MAX, Some(90 * SECOND)), 90 * SECOND);
        assert_eq!(retry.wait(1, u32::MAX, Some(Duration::ZERO)), SECOND);
        assert_eq!(retry.wait(1, 0, Some(Duration::MAX)), ASKED_MAX);
    }
}
