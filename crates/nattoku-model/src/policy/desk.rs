//! Where to ask, when it is open, and who else takes complaints (S9).

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;

use crate::language::Text;

/// The days on which a desk is closed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Days of the week.
    pub closed_weekdays: BTreeSet<u8>,
    /// Ranges within the year as (month, day) pairs, both ends included; the range may pass the turn of the year.
    pub closed_ranges: Vec<((i8, i8), (i8, i8))>,
    /// National holidays by date.
    pub holidays: BTreeSet<Date>,
}

impl Calendar {
    /// Whether the calendar knows the holidays of the date's year; where it does not, no answer is given.
    #[must_use]
    pub fn knows(&self, date: Date) -> bool {
        self.holidays.iter().any(|h| h.year() == date.year())
    }

    /// Whether `date` is a closed day.
    #[must_use]
    pub fn is_closed(&self, date: Date) -> bool {
        let day = (date.month(), date.day());
        self.closed_weekdays.contains(&weekday_number(date.weekday()))
            || self.holidays.contains(&date)
            || self.closed_ranges.iter().any(|(from, to)| {
                if from <= to { *from <= day && day <= *to } else { *from <= day || day <= *to }
            })
    }
}

/// Monday is 1, Sunday is 7.
#[must_use]
pub fn weekday_number(weekday: Weekday) -> u8 {
    weekday.to_monday_one_offset().unsigned_abs()
}

/// Opening hours of a day on which a desk is not closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// Opens at.
    pub from: Time,
    /// Closes at.
    pub to: Time,
    /// The calendar that tells closed days.
    pub calendar: String,
}

/// A place to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// Its name.
    pub name: String,
    /// Its name in words.
    pub title: Text,
    /// Its telephone number.
    pub phone: Option<String>,
    /// Whether calling costs.
    pub toll: bool,
    /// When it is open.
    pub hours: Option<Hours>,
}

impl Desk {
    /// Whether the desk is open at an instant (R70); `None` where its hours or the year's holidays are not known.
    #[must_use]
    pub fn is_open(&self, at: Timestamp, calendar: Option<&Calendar>, timezone: &TimeZone) -> Option<bool> {
        let hours = self.hours.as_ref()?;
        let calendar = calendar?;
        let local = at.to_zoned_datetime(timezone.clone()).datetime();
        calendar.knows(local.date()).then(|| {
            !calendar.is_closed(local.date()) && hours.from <= local.time() && local.time() < hours.to
        })
    }
}

/// A line of business, by which complaints are routed (R71).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineOfBusiness {
    /// Its name.
    pub name: String,
    /// Its name in words.
    pub title: Text,
}

/// An accredited body that takes complaints about a line of business (APPI-47).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccreditedBody {
    /// Its name.
    pub name: String,
    /// Its name in words.
    pub title: Text,
    /// The line of business.
    pub line: String,
    /// Its telephone number, where it publishes one.
    pub phone: Option<String>,
    /// Whether calling costs.
    pub toll: bool,
}

/// A public office that sees to it that the law is kept, and that anybody can turn to (APPI 132).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regulator {
    /// Its name.
    pub name: String,
    /// Its name in words.
    pub title: Text,
    /// Its telephone number, where it publishes one.
    pub phone: Option<String>,
    /// Whether calling costs.
    pub toll: bool,
}
