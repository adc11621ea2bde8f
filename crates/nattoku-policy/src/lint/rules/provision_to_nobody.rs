//! `provision-to-nobody`: a provision for an activity that gives data to nobody.

use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports provisions for activities marked `to nobody`.
    ProvisionToNobody = "provision-to-nobody", Language, Warning, ["R30", "R31"];
    ja: "`to nobody` と書かれた利用のための提供を報告します。",
        "一方は誰にも渡さないと約束し、もう一方は渡すと書いています。判断は渡さないほうに従うので、提供は決して行われません。";
    en: "Reports provisions for an activity that is marked `to nobody`.",
        "One promises that nobody gets data, the other gives them. The decision keeps the promise, so that the provision \
         never happens.";
    kdl: r#"activity campaign_news purpose=proposals {
    ja "キャンペーンのご案内"; en "News of campaigns"
    needs purchase
    by campaign_platform
    to nobody
}
provision news_to_stores {
    activity campaign_news
    give purchase
    to store_partners
    basis consent=partner_sharing
}"#
    => r#"activity campaign_news purpose=proposals {
    ja "キャンペーンのご案内"; en "News of campaigns"
    needs purchase
    by campaign_platform
    to nobody
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, provision) in &cx.policy.provisions {
        let activity = &provision.activity;
        if !cx.policy.activities.get(activity).is_some_and(|a| a.to_nobody) {
            continue;
        }
        let message = Words::new(
            format!("利用 `{activity}` は誰にも渡さないとしているのに、提供 `{name}` があります"),
            format!("`{activity}` gives data to nobody, yet the provision `{name}` gives them"),
        );
        let there = cx
            .part(&Rule::new("activity", activity), "to")
            .saying(Words::new("誰にも渡さないという約束", "the promise to give nothing"));
        let help = Words::new(
            "提供を除くか、渡すための利用を別に登録してください",
            "take the provision out, or register another activity for it",
        );
        let at = cx.part(&Rule::new("provision", name), "activity");
        out.push(rule.finding(at, message).label(there).help(help));
    }
}
