//! `need-never-acquired`: an activity that needs what never comes in.

use nattoku_model::policy::Rule;

use super::{acquired, word};
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports needs that no source gives and nothing is derived into.
    NeedNeverAcquired = "need-never-acquired", Law, Warning, ["R8", "R17", "APPI-17-1"];
    ja: "どの取得元からも来ず、ほかの項目から作られもしない項目を必要とする利用を報告します。",
        "どこから来たのか説明できないデータは使えません。取得の仕方がお客さまに示されていないことにもなります。";
    en: "Reports activities that need a category which no source gives and which is not derived from others.",
        "Data whose origin nobody can tell cannot be used, and customers are not told how they are acquired.";
    kdl: r#"activity partner_offers purpose=proposals {
    ja "ご案内"; en "Offers"
    needs purchase
    by campaign_platform
}"#
    => r#"source member_store channel=indirect {
    ja "加盟店"; en "Member stores"
    confirmed-by agreement
    gives purchase
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let acquired = acquired(cx.policy);
    for (name, activity) in &cx.policy.activities {
        for need in activity.needs.iter().filter(|n| !acquired.meets(n)) {
            let message = Words::new(
                format!("利用 `{name}` が必要とする `{need}` は、どの取得元からも来ません"),
                format!("`{name}` needs `{need}`, which no source gives"),
            );
            let help = Words::new(
                format!("取得元の `gives` に `{need}` を加えるか、`needs` から除いてください"),
                format!("add `{need}` to what a source `gives`, or take it out of `needs`"),
            );
            let at = word(cx, &Rule::new("activity", name), "needs", need.as_str());
            out.push(rule.finding(at, message).help(help));
        }
    }
}
