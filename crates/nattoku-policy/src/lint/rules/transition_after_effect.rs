//! `transition-after-effect`: a transition that keeps an older version for data acquired under the current one.

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports transitions that reach beyond the current version's beginning.
    TransitionAfterEffect = "transition-after-effect", Law, Warning, ["R74", "R75", "APPI-17-2"];
    ja: "今の版の効力が始まった後の取得にも及ぶ経過措置を報告します。",
        "効力が始まった後に取得したデータには、そのときに示した今の利用目的が当てはまります。古い版を当てると、示したことと違う扱いになります。";
    en: "Reports transitions that reach data acquired after the current version took effect.",
        "Data acquired since then came under the purposes that were shown at that time. An older version would treat \
         them otherwise than was said.";
    kdl: r#"effective "2019-12-11"
transition governing="2015-10-01" { when acquired before="2020-04-01" }"#
    => r#"effective "2019-12-11"
transition governing="2015-10-01" { when acquired before="2019-12-11" }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (declaration, transition) in cx.declared("transition").zip(&cx.policy.transitions) {
        if transition.acquired_before <= cx.policy.effective {
            continue;
        }
        let when = declaration.node.child("when");
        let at = when.and_then(|w| w.prop("before").map(|v| w.at(&v.span)));
        let message = Words::new(
            format!("版 `{}` の経過措置が、今の版の効力が始まった後の取得にも及びます", transition.governing),
            format!(
                "the transition to `{}` reaches beyond the day this version takes effect",
                transition.governing
            ),
        );
        let policy = nattoku_model::policy::Rule::new("policy", &cx.policy.name);
        let there = cx.part(&policy, "effective").saying(Words::new("効力の始まり", "in force from here"));
        let help = Words::new(
            "`before=` を効力の始まり以前にしてください",
            "let `before=` be no later than `effective`",
        );
        let at = at.unwrap_or_else(|| declaration.node.head_label());
        out.push(rule.finding(at, message).label(there).help(help));
    }
}
