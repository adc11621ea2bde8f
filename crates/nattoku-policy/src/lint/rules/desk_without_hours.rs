//! `desk-without-hours`: a desk that nobody knows when it is open.

use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports desks without opening hours.
    DeskWithoutHours = "desk-without-hours", Law, Warning, ["R70", "APPI-32-1"];
    ja: "受付時間 `open` のない窓口を報告します。",
        "いつ尋ねられるかが分からず、「いま受付中か」にも答えられません。";
    en: "Reports desks without hours, `open`.",
        "Nobody knows when to ask, and whether it is open now cannot be told.";
    kdl: r#"desk customer_service { ja "お客さま窓口"; en "Customer service"; phone "0570-000-000" }"#
    => r#"desk customer_service {
    ja "お客さま窓口"; en "Customer service"
    phone "0570-000-000"
    open from="10:00" to="18:00" calendar=office
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for desk in cx.policy.desks.iter().filter(|d| d.hours.is_none()) {
        let name = &desk.name;
        let message = Words::new(
            format!("窓口 `{name}` の受付時間がありません"),
            format!("the desk `{name}` has no hours"),
        );
        let help = Words::new(
            "`open from=\"10:00\" to=\"18:00\" calendar=…` を書いてください",
            "write `open from=\"10:00\" to=\"18:00\" calendar=…`",
        );
        out.push(rule.finding(cx.span_of(&Rule::new("desk", name)), message).help(help));
    }
}
