//! `activity-without-application`: an activity for which nobody may ask.

use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports activities that no application may ask for.
    ActivityWithoutApplication = "activity-without-application", Language, Warning, ["R59"];
    ja: "どのアプリケーションも依頼できない利用、つまり `by` のない利用を報告します。",
        "誰が依頼しても拒まれるので、その利用は登録されていても決して行えません。";
    en: "Reports activities without `by`, which no application may ask for.",
        "Whoever asks is refused, so the activity is registered and can never be carried out.";
    kdl: r#"activity delivery purpose=contract { ja "配達"; en "Delivery"; needs contact }"#
    => r#"activity delivery purpose=contract { ja "配達"; en "Delivery"; needs contact; by till }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, _) in cx.policy.activities.iter().filter(|(_, a)| a.by.is_empty()) {
        let message = Words::new(
            format!("利用 `{name}` は、どのアプリケーションも依頼できません"),
            format!("no application may ask for `{name}`"),
        );
        let help = Words::new("依頼してよいものを `by` に書いてください", "say with `by` which may");
        out.push(rule.finding(cx.span_of(&Rule::new("activity", name)), message).help(help));
    }
}
