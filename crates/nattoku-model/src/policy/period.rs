//! Lengths of time as a policy writes them: `"3 years"`, `"6 months"`, `"30 days"`.

use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// A calendar length: whole years, months or days, counted in the policy's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    months: u16,
    days: u16,
}

impl Period {
    /// `count` months.
    #[must_use]
    pub const fn months(count: u16) -> Self {
        Self { months: count, days: 0 }
    }

    /// `count` days.
    #[must_use]
    pub const fn days(count: u16) -> Self {
        Self { months: 0, days: count }
    }

    /// The instant one period after `from`; the end of time where that would be beyond it.
    #[must_use]
    pub fn after(self, from: Timestamp, timezone: &TimeZone) -> Timestamp {
        from.to_zoned_datetime(timezone.clone())
            .checked_add(self.span())
            .map_or(Timestamp::MAX, |z| z.timestamp())
    }

    /// The instant one period before `until`; the beginning of time where that would be before it.
    #[must_use]
    pub fn before(self, until: Timestamp, timezone: &TimeZone) -> Timestamp {
        until
            .to_zoned_datetime(timezone.clone())
            .checked_sub(self.span())
            .map_or(Timestamp::MIN, |z| z.timestamp())
    }

    fn span(self) -> Span {
        Span::new().months(i32::from(self.months)).days(i32::from(self.days))
    }
}

impl FromStr for Period {
    type Err = ();

    fn from_str(s: &str) -> Result<Self, ()> {
        let (count, unit) = s.split_once(' ').ok_or(())?;
        let count: u16 = count.parse().map_err(|_| ())?;
        if count == 0 || count > 1200 {
            return Err(());
        }
        match unit {
            "year" | "years" if count <= 100 => Ok(Self::months(count * 12)),
            "month" | "months" => Ok(Self::months(count)),
            "day" | "days" => Ok(Self::days(count)),
            _ => Err(()),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match (self.months, self.days) {
            (0, days) => (days, "day"),
            (months, _) if months % 12 == 0 => (months / 12, "year"),
            (months, _) => (months, "month"),
        };
        write!(f, "{count} {unit}{}", if count == 1 { "" } else { "s" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_read_and_print() {
        for text in ["3 years", "6 months", "30 days", "1 day"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        for bad in ["", "3", "three years", "0 days", "-1 days", "9999 years", "3 weeks"] {
            assert!(bad.parse::<Period>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_month_is_a_calendar_month_in_the_policys_zone() {
        let tokyo = TimeZone::get("Asia/Tokyo").unwrap();
        let start: Timestamp = "2020-01-31T00:00:00+09:00".parse().unwrap();
        let end: Timestamp = "2020-02-29T00:00:00+09:00".parse().unwrap();
        assert_eq!(Period::months(1).after(start, &tokyo), end);
    }
}
