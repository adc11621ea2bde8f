//! `provides-more-than-needed`: a provision that gives what its activity does not need.

use nattoku_model::policy::Rule;

use super::word;
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports provisions of categories that the activity does not need.
    ProvidesMoreThanNeeded = "provides-more-than-needed", Law, Warning, ["R17", "APPI-18-1", "APPI-27-1"];
    ja: "利用の `needs` にない項目を渡す提供を報告します。",
        "必要な範囲を超えて渡すことになります。判断は必要性で拒むので、書いたとおりには渡りません。";
    en: "Reports provisions that give a category which is not among the `needs` of their activity.",
        "It would give more than is necessary. The decision refuses it for that reason, so that what is written does not \
         happen.";
    kdl: r#"activity partner_offers purpose=proposals { ja "…"; en "…"; needs purchase; by campaign_platform }
provision offers_to_stores {
    activity partner_offers
    give purchase contact.phone
    to store_partners
    basis consent=partner_sharing
}"#
    => r#"activity partner_offers purpose=proposals { ja "…"; en "…"; needs purchase; by campaign_platform }
provision offers_to_stores {
    activity partner_offers
    give purchase
    to store_partners
    basis consent=partner_sharing
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, provision) in &cx.policy.provisions {
        let Some(activity) = cx.policy.activities.get(&provision.activity) else { continue };
        for category in provision.gives.iter().filter(|c| !activity.is_necessary(c)) {
            let message = Words::new(
                format!(
                    "提供 `{name}` は、利用 `{}` に必要のない `{category}` を渡します",
                    provision.activity
                ),
                format!("`{name}` gives `{category}`, which `{}` does not need", provision.activity),
            );
            let there = cx
                .part(&Rule::new("activity", &provision.activity), "needs")
                .saying(Words::new("必要なのはこれだけ", "all that is needed"));
            let help = Words::new(
                "`give` から除くか、必要であるなら利用の `needs` に加えてください",
                "take it out of `give`, or add it to the activity's `needs` if it is necessary",
            );
            let at = word(cx, &Rule::new("provision", name), "give", category.as_str());
            out.push(rule.finding(at, message).label(there).help(help));
        }
    }
}
