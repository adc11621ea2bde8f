//! `minimise-without-effect`: a minimisation of what the activity does not use.

use nattoku_model::policy::Rule;

use super::{meet, word};
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports minimisations of categories that the activity does not need.
    MinimiseWithoutEffect = "minimise-without-effect", Language, Warning, ["R25", "R33"];
    ja: "利用に要らない項目に対する `minimise` を報告します。",
        "守るつもりの項目が綴り違いなら、その項目は最小化されないまま使われます。";
    en: "Reports a `minimise` on a category that the activity does not need.",
        "Where the category meant is another one, that one is used without being minimised.";
    kdl: r#"activity product_planning purpose=improvement {
    ja "商品の企画"; en "Planning goods"
    needs purchase
    by analytics_platform
    minimise pseudonymize on="browsing"
}"#
    => r#"activity product_planning purpose=improvement {
    ja "商品の企画"; en "Planning goods"
    needs purchase
    by analytics_platform
    minimise pseudonymize on="purchase"
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, activity) in &cx.policy.activities {
        for category in activity.minimise.iter().flat_map(|(_, on)| on) {
            if activity.needs.iter().any(|need| meet(need, category)) {
                continue;
            }
            let message = Words::new(
                format!("利用 `{name}` は項目 `{category}` を使わないので、この最小化は何も変えません"),
                format!("`{name}` does not use `{category}`, so that minimising it changes nothing"),
            );
            let help =
                Words::new("`needs` にある項目を書いてください", "name a category that the activity `needs`");
            let at = word(cx, &Rule::new("activity", name), "minimise", category.as_str());
            out.push(rule.finding(at, message).help(help));
        }
    }
}
