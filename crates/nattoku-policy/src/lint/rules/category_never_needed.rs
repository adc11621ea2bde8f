//! `category-never-needed`: data that are acquired and serve nothing.

use nattoku_model::policy::Rule;

use super::Tree;
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports categories that a source gives and no activity needs.
    CategoryNeverNeeded = "category-never-needed", Law, Warning, ["R17", "APPI-17-1", "APPI-22"];
    ja: "取得元から来るのに、どの利用も必要とせず、ほかの項目の元にもならない項目を報告します。",
        "利用目的のないデータは持つ理由がありません。要らなくなったデータは遅滞なく消すよう努める義務があります。";
    en: "Reports categories that a source gives, while no activity needs them and no other category is derived from them.",
        "Data without a purpose have no reason to be there, and what is no longer needed is to be erased without delay.";
    kdl: r#"category gender { ja "性別"; en "Gender" }
source app_screen channel=direct { ja "アプリ"; en "App"; gives gender }"#
    => r#"source app_screen channel=direct { ja "アプリ"; en "App"; gives contact }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let policy = cx.policy;
    let given = Tree::of(policy.sources.values().flat_map(|s| &s.gives));
    let activities = policy.activities.values();
    let needed = activities.flat_map(|a| a.needs.iter().chain(a.occasions.iter().map(|o| &o.category)));
    let serving = Tree::of(needed.chain(policy.categories.values().flat_map(|c| &c.derived_from)));
    let unneeded = Tree::of(policy.categories.keys().filter(|c| given.covers(c) && !serving.meets(c)));
    for name in unneeded.topmost() {
        let message = Words::new(
            format!("項目 `{name}` は取得されますが、どの利用も必要としません"),
            format!("`{name}` is acquired, and no activity needs it"),
        );
        let help = Words::new(
            "取得をやめるか、必要とする利用の `needs` に書いてください",
            "stop acquiring it, or name it in `needs` of the activity that it is for",
        );
        out.push(rule.finding(cx.span_of(&Rule::new("category", name)), message).help(help));
    }
}
