//! `transfer-without-effect`: a condition for giving data abroad to a recipient at home.

use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports a `transfer` of recipients in the controller's own country.
    TransferWithoutEffect = "transfer-without-effect", Language, Warning, ["APPI-28-1"];
    ja: "管理者と同じ国にある相手方に書かれた `transfer` を報告します。",
        "同じ国の中では外国への提供の条件は働きません。同意が要るように見えて、同意なしに渡ります。国のほうが誤っていることもあります。";
    en: "Reports a `transfer` of recipients that are in the controller's own country.",
        "Within one country no condition for giving data abroad acts: what seems to need a consent passes without it. Or \
         the country is the wrong one.";
    kdl: r#"recipient lab kind=third_party country=JP { ja "研究所"; en "Lab"; transfer consent=foreign_provision }"#
    => r#"recipient lab kind=third_party country=US { ja "研究所"; en "Lab"; transfer consent=foreign_provision }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let home = cx.policy.controller.country.as_str();
    if home.is_empty() {
        return;
    }
    for (name, _) in cx.policy.recipients.iter().filter(|(_, r)| r.transfer.is_some() && r.country == home) {
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
