//! `discriminating-outcome`: an activity that decides by what its outcome may not rest on.

use std::collections::BTreeMap;

use nattoku_model::name::{CategoryName, ProhibitionName};
use nattoku_model::policy::{Policy, Prohibition, Rule};

use super::{classes_within, meet, word};
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports activities whose outcome a prohibition forbids to rest on what they need.
    DiscriminatingOutcome = "discriminating-outcome", Law, Warning, ["R37", "APPI-19"];
    ja: "禁止事項が禁じる結果を持ち、その判断の根拠にしてはならない項目を必要とする利用を報告します。",
        "不当な差別をしないという約束は、同意でも法令でも覆りません。その利用は決して許されません。";
    en: "Reports activities with an outcome that a prohibition forbids to rest on a category which they need.",
        "The promise not to discriminate unfairly yields to neither consent nor law. Such an activity is never permitted.";
    kdl: r#"prohibit unfair_discrimination { ja "…"; en "…"; outcome refuse_service; on nationality }
activity admission purpose=contract {
    ja "申込みの審査"; en "Deciding on applications"
    needs contract nationality
    by shop_terminal
    outcome refuse_service
}"#
    => r#"prohibit unfair_discrimination { ja "…"; en "…"; outcome refuse_service; on nationality }
activity admission purpose=contract {
    ja "申込みの審査"; en "Deciding on applications"
    needs contract
    by shop_terminal
    outcome refuse_service
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut by_outcome: BTreeMap<&str, Vec<(&ProhibitionName, &Prohibition)>> = BTreeMap::new();
    for (name, prohibition) in &cx.policy.prohibitions {
        by_outcome.entry(prohibition.outcome.as_str()).or_default().push((name, prohibition));
    }
    for (name, activity) in &cx.policy.activities {
        let Some(outcome) = &activity.outcome else { continue };
        let Some(forbidding) = by_outcome.get(outcome.as_str()) else { continue };
        for need in &activity.needs {
            if let Some((prohibited, _)) = forbidding.iter().find(|(_, p)| speaks_of(cx.policy, p, need)) {
                let message = Words::new(
                    format!("利用 `{name}` の結果 `{outcome}` は `{need}` を根拠にしてはなりません"),
                    format!("`{name}` decides `{outcome}`, which may not rest on `{need}`"),
                );
                let there = cx
                    .span_of(&Rule::new("prohibition", prohibited))
                    .saying(Words::new("この禁止事項による", "forbidden here"));
                let help = Words::new(
                    "`needs` から除くか、この判断をしない利用に分けてください",
                    "take it out of `needs`, or use it in an activity that does not decide this",
                );
                let at = word(cx, &Rule::new("activity", name), "needs", need.as_str());
                out.push(rule.finding(at, message).label(there).help(help));
            }
        }
    }
}

/// Whether the prohibition speaks of the category: by name, by class, or because it names neither and speaks of all.
fn speaks_of(policy: &Policy, prohibition: &Prohibition, category: &CategoryName) -> bool {
    let classes = classes_within(policy, category);
    prohibition.on.iter().any(|on| meet(on, category))
        || prohibition.classes.iter().any(|c| classes.contains(c))
        || (prohibition.on.is_empty() && prohibition.classes.is_empty())
}
