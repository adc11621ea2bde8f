//! `prohibition-without-effect`: a prohibition of an outcome that no activity has.

use std::collections::BTreeSet;

use nattoku_model::name::nearest;
use nattoku_model::policy::Rule;

use super::word;
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports prohibitions whose outcome no activity decides.
    ProhibitionWithoutEffect = "prohibition-without-effect", Language, Warning, ["R37", "APPI-19"];
    ja: "どの利用も持たない結果 `outcome` を禁じている禁止事項を報告します。",
        "禁止は利用の `outcome` と同じ語で結びつきます。語が違えば、公表した約束が何も止めません。";
    en: "Reports prohibitions of an `outcome` that no activity has.",
        "A prohibition and an activity meet by the same word. With another word the promise that was published stops \
         nothing.";
    kdl: r#"prohibit unfair_discrimination { ja "…"; en "…"; outcome refuse_servce; class special_care }"#
    => r#"prohibit unfair_discrimination { ja "…"; en "…"; outcome refuse_service; class special_care }"#
}

/// Outcomes compared in search of the nearest one, over all prohibitions. Beyond this none is offered any more.
const COMPARISONS_MAX: usize = 10_000;

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let outcomes: BTreeSet<&str> =
        cx.policy.activities.values().filter_map(|a| a.outcome.as_deref()).collect();
    let mut comparisons_left = COMPARISONS_MAX;
    for (name, prohibition) in &cx.policy.prohibitions {
        let outcome = prohibition.outcome.as_str();
        if outcomes.contains(outcome) {
            continue;
        }
        let message = Words::new(
            format!("禁止事項 `{name}` の結果 `{outcome}` を持つ利用がありません"),
            format!("no activity has the outcome `{outcome}` that `{name}` prohibits"),
        );
        let at = word(cx, &Rule::new("prohibition", name), "outcome", outcome);
        let near = comparisons_left.checked_sub(outcomes.len()).and_then(|left| {
            comparisons_left = left;
            nearest(outcome, outcomes.iter().copied())
        });
        let finding = match near {
            Some(near) => rule
                .finding(at.clone(), message)
                .help(Words::new(format!("`{near}` のことですか"), format!("did you mean `{near}`?")))
                .suggest(&at, near),
            None => rule.finding(at, message).help(Words::new(
                format!("その判断をする利用に `outcome {outcome}` を書いてください"),
                format!("write `outcome {outcome}` in the activities that decide it"),
            )),
        };
        out.push(finding);
    }
}
