//! `retention-missing`: a category that nothing says how long it is kept.

use nattoku_model::name::CategoryName;
use nattoku_model::policy::{Policy, Rule};

use super::topmost;
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports categories without a retention.
    RetentionMissing = "retention-missing", Law, Warning, ["R38", "APPI-22"];
    ja: "自身にも上の区分にも保存期間 `retain` のない区分を報告します。",
        "期間のないデータは、契約が終わっても永久に残ります。要らなくなったデータは遅滞なく消すよう努める義務があります。";
    en: "Reports categories with no `retain` of their own or of a category above.",
        "Data without a period stay for ever, even after the contract ended. What is no longer needed is to be erased \
         without delay.";
    kdl: r#"category purchase { ja "購入履歴"; en "Purchase history" }"#
    => r#"category purchase { ja "購入履歴"; en "Purchase history" }
retain purchase for="5 years" after=acquired"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let endless: Vec<&CategoryName> =
        cx.policy.categories.keys().filter(|name| is_endless(cx.policy, name)).collect();
    for name in topmost(&endless) {
        let message = Words::new(
            format!("区分 `{name}` の保存期間がありません"),
            format!("nothing says how long `{name}` is kept"),
        );
        let help = Words::new(
            format!("`retain {name} for=\"…\" after=acquired` のように書いてください"),
            format!("write for example `retain {name} for=\"…\" after=acquired`"),
        );
        out.push(rule.finding(cx.span_of(&Rule::new("category", &name)), message).help(help));
    }
}

/// Whether neither the category has a period nor every one of those just below it.
fn is_endless(policy: &Policy, name: &CategoryName) -> bool {
    if policy.retention_of(name).next().is_some() {
        return false;
    }
    let mut below = policy.categories.keys().filter(|c| c.parent().as_ref() == Some(name)).peekable();
    below.peek().is_none() || below.any(|c| is_endless(policy, c))
}
