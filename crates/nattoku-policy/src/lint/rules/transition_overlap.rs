//! `transition-overlap`: transitions that both lay hold on the same data.

use nattoku_model::name::VersionName;
use nattoku_model::policy::{Transition, Versions};

use crate::ast::{Declaration, Node};
use crate::diagnostic::{Diagnostic, Label, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports transitions that cover the same dates of acquisition, or newer versions for older data.
    TransitionOverlap = "transition-overlap", Law, Error, ["R75", "APPI-17-2"];
    ja: "取得日の区切りが同じ二つの経過措置と、古いデータに新しい版、新しいデータに古い版を当てる経過措置を報告します。",
        "どのデータをどの版が治めるかは一つに決まらなければなりません。決まらなければ、取得のときに示した利用目的が守られません。";
    en: "Reports two transitions with the same `before`, and transitions that give older data the newer of two versions.",
        "Which version governs which data must have one answer. Without it the purposes stated at acquisition are not \
         kept.";
    kdl: r#"transition governing="2010-04-01" { when acquired before="2019-12-11" }
transition governing="2015-10-01" { when acquired before="2019-12-11" }"#
    => r#"transition governing="2010-04-01" { when acquired before="2015-10-01" }
transition governing="2015-10-01" { when acquired before="2019-12-11" }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut declared: Vec<(&Declaration<'_>, &Transition)> =
        cx.declared("transition").zip(&cx.policy.transitions).collect();
    // By date, those of one date as they were written: what is wrong is wrong between neighbors.
    declared.sort_by_key(|(_, transition)| transition.acquired_before);
    for pair in declared.windows(2) {
        let [(earlier, other), (declaration, transition)] = pair else { continue };
        let (one, two) = (&other.governing, &transition.governing);
        let message = if other.acquired_before == transition.acquired_before {
            Words::new(
                format!("版 `{one}` と版 `{two}` の経過措置が同じ日より前の取得に及びます"),
                format!("the transitions to `{one}` and `{two}` cover the same dates of acquisition"),
            )
        } else if is_newer(cx.versions, one, two) {
            Words::new(
                format!("版 `{one}` と版 `{two}` の経過措置は、古いデータに新しい版を当てます"),
                format!("the transitions to `{one}` and `{two}` give older data the newer version"),
            )
        } else {
            continue;
        };
        let there = before(earlier.node).saying(Words::new("もう一方の区切り", "where the other ends"));
        let help = Words::new(
            "版ごとに別の区切りを、古い版ほど早く置いてください",
            "give each version a date of its own, the older the version the earlier",
        );
        out.push(rule.finding(before(declaration.node), message).label(there).help(help));
    }
}

/// Whether the one version took effect after the other.
fn is_newer(versions: &Versions, one: &VersionName, other: &VersionName) -> bool {
    let since = |version: &VersionName| versions.get(version).map(|p| p.effective);
    since(one).zip(since(other)).is_some_and(|(one, other)| one > other)
}

fn before(node: &Node) -> Label {
    let when = node.child("when");
    when.and_then(|w| w.prop("before").map(|v| w.at(&v.span))).unwrap_or_else(|| node.head_label())
}
