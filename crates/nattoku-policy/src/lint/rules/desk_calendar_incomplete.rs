//! `desk-calendar-incomplete`: a desk's calendar that does not know the holidays of some year.

use std::collections::BTreeSet;

use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports calendars that know no holidays for a year between the version's beginning and their last.
    DeskCalendarIncomplete = "desk-calendar-incomplete", Law, Warning, ["R70"];
    ja: "窓口が使うカレンダーのうち、効力の始まる年から最後に知っている年までの間に、休日の書かれていない年があるものを報告します。",
        "休日の分からない年には、窓口が開いているかどうかも、期限も数えられません。";
    en: "Reports calendars of desks that know no holidays for some year from the one in which the version takes effect to \
         the last they know.",
        "In a year whose holidays are not known, neither whether a desk is open nor a deadline can be told.";
    kdl: r#"calendar office {
    closed saturday sunday
    holiday "2019-01-01"
    holiday "2021-01-01"
}"#
    => r#"calendar office {
    closed saturday sunday
    holiday "2019-01-01"
    holiday "2020-01-01"
    holiday "2021-01-01"
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let first = cx.policy.effective.to_zoned_datetime(cx.policy.timezone.clone()).year();
    let used: BTreeSet<&str> =
        cx.policy.desks.iter().filter_map(|d| d.hours.as_ref()).map(|h| h.calendar.as_str()).collect();
    for (name, calendar) in cx.policy.calendars.iter().filter(|(name, _)| used.contains(name.as_str())) {
        let known: BTreeSet<i16> = calendar.holidays.iter().map(|h| h.year()).collect();
        let last = known.last().copied().unwrap_or(first).max(first);
        let unknown: Vec<String> =
            (first..=last).filter(|year| !known.contains(year)).map(|year| year.to_string()).collect();
        if unknown.is_empty() {
            continue;
        }
        let (ja, en) = (unknown.join("、"), unknown.join(", "));
        let message = Words::new(
            format!("カレンダー `{name}` に {ja} 年の休日がありません"),
            format!("the calendar `{name}` knows no holidays of {en}"),
        );
        let help = Words::new("`holiday` に書き足してください", "add them as `holiday`");
        out.push(rule.finding(cx.span_of(&Rule::new("calendar", name)), message).help(help));
    }
}
