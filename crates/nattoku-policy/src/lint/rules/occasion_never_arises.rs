//! `occasion-never-arises`: an activity that waits for what is never acquired.

use nattoku_model::policy::Rule;

use super::{acquired, word};
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports occasions that never arise.
    OccasionNeverArises = "occasion-never-arises", Language, Warning, ["R29"];
    ja: "どの取得元からも来ない項目の取得をきっかけにしている利用を報告します。",
        "きっかけが決して訪れないので、その利用は決して行えません。";
    en: "Reports activities whose `when acquired=…` waits for a category that no source gives.",
        "The occasion never arises, and so the activity is never open.";
    kdl: r#"activity rate_proposal purpose=proposals {
    ja "料金プランのご提案"; en "Proposing a rate plan"
    needs contract
    by customer_desk
    when acquired=inquiry.rate_consultation within="30 days"
}"#
    => r#"source phone_desk channel=direct {
    ja "電話の窓口"; en "Telephone desk"
    gives inquiry.rate_consultation
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let acquired = acquired(cx.policy);
    for (name, activity) in &cx.policy.activities {
        for occasion in activity.occasions.iter().filter(|o| !acquired.meets(&o.category)) {
            let category = &occasion.category;
            let message = Words::new(
                format!("利用 `{name}` のきっかけになる `{category}` は、どの取得元からも来ません"),
                format!("`{name}` waits for `{category}`, which no source gives"),
            );
            let help = Words::new(
                format!("取得元の `gives` に `{category}` を加えてください"),
                format!("add `{category}` to what a source `gives`"),
            );
            let at = word(cx, &Rule::new("activity", name), "when", category.as_str());
            out.push(rule.finding(at, message).help(help));
        }
    }
}
