//! `may-continue-without-effect`: an activity may go on after the end of nothing.

use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports `may-continue` without a relationship that could end.
    MayContinueWithoutEffect = "may-continue-without-effect", Language, Warning, ["R38"];
    ja: "`during` がないのに `may-continue` と書かれた利用を報告します。",
        "どの関係にも結び付いていない利用は、契約が終わってもそのまま続きます。「終わってからも」という制限があるように読めますが、何も制限しません。";
    en: "Reports `may-continue` of activities that have no `during`.",
        "What is bound to no relationship goes on anyway. It reads as if the end of a contract limited the activity, and \
         nothing does.";
    kdl: r#"activity invoicing purpose=contract { ja "請求"; en "Invoicing"; needs contact; by billing; may-continue }"#
    => r#"activity invoicing purpose=contract {
    ja "請求"; en "Invoicing"
    needs contact
    by billing
    during line
    may-continue
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, _) in cx.policy.activities.iter().filter(|(_, a)| a.may_continue && a.during.is_empty()) {
        let message = Words::new(
            format!("利用 `{name}` はどの関係にも結び付いていないので、`may-continue` は何も変えません"),
            format!("`{name}` is bound to no relationship, so `may-continue` changes nothing"),
        );
        let help = Words::new(
            "どの関係のあいだの利用かを `during` に書くか、`may-continue` を消してください",
            "say with `during` which relationship it belongs to, or take `may-continue` out",
        );
        out.push(rule.finding(cx.part(&Rule::new("activity", name), "may-continue"), message).help(help));
    }
}
