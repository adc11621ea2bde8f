//! Dates, times and lengths of time as people read them: absolute, with the day of the week, in the policy's zone.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil::Time};
use nattoku_model::Language;
use nattoku_model::policy::Period;

use crate::words::Words;

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
        assert_eq!(en.machine(&at), "2026-11-23T10:12:00+09:00");
        assert_eq!(ja.period("6 months".parse().unwrap()), "6か月");
        assert_eq!(en.period("1 year".parse().unwrap()), "1 year");
    }
}
