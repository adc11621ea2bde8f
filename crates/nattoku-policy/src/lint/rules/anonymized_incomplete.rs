//! `anonymized-incomplete`: anonymized information whose publication lacks an item.

use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports anonymized information without what must be published.
    AnonymizedIncomplete = "anonymized-incomplete", Law, Warning, ["R68", "APPI-43-2"];
    ja: "情報の項目 `items` や提供の方法 `method` のない匿名加工情報を報告します。",
        "匿名加工情報を作ったときは含まれる項目を、提供するときは項目と方法を公表する義務があります。";
    en: "Reports anonymized information without its `items` or its `method`.",
        "Once made, the items in it must be published; before it is given to others, the items and the method.";
    kdl: r#"anonymized movement_by_area {
    ja "人の動き"; en "Movement by area"
    items location.base_station
}"#
    => r#"anonymized movement_by_area {
    ja "人の動き"; en "Movement by area"
    items location.base_station
    method { ja "暗号化した通信による送付"; en "Sent over encrypted connections" }
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, set) in &cx.policy.anonymized_sets {
        let items = [
            ("items", set.items.is_empty(), "含まれる情報の項目", "the items it contains"),
            ("method", set.method.is_empty(), "提供の方法", "how it is given to others"),
        ];
        for (node, _, ja, en) in items.into_iter().filter(|(_, is_missing, ..)| *is_missing) {
            let message = Words::new(
                format!("匿名加工情報 `{name}` に{ja}がありません"),
                format!("the anonymized information `{name}` does not tell {en}"),
            );
            let help = Words::new(format!("`{node}` を書いてください"), format!("write `{node}`"));
            out.push(rule.finding(cx.span_of(&Rule::new("anonymized", name)), message).help(help));
        }
    }
}
