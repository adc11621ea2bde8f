//! `category-without-description`: a category that no sentence explains to the customer.

use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports categories without a description.
    CategoryWithoutDescription = "category-without-description", Language, Note, ["R4", "R51"];
    ja: "説明 `description` のない項目を報告します。",
        "ダッシュボードは項目ごとに説明を一文示します。名前だけでは、何が含まれるのかがお客さまに伝わりません。";
    en: "Reports categories without a `description`.",
        "The dashboard shows a sentence for each category. The name alone does not tell a customer what is in it.";
    kdl: r#"category purchase { ja "購入履歴"; en "Purchase history" }"#
    => r#"category purchase {
    ja "購入履歴"; en "Purchase history"
    description { ja "買った物、日時、金額です。"; en "What you bought, when, and for how much." }
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, _) in cx.policy.categories.iter().filter(|(_, c)| c.description.is_empty()) {
        let message = Words::new(
            format!("項目 `{name}` に説明がありません"),
            format!("the category `{name}` has no description"),
        );
        let help = Words::new(
            "お客さま向けの一文を `description { ja \"…\"; en \"…\" }` に書いてください",
            "write one plain sentence for customers in `description { ja \"…\"; en \"…\" }`",
        );
        out.push(rule.finding(cx.span_of(&Rule::new("category", name)), message).help(help));
    }
}
