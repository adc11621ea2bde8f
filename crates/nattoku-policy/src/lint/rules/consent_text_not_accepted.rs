//! `consent-text-not-accepted`: the wording shown today does not count as consent.

use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports consent items whose wording of today is not among those accepted.
    ConsentTextNotAccepted = "consent-text-not-accepted", Language, Error, ["R41", "R42"];
    ja: "今日見せる文面 `text` が、同意として認める文面 `accepts` に入っていない同意事項を報告します。",
        "同意を求められて同意したお客さまが、同意したことにならず、何度でも求められます。";
    en: "Reports consent items whose wording of today, `text`, is not among those that count, `accepts`.",
        "A customer who is asked and agrees would not have agreed, and would be asked again for ever.";
    kdl: r#"consent partner_sharing text="2" accepts="1" { ja "…"; en "…" }"#
    => r#"consent partner_sharing text="2" accepts="1 2" { ja "…"; en "…" }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, item) in cx.policy.consents.iter().filter(|(_, c)| !c.accepts.contains(&c.text)) {
        let consent = Rule::new("consent", name);
        let text = &item.text;
        let message = Words::new(
            format!("同意事項 `{name}` が今日見せる文面 `{text}` は、同意として認められていません"),
            format!(
                "the wording `{text}` that the consent item `{name}` shows today does not count as consent"
            ),
        );
        let there = cx.part(&consent, "text").saying(Words::new("今日見せる文面", "the wording shown today"));
        let help = Words::new(
            format!("`accepts=` に `{text}` を加えてください"),
            format!("add `{text}` to `accepts=`"),
        );
        out.push(rule.finding(cx.part(&consent, "accepts"), message).label(there).help(help));
    }
}
