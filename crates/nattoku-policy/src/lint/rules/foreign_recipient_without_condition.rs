//! `foreign-recipient-without-condition`: a recipient abroad with nothing that makes giving data there lawful.

use nattoku_model::policy::{RecipientKind, Rule};

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports recipients abroad without a condition of transfer.
    ForeignRecipientWithoutCondition = "foreign-recipient-without-condition", Law, Warning, ["APPI-28-1", "CORE-2"];
    ja: "外国にあるのに `transfer` のない相手方を報告します。公的機関は対象外です。",
        "外国への提供は、委託や共同利用であっても、同等の国、体制の整備、本人の同意のどれかが要ります。どれもなければ何も渡せません。";
    en: "Reports recipients in another country without a `transfer`. Authorities are left out.",
        "Giving data abroad needs an equivalent country, a conforming system or the principal's consent, be it entrustment \
         or joint use. With none of them nothing can be given.";
    kdl: r#"recipient system_operator kind=processor country=VN { ja "運用会社"; en "Operator" }"#
    => r#"recipient system_operator kind=processor country=VN {
    ja "運用会社"; en "Operator"
    transfer conforming_system checked="2026-04-01" every="12 months"
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    if cx.policy.controller.country.is_empty() {
        return;
    }
    for (name, recipient) in &cx.policy.recipients {
        let is_open = recipient.transfer.is_some() || recipient.kind == RecipientKind::Authority;
        if is_open || !cx.policy.is_abroad(recipient) {
            continue;
        }
        let country = &recipient.country;
        let message = Words::new(
            format!("外国 `{country}` にある相手方 `{name}` に、渡すための条件がありません"),
            format!("`{name}` is abroad, in `{country}`, and nothing makes giving data there lawful"),
        );
        let help = Words::new(
            "`transfer` に `equivalent_country`、`conforming_system`、`consent=…` のどれかを書いてください",
            "write `transfer` with `equivalent_country`, `conforming_system` or `consent=…`",
        );
        out.push(rule.finding(cx.part(&Rule::new("recipient", name), "country"), message).help(help));
    }
}
