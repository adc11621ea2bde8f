//! `benefit-missing`: a purpose that does not say what the customer has of it.

use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports purposes without the benefit to the customer.
    BenefitMissing = "benefit-missing", Language, Warning, ["R3"];
    ja: "お客さまにとっての利点 `benefit` のない利用目的を報告します。",
        "何のために使うかだけでは、お客さまはその利用に納得できません。利点を書けない目的は、お客さまのためのものではないかもしれません。";
    en: "Reports purposes without a `benefit` to the customer.",
        "What data are used for is only half of what a customer needs to agree. A purpose whose benefit nobody can write \
         down may not be for the customer at all.";
    kdl: r#"purpose proposals number="2" { ja "ご提案のため"; en "To make proposals" }"#
    => r#"purpose proposals number="2" {
    ja "ご提案のため"; en "To make proposals"
    benefit { ja "自分に合ったプランを知ることができます。"; en "You learn of a plan that suits you." }
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, _) in cx.policy.purposes.iter().filter(|(_, p)| p.benefit.is_empty()) {
        let message = Words::new(
            format!("利用目的 `{name}` にお客さまにとっての利点がありません"),
            format!("the purpose `{name}` does not say what the customer has of it"),
        );
        let help = Words::new(
            "`benefit { ja \"…\"; en \"…\" }` を書いてください",
            "write `benefit { ja \"…\"; en \"…\" }`",
        );
        out.push(rule.finding(cx.span_of(&Rule::new("purpose", name)), message).help(help));
    }
}
