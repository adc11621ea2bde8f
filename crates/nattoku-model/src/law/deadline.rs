//! Deadlines as laws write them: a legal word, a number where there is one, a calendar, a start (CORE-6).

use std::fmt;
use std::str::FromStr;

use jiff::Span;
use jiff::civil::Date;

use crate::language::Text;
use crate::law::Grounds;
use crate::policy::Calendar;

/// Most closed days in a row that are stepped over. No calendar closes for a quarter.
const CLOSED_IN_A_ROW_MAX: usize = 90;

/// The unit of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Calendar months.
    Months,
    /// Calendar years.
    Years,
}

impl Unit {
    /// Every unit.
    pub const ALL: [Self; 4] = [Self::Hours, Self::Days, Self::Months, Self::Years];

    /// The name as used in packs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::Days => "days",
            Self::Months => "months",
            Self::Years => "years",
        }
    }
}

/// A length that a law sets: `"72 hours"`, `"30 days"`, `"3 years"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term {
    /// How many.
    pub number: u16,
    /// Of what.
    pub unit: Unit,
}

impl FromStr for Term {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (number, unit) = text.split_once(' ').ok_or(())?;
        let number = number.parse().map_err(|_| ())?;
        let is_of = |u: &Unit| u.as_str() == unit || u.as_str().strip_suffix('s') == Some(unit);
        let unit = Unit::ALL.into_iter().find(is_of).ok_or(())?;
        if (1..=1200).contains(&number) { Ok(Self { number, unit }) } else { Err(()) }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = self.unit.as_str();
        let unit = if self.number == 1 { unit.strip_suffix('s').unwrap_or(unit) } else { unit };
        write!(f, "{} {unit}", self.number)
    }
}

/// What starts a clock of the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Start {
    /// The organization came to know of it.
    Known,
    /// The claim or request arrived.
    Received,
    /// The decision on it was taken.
    Decided,
    /// Data were acquired.
    Acquired,
    /// Data were provided.
    Provided,
    /// The record was made.
    Created,
    /// Data were provided for the last time.
    LastProvided,
}

impl Start {
    /// Every start.
    pub const ALL: [Self; 7] = [
        Self::Known,
        Self::Received,
        Self::Decided,
        Self::Acquired,
        Self::Provided,
        Self::Created,
        Self::LastProvided,
    ];

    /// The name as used in packs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Received => "received",
            Self::Decided => "decided",
            Self::Acquired => "acquired",
            Self::Provided => "provided",
            Self::Created => "created",
            Self::LastProvided => "last_provided",
        }
    }
}

/// A deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// What is to be done.
    pub title: Text,
    /// The word of the law: "without delay". Empty where the law gives a number alone.
    pub legal_word: Text,
    /// By when at the latest, where there is a number.
    pub within: Option<Term>,
    /// The near end where a guideline gives a range, "3 to 5 days".
    pub least: Option<Term>,
    /// What starts the clock.
    pub after: Start,
    /// The pack's calendar whose closed days it does not end on; none where every day counts alike.
    pub calendar: Option<String>,
    /// Whether the day of the start is the first day of the term.
    pub counts_start: bool,
    /// What it rests on.
    pub grounds: Grounds,
}

impl Deadline {
    /// The last day, for a term in days, months or years that started on `start`. A term that would end on a closed day of
    /// the calendar ends on the next open one. None where there is no number, or it is one of hours.
    #[must_use]
    pub fn last_day(&self, start: Date, calendar: Option<&Calendar>) -> Option<Date> {
        let term = self.within?;
        let number = i32::from(term.number) - i32::from(self.counts_start && term.unit == Unit::Days);
        let span = match term.unit {
            Unit::Hours => return None,
            Unit::Days => Span::new().days(number),
            Unit::Months => Span::new().months(number),
            Unit::Years => Span::new().years(number),
        };
        let mut last = start.checked_add(span).ok()?;
        for _ in 0..CLOSED_IN_A_ROW_MAX {
            if !calendar.is_some_and(|c| c.is_closed(last)) {
                return Some(last);
            }
            last = last.tomorrow().ok()?;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within(term: &str, counts_start: bool) -> Deadline {
        Deadline {
            title: Text::default(),
            legal_word: Text::default(),
            within: term.parse().ok(),
            least: None,
            after: Start::Known,
            calendar: None,
            counts_start,
            grounds: Grounds::default(),
        }
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn terms_read_and_print() {
        for text in ["72 hours", "30 days", "1 month", "3 years"] {
            assert_eq!(text.parse::<Term>().unwrap().to_string(), text);
        }
        for bad in ["", "3", "0 days", "3 weeks", "-1 days", "9999 days"] {
            assert!(bad.parse::<Term>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_day_of_the_start_is_counted_where_the_law_counts_it() {
        assert_eq!(within("30 days", true).last_day(day("2026-11-02"), None), Some(day("2026-12-01")));
        assert_eq!(within("30 days", false).last_day(day("2026-11-02"), None), Some(day("2026-12-02")));
        assert_eq!(within("1 month", true).last_day(day("2026-01-31"), None), Some(day("2026-02-28")));
        assert_eq!(within("72 hours", false).last_day(day("2026-01-31"), None), None);
    }

    #[test]
    fn a_term_that_ends_on_a_closed_day_ends_on_the_next_open_one() {
        let calendar = Calendar {
            closed_weekdays: [6, 7].into(),
            closed_ranges: vec![((12, 29), (1, 3))],
            holidays: [day("2027-01-11")].into(),
        };
        // 2026-12-30 lies in the closed range, which ends with a Sunday.
        assert_eq!(
            within("30 days", true).last_day(day("2026-12-01"), Some(&calendar)),
            Some(day("2027-01-04"))
        );
    }
}
