//! Dates, times and lengths of time as people read them: absolute, with the day of the week, in the policy's zone.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit, civil::Time};
use nattoku_model::Language;
use nattoku_model::policy::Period;

use crate::words::Words;

/// From how many days on it is told in months how far off a day is.
const DAYS_COUNTED: i64 = 62;

/// How one page writes dates.
#[derive(Clone)]
pub(crate) struct Dates {
    language: Language,
    timezone: TimeZone,
}

impl Dates {
    /// Dates in `language`, in the zone in which the policy means its own.
    pub(crate) fn new(language: Language, timezone: TimeZone) -> Self {
        Self { language, timezone }
    }

    /// The day it is in that zone.
    pub(crate) fn civil(&self, at: &Timestamp) -> Date {
        at.to_zoned_datetime(self.timezone.clone()).date()
    }

    /// `2026年11月23日（月）`, `Mon 23 Nov 2026`.
    pub(crate) fn day(&self, at: &Timestamp) -> String {
        self.date(self.civil(at))
    }

    /// The day and the minute: `2026年11月23日（月）10:12`, `Mon 23 Nov 2026, 10:12`.
    pub(crate) fn minute(&self, at: &Timestamp) -> String {
        let time = at.to_zoned_datetime(self.timezone.clone()).time();
        match self.language {
            Language::Ja => format!("{}{}", self.day(at), clock(time)),
            Language::En => format!("{}, {}", self.day(at), clock(time)),
        }
    }

    /// The minute, with its day where that is another: `10:12`.
    pub(crate) fn time(&self, at: &Timestamp, now: &Timestamp) -> String {
        if self.civil(at) == self.civil(now) {
            clock(at.to_zoned_datetime(self.timezone.clone()).time())
        } else {
            self.minute(at)
        }
    }

    /// A calendar date with its day of the week.
    pub(crate) fn date(&self, date: Date) -> String {
        const JA: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];
        const EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        const MONTHS: [&str; 12] =
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
        let month = usize::from(date.month().unsigned_abs()).saturating_sub(1);
        let pick = |names: &[&'static str], at: usize| names.get(at).copied().unwrap_or_default();
        match self.language {
            Language::Ja => {
                format!("{}年{}月{}日（{}）", date.year(), date.month(), date.day(), pick(&JA, weekday))
            }
            Language::En => {
                format!("{} {} {} {}", pick(&EN, weekday), date.day(), pick(&MONTHS, month), date.year())
            }
        }
    }

    /// The day, and how far off it is: `2026年12月4日（金、あと12日）`, `Fri 4 Dec 2026, in 12 days`.
    pub(crate) fn day_off(&self, at: &Timestamp, now: &Timestamp) -> String {
        let (day, distance) = (self.day(at), self.distance(at, now));
        match self.language {
            Language::Ja => format!("{}、{distance}）", day.trim_end_matches('）')),
            Language::En => format!("{day}, {distance}"),
        }
    }

    /// The minute, and how far off its day is: `2026年11月23日（月、1日前）10:12`, `Mon 23 Nov 2026, 10:12, 1 day ago`.
    pub(crate) fn minute_off(&self, at: &Timestamp, now: &Timestamp) -> String {
        let time = clock(at.to_zoned_datetime(self.timezone.clone()).time());
        match self.language {
            Language::Ja => format!("{}{time}", self.day_off(at, now)),
            Language::En => format!("{}, {time}, {}", self.day(at), self.distance(at, now)),
        }
    }

    /// How far off a day is, in whole days, months or years.
    fn distance(&self, at: &Timestamp, now: &Timestamp) -> String {
        let words = Words::of(self.language);
        let [day, today] = [at, now].map(|t| t.to_zoned_datetime(self.timezone.clone()).date());
        let (first, last, way) = if day < today { (day, today, "ago") } else { (today, day, "ahead") };
        let days = first.until(last).map_or(0, |span| i64::from(span.get_days()));
        let (years, months) = first
            .until((Unit::Year, last))
            .map_or((0, 0), |span| (i64::from(span.get_years()), i64::from(span.get_months())));
        match (days, years, months) {
            (0, ..) => words.get("off-today"),
            (1..DAYS_COUNTED, ..) => words.count(&format!("off-days-{way}"), days),
            (_, 0, months) => words.count(&format!("off-months-{way}"), months),
            (_, years, _) => words.count(&format!("off-years-{way}"), years),
        }
    }

    /// The instant for a `datetime` attribute.
    pub(crate) fn machine(&self, at: &Timestamp) -> String {
        at.to_zoned_datetime(self.timezone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// A length of time: `3年`, `3 years`.
    pub(crate) fn period(&self, period: Period) -> String {
        let text = period.to_string();
        let (count, unit) = text.split_once(' ').unwrap_or((text.as_str(), ""));
        let key = match unit.trim_end_matches('s') {
            "year" => "period-years",
            "month" => "period-months",
            _ => "period-days",
        };
        Words::of(self.language).count(key, count.parse::<i64>().unwrap_or_default())
    }
}

/// `10:12`.
pub(crate) fn clock(time: Time) -> String {
    format!("{}:{:02}", time.hour(), time.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_absolute_with_the_day_of_the_week() {
        let tokyo = TimeZone::get("Asia/Tokyo").unwrap();
        let at: Timestamp = "2026-11-23T01:12:00Z".parse().unwrap();
        let ja = Dates::new(Language::Ja, tokyo.clone());
        let en = Dates::new(Language::En, tokyo);
        assert_eq!(ja.minute(&at), "2026年11月23日（月）10:12");
        assert_eq!(en.minute(&at), "Mon 23 Nov 2026, 10:12");
        let later = at + jiff::SignedDuration::from_hours(12);
        assert_eq!((en.time(&later, &at), ja.time(&at, &at)), ("22:12".to_owned(), "10:12".to_owned()));
        let tomorrow = at + jiff::SignedDuration::from_hours(14);
        assert_eq!(en.time(&tomorrow, &at), "Tue 24 Nov 2026, 0:12");
        assert_eq!(en.machine(&at), "2026-11-23T10:12:00+09:00");
        for (day, off_ja, off_en) in [
            ("2026-11-23T23:00:00+09:00", "今日", "today"),
            ("2026-12-05T00:00:00+09:00", "あと12日", "in 12 days"),
            ("2026-11-22T23:59:00+09:00", "1日前", "1 day ago"),
            ("2027-01-24T00:00:00+09:00", "あと2か月", "in 2 months"),
            ("2025-11-24T00:00:00+09:00", "11か月前", "11 months ago"),
            ("2019-12-11T00:00:00+09:00", "6年前", "6 years ago"),
        ] {
            let day: Timestamp = day.parse().unwrap();
            assert!(ja.day_off(&day, &at).ends_with(&format!("、{off_ja}）")), "{}", ja.day_off(&day, &at));
            assert!(en.day_off(&day, &at).ends_with(&format!(", {off_en}")), "{}", en.day_off(&day, &at));
        }
        let later: Timestamp = "2026-11-24T01:12:00Z".parse().unwrap();
        assert_eq!(ja.minute_off(&at, &later), "2026年11月23日（月、1日前）10:12");
        assert_eq!(en.minute_off(&at, &later), "Mon 23 Nov 2026, 10:12, 1 day ago");
        assert_eq!(ja.period("6 months".parse().unwrap()), "6か月");
        assert_eq!(en.period("1 year".parse().unwrap()), "1 year");
    }
}
