//! `consent-without-consequence`: a consent item that does not say what withdrawing it changes.

use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports consent items without their consequence.
    ConsentWithoutConsequence = "consent-without-consequence", Language, Warning, ["R41", "R53", "DASH-12"];
    ja: "撤回したときに何が変わるか `consequence` のない同意事項を報告します。",
        "撤回の画面は、最後の一歩の前に影響を示します。書かれていなければ、お客さまは何が起きるか分からないまま決めることになります。";
    en: "Reports consent items without a `consequence` of withdrawing.",
        "The page of withdrawal shows what changes before the last step. Without it a customer decides blindly.";
    kdl: r#"consent partner_sharing text="1" {
    ja "提携先への提供"; en "Giving data to partners"
    wording "1" { ja "…"; en "…" }
}"#
    => r#"consent partner_sharing text="1" {
    ja "提携先への提供"; en "Giving data to partners"
    wording "1" { ja "…"; en "…" }
    consequence { ja "特典が届かなくなります。"; en "Benefits no longer reach you." }
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, _) in cx.policy.consents.iter().filter(|(_, c)| c.consequence.is_empty()) {
        let message = Words::new(
            format!("同意事項 `{name}` に、撤回したときの影響が書かれていません"),
            format!("the consent item `{name}` does not say what withdrawing it changes"),
        );
        let help = Words::new(
            "`consequence { ja \"…\"; en \"…\" }` を書いてください",
            "write `consequence { ja \"…\"; en \"…\" }`",
        );
        out.push(rule.finding(cx.span_of(&Rule::new("consent", name)), message).help(help));
    }
}
