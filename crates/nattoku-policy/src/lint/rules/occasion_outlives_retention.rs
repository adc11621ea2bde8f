//! `occasion-outlives-retention`: an occasion is open for longer than what opens it is kept.

use jiff::tz::TimeZone;
use nattoku_model::policy::{Policy, Retention, RetentionStart, Rule};

use super::word;
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports occasions that last longer than the data they arise from.
    OccasionOutlivesRetention = "occasion-outlives-retention", Language, Warning, ["R29", "R38"];
    ja: "きっかけのデータの保存期間より長い `within` を報告します。",
        "データは先に消えるので、書かれた期間の終わりまで利用できません。通知文は、実際より長く使うと述べていることになります。";
    en: "Reports occasions whose `within` is longer than the category they wait for is kept.",
        "The data are gone before the time is over, so the last part of it never comes, and the notice tells of more than \
         is done.";
    kdl: r#"retain inquiry for="7 days" after=acquired
activity rate_proposal purpose=proposals { ja "ご提案"; en "Proposals"; needs contract; by desk; when acquired=inquiry within="30 days" }"#
    => r#"retain inquiry for="60 days" after=acquired
activity rate_proposal purpose=proposals { ja "ご提案"; en "Proposals"; needs contract; by desk; when acquired=inquiry within="30 days" }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    // Months have no length of their own, so lengths are compared from the day on which the version takes effect.
    let end = |period: nattoku_model::policy::Period| period.after(cx.policy.effective, &TimeZone::UTC);
    for (name, activity) in &cx.policy.activities {
        for occasion in &activity.occasions {
            let kept: Vec<&Retention> = retentions(cx.policy, &occasion.category).collect();
            let is_shorter = |r: &&Retention| {
                r.after == RetentionStart::Acquired && end(r.period) < end(occasion.within)
            };
            let Some(longest) = kept.iter().max_by_key(|r| end(r.period)) else { continue };
            if !kept.iter().all(is_shorter) {
                continue;
            }
            let category = &occasion.category;
            let message = Words::new(
                format!("きっかけの `{category}` は `{}` で消えるので、`{}` は続きません", longest.period, occasion.within),
                format!("`{category}` is kept for `{}` only, less than the `{}` of this occasion", longest.period, occasion.within),
            );
            let there = cx
                .part(&Rule::new("retention", &longest.category), "for")
                .saying(Words::new("保存期間", "how long it is kept"));
            let help = Words::new(
                "`within=` を短くするか、保存期間を延ばしてください",
                "make `within=` shorter, or keep the category for longer",
            );
            let at = word(cx, &Rule::new("activity", name), "when", category.as_str());
            out.push(rule.finding(at, message).label(there).help(help));
        }
    }
}

/// The periods that hold for a category: its own and those of the categories above it.
fn retentions<'a>(
    policy: &'a Policy,
    category: &'a nattoku_model::name::CategoryName,
) -> impl Iterator<Item = &'a Retention> {
    policy.retentions.iter().filter(move |r| r.category.covers(category))
}
