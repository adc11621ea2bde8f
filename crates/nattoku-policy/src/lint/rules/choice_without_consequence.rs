//! `choice-without-consequence`: a choice that does not say what declining it changes.

use nattoku_model::policy::{Refusability, Rule};

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports choices that are not freely refusable and say no consequence.
    ChoiceWithoutConsequence = "choice-without-consequence", Language, Warning, ["R49", "R50"];
    ja: "影響がある、または止められない選択のうち、`consequence` のないものを報告します。",
        "止めると何が変わり、何が変わらないか、止められないならなぜかを、お客さまは先に知る必要があります。";
    en: "Reports choices that have a consequence or cannot be declined, and do not say in `consequence` what it is.",
        "A customer has to know first what stopping changes and what it does not, or why it cannot be stopped.";
    kdl: r#"choice offers refusability=refusable_with_consequence {
    ja "ご案内"; en "Offers"
    covers partner_offers
}"#
    => r#"choice offers refusability=refusable_with_consequence {
    ja "ご案内"; en "Offers"
    consequence { ja "特典が届かなくなります。"; en "Benefits no longer reach you." }
    covers partner_offers
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, choice) in &cx.policy.choices {
        if choice.refusability == Refusability::Refusable || !choice.consequence.is_empty() {
            continue;
        }
        let message = Words::new(
            format!("選択 `{name}` に、止めたときの影響が書かれていません"),
            format!("the choice `{name}` does not say what declining it changes"),
        );
        let why = cx
            .part(&Rule::new("choice", name), "refusability")
            .saying(Words::new("自由に止められる選択ではありません", "it cannot be declined freely"));
        let help = Words::new(
            "`consequence { ja \"…\"; en \"…\" }` を書いてください",
            "write `consequence { ja \"…\"; en \"…\" }`",
        );
        out.push(rule.finding(cx.span_of(&Rule::new("choice", name)), message).label(why).help(help));
    }
}
