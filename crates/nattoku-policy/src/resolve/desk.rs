//! Where to ask and complain: calendars, desks, lines of business, accredited bodies, regulators.

use jiff::civil::Date;
use nattoku_model::policy::{AccreditedBody, Calendar, Desk, Hours, LineOfBusiness, Policy, Regulator};

use super::names::NameKind;
use super::scope::Scope;
use super::shape::{BARE, DECLARATION};
use crate::ast::{Node, Spanned, Value};
use crate::diagnostic::Words;

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The days on which desks are closed.
pub(super) fn calendar(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    let calendar = closed_days(node, scope);
    policy.calendars.insert(name.to_owned(), calendar);
}

/// The closed days that a `calendar` node names; law packs have such nodes too.
pub(crate) fn closed_days(node: &Node, scope: &mut Scope<'_>) -> Calendar {
    scope.shape(
        node,
        &BARE.args(1, 1, "名前", "one name").many(&["closed", "closed-range", "holiday"]).cites(),
    );
    let mut calendar = Calendar::default();
    for child in node.children_named("closed") {
        scope.shape(child, &BARE.args(1, 7, "曜日", "days of the week"));
        for value in &child.args {
            let day = scope.one_of(child, value, &WEEKDAYS, |w| w);
            let number = day.and_then(|day| (1..).zip(WEEKDAYS).find(|(_, w)| *w == day)).map(|(n, _)| n);
            calendar.closed_weekdays.extend(number);
        }
    }
    for child in node.children_named("closed-range") {
        scope.shape(child, &BARE.needs_props(&["from", "to"]));
        let from = child.prop("from").and_then(|v| month_day(child, v, scope));
        let to = child.prop("to").and_then(|v| month_day(child, v, scope));
        calendar.closed_ranges.extend(from.zip(to));
    }
    for child in node.children_named("holiday") {
        scope.shape(child, &BARE.args(1, usize::MAX, "日付", "dates"));
        for value in &child.args {
            calendar.holidays.extend(scope.date(child, value));
        }
    }
    calendar
}

/// A day of any year: `12-29`.
fn month_day(node: &Node, value: &Spanned<Value>, scope: &mut Scope<'_>) -> Option<(i8, i8)> {
    let text = scope.string(node, value)?;
    let day = text.split_once('-').and_then(|(month, day)| {
        let part = |s: &str| (s.len() == 2).then(|| s.parse::<i8>().ok()).flatten();
        // A leap year, so that February the 29th can be meant.
        let date = Date::new(2000, part(month)?, part(day)?).ok()?;
        Some((date.month(), date.day()))
    });
    if day.is_none() {
        let what = Words::new("`12-29` の形の月日", "a day of the year such as `12-29`");
        scope.malformed(node, value, text, &what);
    }
    day
}

/// A place to ask.
pub(super) fn desk(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    scope.shape(node, &DECLARATION.once(&["phone", "open"]));
    let (phone, toll) = phone(node, scope);
    let desk =
        Desk { name: name.to_owned(), title: scope.title(node), phone, toll, hours: hours(node, scope) };
    policy.desks.push(desk);
}

fn phone(node: &Node, scope: &mut Scope<'_>) -> (Option<String>, bool) {
    let Some(child) = node.child("phone") else { return (None, false) };
    scope.shape(child, &BARE.args(1, 1, "電話番号", "a telephone number").props(&["toll"]));
    let toll = scope.flag(child, "toll");
    let Some(value) = child.args.first() else { return (None, toll) };
    let Some(text) = scope.filled(child, value) else { return (None, toll) };
    if !text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '(' | ')' | ' ' | '#' | '*')) {
        let what = Words::new("`0570-000-000` の形の電話番号", "a telephone number such as `0570-000-000`");
        scope.malformed(child, value, text, &what);
        return (None, toll);
    }
    (Some(text.to_owned()), toll)
}

fn hours(node: &Node, scope: &mut Scope<'_>) -> Option<Hours> {
    let child = node.child("open")?;
    scope.shape(child, &BARE.needs_props(&["from", "to", "calendar"]));
    let from = scope.time_of_day(child, "from");
    let to = scope.time_of_day(child, "to");
    let calendar: Option<&str> = scope.name_prop(NameKind::Calendar, child, "calendar");
    let (from, to) = from.zip(to)?;
    if from >= to {
        let message =
            Words::new("`from=` は `to=` より前の時刻にしてください", "`from=` must be earlier than `to=`");
        scope.unexpected(child.head_label(), message);
    }
    calendar.map(|calendar| Hours { from, to, calendar: calendar.to_owned() })
}

/// A line of business.
pub(super) fn line(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    scope.shape(node, &DECLARATION);
    policy.lines.push(LineOfBusiness { name: name.to_owned(), title: scope.title(node) });
}

/// An accredited body that takes complaints.
pub(super) fn body(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    scope.shape(node, &DECLARATION.needs_props(&["line"]).once(&["phone"]));
    let title = scope.title(node);
    let (phone, toll) = phone(node, scope);
    let line: Option<&str> = scope.name_prop(NameKind::Line, node, "line");
    if let Some(line) = line {
        let body = AccreditedBody { name: name.to_owned(), title, line: line.to_owned(), phone, toll };
        policy.bodies.push(body);
    }
}

/// A public office that anybody can turn to.
pub(super) fn regulator(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    scope.shape(node, &DECLARATION.once(&["phone"]));
    let title = scope.title(node);
    let (phone, toll) = phone(node, scope);
    policy.regulators.push(Regulator { name: name.to_owned(), title, phone, toll });
}
