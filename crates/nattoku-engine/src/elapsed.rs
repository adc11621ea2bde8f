//! Whether a calendar period has passed since an instant, without a calendar where it is not close.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use nattoku_model::policy::Period;

use crate::condition::{Instants, Stretch};
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

    /// From which instants on the period is over at `at`.
    ///
    /// What begins earlier does not always end earlier: a month from the evening of 30 January ends later than one from the
    /// morning of the 31st, and a shifted clock does the like. Within a piece of time without a midnight and a shift, of the
    /// clock at either end, it does.
    pub(crate) fn over(&self, at: Timestamp) -> Instants {
        let begins = self.period.before(at, &self.zone);
        let older = begins.checked_sub(DOUBT).unwrap_or(Timestamp::MIN);
        let newer = begins.checked_add(DOUBT).unwrap_or(Timestamp::MAX);
        let is_over = |from| self.period.after(from, &self.zone) <= at;
        let mut over = vec![Stretch { from: None, before: Some(older) }];
        let breaks = self.breaks(older, newer, at);
        for (from, before) in breaks.iter().zip(breaks.iter().skip(1)) {
            if is_over(*from) {
                over.push(Stretch { from: Some(*from), before: Some(first_not(*from, *before, is_over)) });
            }
        }
        Instants::of(over)
    }

    /// The instants from `older` to `newer`, both of them included, between which what begins earlier ends earlier.
    fn breaks(&self, older: Timestamp, newer: Timestamp, at: Timestamp) -> Vec<Timestamp> {
        let zone = &self.zone;
        let shifts = |from: Timestamp, until: Timestamp| {
            let until = until.checked_add(DOUBT).unwrap_or(Timestamp::MAX);
            zone.following(from.checked_sub(DOUBT).unwrap_or(Timestamp::MIN))
                .map(|shift| shift.timestamp())
                .take_while(move |shift| *shift <= until)
        };
        // On the clock a period ends at the time of day at which it began; so the times to which and from which the clock is
        // shifted around the end count on every day around the beginning.
        let mut times = vec![Time::midnight()];
        for shift in shifts(at, at) {
            let just_before = shift.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(shift);
            let clock = |instant: Timestamp| zone.to_datetime(instant);
            let from = clock(just_before).checked_add(SignedDuration::from_nanos(1));
            times.extend(from.ok().map(jiff::civil::DateTime::time));
            times.push(clock(shift).time());
        }
        let mut breaks = vec![older, newer];
        breaks.extend(shifts(older, newer));
        let mut day = zone.to_datetime(older).date();
        let last = zone.to_datetime(newer).date();
        while day <= last {
            for time in &times {
                let ambiguous = zone.to_ambiguous_zoned_datetime(day.to_datetime(*time));
                let both = [ambiguous.clone().earlier(), ambiguous.later()];
                breaks.extend(both.into_iter().flatten().map(|zoned| zoned.timestamp()));
            }
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
        breaks.retain(|instant| (older..=newer).contains(instant));
        breaks.sort();
        breaks.dedup();
        breaks
    }
}

/// The first instant of a stretch for which something is not so that is so up to some instant and not from there on; its end
/// where there is none.
fn first_not(from: Timestamp, before: Timestamp, is_so: impl Fn(Timestamp) -> bool) -> Timestamp {
    let (mut so, mut not) = (from, before);
    loop {
        let half = so.duration_until(not) / 2;
        match so.checked_add(half) {
            Ok(middle) if middle > so => {
                if is_so(middle) {
                    so = middle;
                } else {
                    not = middle;
                }
            }
            _ => return not,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What surrounds the day for which a period is asked, and where what begins earlier ends later.
    const DAYS: [(&str, &str); 9] = [
        ("Asia/Tokyo", "2026-02-28T12:00:00+09:00"),
        ("Asia/Tokyo", "2024-02-29T00:00:00+09:00"),
        ("Asia/Tokyo", "2026-07-01T00:00:00.000000001+09:00"),
        ("Europe/Berlin", "2026-03-29T03:15:00+02:00"),
        ("Europe/Berlin", "2026-10-25T02:30:00+02:00"),
        ("Europe/Berlin", "2026-11-29T02:30:00+01:00"),
        ("America/St_Johns", "2026-03-08T03:30:00-02:30"),
        ("Pacific/Apia", "2011-12-31T00:00:00+14:00"),
        ("Pacific/Apia", "2012-01-30T13:00:00+14:00"),
    ];

    #[test]
    fn the_instants_from_which_a_period_is_over_are_those_of_the_calendar() {
        for (zone, at) in DAYS {
            let zone = TimeZone::get(zone).unwrap();
            let first: Timestamp = at.parse().unwrap();
            for period in ["1 day", "30 days", "1 month", "6 months", "5 years"] {
                let period: Period = period.parse().unwrap();
                for hours in [0, 1, 7, 13] {
                    let at = first + SignedDuration::from_hours(hours);
                    let elapsed = Elapsed::new(period, &zone, at, at + SignedDuration::from_hours(24));
                    let over = elapsed.over(at);
                    let edges = over.stretches().iter().flat_map(|s| [s.from, s.before]).flatten();
                    let beside = |edge: Timestamp| [-1, 0, 1].map(|n| edge + SignedDuration::from_nanos(n));
                    let begins = period.before(at, &zone);
                    let minutes = (-60 * 24 * 12..60 * 24 * 12).step_by(10);
                    let around = minutes.map(|n| begins + SignedDuration::from_mins(n));
                    for from in edges.flat_map(beside).chain(around) {
                        assert_eq!(
                            over.contains(from),
                            elapsed.is_over_from(from, at),
                            "{period} {from} {at}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn what_began_later_may_end_earlier() {
        let zone = TimeZone::get("Asia/Tokyo").unwrap();
        let at: Timestamp = "2026-02-28T12:00:00+09:00".parse().unwrap();
        let elapsed = Elapsed::new("1 month".parse().unwrap(), &zone, at, at);
        let over = elapsed.over(at);
        let [evening, morning] = ["2026-01-30T23:00:00+09:00", "2026-01-31T09:00:00+09:00"]
            .map(|t| t.parse::<Timestamp>().unwrap());
        assert!(!over.contains(evening) && over.contains(morning), "{over:?}");
    }

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
