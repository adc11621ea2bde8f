//! Where to ask: the desks with their hours, and whether they are open now.

use nattoku_model::policy::{Calendar, Desk, Policy};

use crate::dates::clock;
use crate::reading::Reading;
use crate::words::Words;

/// A desk as shown.
pub(crate) struct DeskView {
    pub(crate) title: String,
    pub(crate) phone: Option<String>,
    /// The number for a `tel:` address.
    pub(crate) dial: String,
    pub(crate) toll: bool,
    /// When it is open, in words.
    pub(crate) hours: Option<String>,
    /// On which days it is not, in words.
    pub(crate) closed_days: String,
    /// Whether it is open now; nothing where that cannot be told, and in a rendered site.
    pub(crate) open: Option<bool>,
}

/// The desks of the policy.
pub(crate) fn desks(reading: &Reading<'_>, policy: &Policy) -> Vec<DeskView> {
    policy.desks.iter().map(|desk| view(reading, policy, desk)).collect()
}

fn view(reading: &Reading<'_>, policy: &Policy, desk: &Desk) -> DeskView {
    let calendar = desk.hours.as_ref().and_then(|h| policy.calendars.get(&h.calendar));
    DeskView {
        title: desk.title.get(reading.language).to_owned(),
        phone: desk.phone.clone(),
        dial: dial(desk.phone.as_deref()),
        toll: desk.toll,
        hours: desk.hours.as_ref().map(|h| reading.words.fill2("desk-hours", &clock(h.from), &clock(h.to))),
        closed_days: calendar.map(|c| closed_days(reading.words, c)).unwrap_or_default(),
        open: reading.now.and_then(|now| desk.is_open(now, calendar, &policy.timezone)),
    }
}

/// A telephone number without what stands in it for the eye.
pub(crate) fn dial(phone: Option<&str>) -> String {
    phone.unwrap_or_default().chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}

fn closed_days(words: &Words, calendar: &Calendar) -> String {
    let mut days: Vec<String> =
        calendar.closed_weekdays.iter().map(|day| words.named("weekday", &day.to_string())).collect();
    if !calendar.holidays.is_empty() {
        days.push(words.get("desk-holidays"));
    }
    for (from, to) in &calendar.closed_ranges {
        let day = |(month, day): &(i8, i8)| {
            words.fill2("month-day", &words.named("month", &month.to_string()), &day.to_string())
        };
        days.push(words.fill2("from-to", &day(from), &day(to)));
    }
    if days.is_empty() {
        String::new()
    } else {
        words.fill("desk-closed", &days.join(&words.get("list-comma")))
    }
}
