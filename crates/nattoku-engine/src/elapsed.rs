//! Whether a calendar period has passed since an instant, without a calendar where it is not close.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use nattoku_model::policy::Period;

use crate::dates::{Doubt, Moment};

/// How far months of different lengths and shifts of a zone can move the end of a period, and more.
const DOUBT: SignedDuration = SignedDuration::from_hours(24 * 10);

/// A period, for questions about instants between two others.
#[derive(Debug, Clone)]
pub(crate) struct Elapsed {
    period: Period,
    zone: TimeZone,
    /// Whatever is older has surely passed…
    older: Timestamp,
    /// …and whatever is newer surely has not.
    newer: Timestamp,
}

impl Elapsed {
    /// For questions about instants from `first` to `last`.
    pub(crate) fn new(period: Period, zone: &TimeZone, first: Timestamp, last: Timestamp) -> Self {
        let before = |instant| period.before(instant, zone);
        Self {
            period,
            zone: zone.clone(),
            older: before(first).checked_sub(DOUBT).unwrap_or(Timestamp::MIN),
            newer: before(last).checked_add(DOUBT).unwrap_or(Timestamp::MAX),
        }
    }

    /// Whether the period that begins at a moment is over at `at`.
    pub(crate) fn is_over(&self, from: Moment, at: Timestamp, doubt: &Doubt) -> bool {
        doubt.test(from, |from| self.is_over_from(from, at))
    }

    fn is_over_from(&self, from: Timestamp, at: Timestamp) -> bool {
        from < self.older || (from <= self.newer && self.period.after(from, &self.zone) <= at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_without_a_calendar_is_what_the_calendar_tells() {
        for zone in ["Asia/Tokyo", "Europe/Berlin", "Pacific/Apia", "America/St_Johns"] {
            let zone = TimeZone::get(zone).unwrap();
            for period in ["1 day", "1 month", "6 months", "5 years", "100 years"] {
                let period: Period = period.parse().unwrap();
                for day in (0..400).step_by(3) {
                    let at = "2023-12-25T03:30:00Z".parse::<Timestamp>().unwrap()
                        + SignedDuration::from_hours(24 * day);
                    let elapsed = Elapsed::new(period, &zone, at, at + SignedDuration::from_hours(24));
                    for hours in (-24 * 15..24 * 15).step_by(5) {
                        let from = period.before(at, &zone) + SignedDuration::from_hours(hours);
                        assert_eq!(
                            elapsed.is_over_from(from, at),
                            period.after(from, &zone) <= at,
                            "{period} {from} {at}"
                        );
                    }
                }
            }
        }
    }
}
