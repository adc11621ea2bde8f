//! `entrusts-more-than-needed`: a processor that may handle what the activity does not need.

use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Label, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports entrustments of categories that the activity does not need.
    EntrustsMoreThanNeeded = "entrusts-more-than-needed", Law, Warning, ["R17", "R62", "APPI-25", "APPI-27-5a"];
    ja: "利用の `needs` にない項目を委託先に扱わせる `may` を報告します。",
        "委託は利用目的に必要な範囲に限られます。範囲を超えた分は委託ではなく、同意の要る提供になります。";
    en: "Reports a `may` that lets a processor handle a category which the activity does not need.",
        "Entrustment reaches as far as the purpose needs. What goes beyond is no entrustment but a provision that needs \
         consent.";
    kdl: r#"activity inquiry_answer purpose=contract { ja "…"; en "…"; needs inquiry; by customer_desk }
recipient call_center kind=processor country=JP {
    ja "コールセンター"; en "Call center"
    may inquiry_answer on="inquiry credit"
}"#
    => r#"activity inquiry_answer purpose=contract { ja "…"; en "…"; needs inquiry; by customer_desk }
recipient call_center kind=processor country=JP {
    ja "コールセンター"; en "Call center"
    may inquiry_answer on="inquiry"
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, recipient) in &cx.policy.recipients {
        for entrusted in &recipient.may {
            let Some(activity) = cx.policy.activities.get(&entrusted.activity) else { continue };
            for category in entrusted.on.iter().filter(|c| !activity.is_necessary(c)) {
                let message = Words::new(
                    format!(
                        "`{name}` は、利用 `{}` に必要のない `{category}` を扱えます",
                        entrusted.activity
                    ),
                    format!("`{name}` may handle `{category}`, which `{}` does not need", entrusted.activity),
                );
                let there = cx
                    .part(&Rule::new("activity", &entrusted.activity), "needs")
                    .saying(Words::new("必要なのはこれだけ", "all that is needed"));
                let help = Words::new(
                    "`on=` から除くか、必要であるなら利用の `needs` に加えてください",
                    "take it out of `on=`, or add it to the activity's `needs` if it is necessary",
                );
                let at = place(cx, name.as_str(), entrusted.activity.as_str(), category.as_str());
                out.push(rule.finding(at, message).label(there).help(help));
            }
        }
    }
}

/// The word of the `may` for this activity: a recipient may handle the same category rightly for another.
fn place(cx: &Context<'_>, recipient: &str, activity: &str, category: &str) -> Label {
    let recipient = Rule::new("recipient", recipient);
    let found = cx.node(&recipient).and_then(|node| {
        let mut entrusted = node.children_named("may").filter(|may| may.declared() == Some(activity));
        entrusted.find_map(|may| super::within(may, category))
    });
    found.unwrap_or_else(|| cx.part(&recipient, "may"))
}
