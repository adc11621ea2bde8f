//! `transmission-incomplete`: an external transmission that does not tell what, to whom and what for.

use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports external transmissions without all that must be made known.
    TransmissionIncomplete = "transmission-incomplete", Law, Error, ["TEL-4"];
    ja: "送る情報 `items`、送信先 `to`、利用目的 `purposes` のどれかがない外部送信を報告します。",
        "端末から情報を外部に送らせるときは、何を、だれに、何のために送るかを知らせる義務があります。";
    en: "Reports external transmissions that lack the `items` sent, `to` whom, or the `purposes`.",
        "Whoever makes a device send data elsewhere has to make known what is sent, to whom and what for.";
    kdl: r#"transmission visit_counts {
    ja "閲覧数の計測"; en "Counting visits"
    items browsing
    purposes research
}"#
    => r#"transmission visit_counts {
    ja "閲覧数の計測"; en "Counting visits"
    items browsing
    to measuring_company
    purposes research
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, transmission) in &cx.policy.transmissions {
        for (node, is_missing, ja, en) in [
            ("items", transmission.items.is_empty(), "送る情報", "what is sent"),
            ("to", transmission.to.is_empty(), "送信先", "to whom it is sent"),
            ("purposes", transmission.purposes.is_empty(), "利用目的", "what it is sent for"),
        ] {
            if !is_missing {
                continue;
            }
            let message = Words::new(
                format!("外部送信 `{name}` に{ja}がありません"),
                format!("the external transmission `{name}` does not tell {en}"),
            );
            let help = Words::new(format!("`{node}` を書いてください"), format!("write `{node}`"));
            out.push(rule.finding(cx.span_of(&Rule::new("transmission", name)), message).help(help));
        }
    }
}
