//! `effective-before-announced`: a version that takes effect before it is announced.

use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports a version announced only after it takes effect.
    EffectiveBeforeAnnounced = "effective-before-announced", Language, Warning, ["R74", "APPI-21-3"];
    ja: "効力の始まりより後に告知される版を報告します。",
        "お客さまは、扱いが変わる前にそれを知り、止める機会を持つ必要があります。";
    en: "Reports a version that is announced only after it has taken effect.",
        "Customers have to hear of a change before it happens, while they can still stop it.";
    kdl: r#"announced "2019-12-20"
effective "2019-12-11T00:00:00+09:00""#
    => r#"announced "2019-08-27"
effective "2019-12-11T00:00:00+09:00""#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let Some(announced) = cx.policy.announced else { return };
    let effective = cx.policy.effective.to_zoned_datetime(cx.policy.timezone.clone()).date();
    if announced <= effective {
        return;
    }
    let policy = Rule::new("policy", &cx.policy.name);
    let message = Words::new(
        format!("告知の日 `{announced}` が効力の始まり `{effective}` より後です"),
        format!("announced on `{announced}`, after taking effect on `{effective}`"),
    );
    let there = cx.part(&policy, "effective").saying(Words::new("効力の始まり", "in force from here"));
    let help = Words::new(
        "告知の日を効力の始まり以前にしてください",
        "announce it on or before the day it takes effect",
    );
    out.push(rule.finding(cx.part(&policy, "announced"), message).label(there).help(help));
}
