//! Who may look at a principal's data, for which reasons, and when the principal is told (DASH-6).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::language::Text;
use crate::name::RoleName;
use crate::policy::Period;

/// A part of the organisation whose people look at data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    /// Its name in words.
    pub title: Text,
    /// What people are there, each in words.
    pub roles: BTreeMap<RoleName, Text>,
}

/// Why somebody looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewReason {
    /// The sentence that the principal reads.
    pub sentence: Text,
    /// Where law lets it be kept from the principal.
    pub hidden: Option<Hidden>,
}

/// That looks for a reason are kept from the principal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    /// The law that lets it.
    pub basis: String,
    /// For how long after the look at most; for ever where nothing is said.
    pub period: Option<Period>,
    /// Whether the principal may be told meanwhile that there is something, and no more.
    pub counted: bool,
}

/// When a principal may be told of a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// From this instant on.
    From(Timestamp),
    /// Never.
    Never,
}

impl ViewReason {
    /// When the principal may be told of a look at `at` for this reason. What the event says, `hidden_until`, shortens the time
    /// that the rule leaves and never adds to it.
    #[must_use]
    pub fn told(&self, at: Timestamp, hidden_until: Option<Timestamp>, timezone: &TimeZone) -> Told {
        let Some(hidden) = &self.hidden else { return Told::From(at) };
        let Some(period) = hidden.period else { return Told::Never };
        let last = period.after(at, timezone);
        Told::From(hidden_until.map_or(last, |until| until.min(last)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_told_at_once_later_or_never() {
        let at: Timestamp = "2026-01-31T00:00:00Z".parse().unwrap();
        let later: Timestamp = "2026-02-10T00:00:00Z".parse().unwrap();
        let mut reason = ViewReason { sentence: Text::default(), hidden: None };
        assert_eq!(reason.told(at, None, &TimeZone::UTC), Told::From(at));
        let month = Some(Period::months(1));
        reason.hidden = Some(Hidden { basis: "APPI 33(2)(ii)".to_owned(), period: month, counted: true });
        let end: Timestamp = "2026-02-28T00:00:00Z".parse().unwrap();
        assert_eq!(reason.told(at, None, &TimeZone::UTC), Told::From(end));
        assert_eq!(reason.told(at, Some(later), &TimeZone::UTC), Told::From(later));
        // An event alone keeps nothing longer than the policy says.
        let far: Timestamp = "2036-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(reason.told(at, Some(far), &TimeZone::UTC), Told::From(end));
        reason.hidden = Some(Hidden { basis: "APPI 33(2)(iii)".to_owned(), period: None, counted: false });
        assert_eq!(reason.told(at, Some(later), &TimeZone::UTC), Told::Never);
    }
}
