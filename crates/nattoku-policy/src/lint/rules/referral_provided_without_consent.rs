//! `referral-provided-without-consent`: personal-related data given on other ground than consent.

use nattoku_model::law::{Handling, Need};
use nattoku_model::policy::{Basis, Class, Rule};

use super::{classes_within, protects, word};
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports provisions of personal-related data on an opt-out.
    ReferralProvidedWithoutConsent = "referral-provided-without-consent", Law, Warning, ["APPI-31-1", "APPI-2-7"];
    ja: "個人関連情報を渡す提供のうち、オプトアウトを根拠にしているものを報告します。",
        "相手方が個人データとして取得すると見込まれるときは、本人が同意していることを先に確かめる義務があります。止めないことは同意ではありません。";
    en: "Reports provisions of personal-related data that rest on an opt-out.",
        "Where the recipient is expected to acquire them as personal data, it must first be confirmed that the principal \
         consented. Not having declined is no consent.";
    kdl: r#"provision browsing_to_advertisers {
    activity advertising
    give browsing
    to advertisers
    basis opt-out=offers
}"#
    => r#"provision browsing_to_advertisers {
    activity advertising
    give browsing
    to advertisers
    basis consent=browsing_sharing
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    if !protects(cx.policy, Class::Referral, Handling::Provide, Need::Consent) {
        return;
    }
    for (name, provision) in &cx.policy.provisions {
        if !matches!(provision.basis, Basis::OptOut(_)) {
            continue;
        }
        let declared = Rule::new("provision", name);
        for category in &provision.gives {
            if !classes_within(cx.policy, category).contains(&Class::Referral) {
                continue;
            }
            let message = Words::new(
                format!("個人関連情報 `{category}` の提供 `{name}` が同意を根拠にしていません"),
                format!("`{name}` gives the personal-related data `{category}` without consent"),
            );
            let there = cx.part(&declared, "basis").saying(Words::new("今の根拠", "what it rests on"));
            let help = Words::new("`basis consent=…` を書いてください", "write `basis consent=…`");
            out.push(
                rule.finding(word(cx, &declared, "give", category.as_str()), message).label(there).help(help),
            );
        }
    }
}
