//! `transfer-without-effect`: a condition for giving data abroad to a recipient at home.

use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports a `transfer` of recipients that are not abroad under any law of the policy.
    TransferWithoutEffect = "transfer-without-effect", Language, Warning, ["APPI-28-1"];
    ja: "ポリシーのどの法令のもとでも外国にあたらない国の相手方に書かれた `transfer` を報告します。自らの国と、欧州経済領域（GDPR）のように法令が外国としない国です。",
        "外国でない国へは、外国への提供の条件は働きません。同意が要るように見えて、同意なしに渡ります。国のほうが誤っていることもあります。";
    en: "Reports a `transfer` of recipients that are not abroad under any law of the policy: in the controller's own country, or \
         in one that the law does not hold to be abroad, as in the European Economic Area under the GDPR.",
        "Where nothing goes abroad no condition for giving data abroad acts: what seems to need a consent passes without it. Or \
         the country is the wrong one.";
    kdl: r#"recipient lab kind=third_party country=JP { ja "研究所"; en "Lab"; transfer consent=foreign_provision }"#
    => r#"recipient lab kind=third_party country=US { ja "研究所"; en "Lab"; transfer consent=foreign_provision }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let policy = cx.policy;
    if policy.controller.country.is_empty() {
        return;
    }
    for (name, _) in policy.recipients.iter().filter(|(_, r)| r.transfer.is_some() && !policy.is_abroad(r)) {
        let declared = Rule::new("recipient", name);
        let message = Words::new(
            format!("相手方 `{name}` は外国にないので、`transfer` は何も変えません"),
            format!("`{name}` is not abroad, so its `transfer` changes nothing"),
        );
        let there = cx.part(&declared, "country").saying(Words::new("相手方の国", "where the recipient is"));
        let help = Words::new("国を確かめるか、`transfer` を消してください", "check the country, or take the `transfer` out");
        out.push(rule.finding(cx.part(&declared, "transfer"), message).label(there).help(help));
    }
}
