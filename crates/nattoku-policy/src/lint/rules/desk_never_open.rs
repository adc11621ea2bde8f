//! `desk-never-open`: a desk whose calendar is closed on every day of the week.

use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports desks that are closed on all seven days of the week.
    DeskNeverOpen = "desk-never-open", Law, Warning, ["R70", "APPI-40"];
    ja: "カレンダーが七つの曜日すべてを休みとしている窓口を報告します。",
        "いつ電話しても誰も出ません。苦情を適切に、迅速に扱うよう努める義務があります。";
    en: "Reports desks whose calendar closes them on all seven days of the week.",
        "Whenever somebody calls, nobody answers. Complaints are to be handled properly and promptly.";
    kdl: r#"calendar office { closed monday tuesday wednesday thursday friday saturday sunday }"#
    => r#"calendar office { closed saturday sunday }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for desk in &cx.policy.desks {
        let Some(hours) = &desk.hours else { continue };
        let calendar = cx.policy.calendars.get(&hours.calendar);
        if calendar.is_none_or(|c| c.closed_weekdays.len() < 7) {
            continue;
        }
        let name = &desk.name;
        let message = Words::new(
            format!("窓口 `{name}` は、どの曜日も休みです"),
            format!("the desk `{name}` is closed on every day of the week"),
        );
        let there = cx
            .part(&Rule::new("calendar", &hours.calendar), "closed")
            .saying(Words::new("休みの曜日", "the days on which it is closed"));
        let help = Words::new("開いている曜日を `closed` から除いてください", "take the days on which it is open out of `closed`");
        out.push(rule.finding(cx.part(&Rule::new("desk", name), "open"), message).label(there).help(help));
    }
}
