//! `entrusted-data-provided`: data handled for another business are given to third parties.

use nattoku_model::policy::{RecipientKind, Rule};

use super::word;
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports provisions to third parties by an activity that is work for another business.
    EntrustedDataProvided = "entrusted-data-provided", Law, Warning, ["R39", "APPI-27-1", "APPI-27-5a"];
    ja: "よその会社から委託された仕事 `entrusted-by` のデータを、第三者に提供する規則を報告します。公的機関への提供は対象外です。",
        "委託されたデータは委託の範囲でしか扱えません。自社の判断で第三者に渡せば、お客さまは委託元にも自社にも渡した覚えのない相手に知られます。";
    en: "Reports provisions whose activity is work `entrusted-by` another business. Authorities are left out.",
        "What is entrusted may be handled only within that work. Given on by one's own rule, it reaches somebody whom the \
         customer dealt with neither through the business nor through its processor.";
    kdl: r#"activity deliveries_for_retailer purpose=contract { ja "配送代行"; en "Deliveries"; needs contact; by till; entrusted-by retailer }
provision to_store { activity deliveries_for_retailer; give contact; to store; basis consent=sharing }"#
    => r#"activity deliveries_for_retailer purpose=contract {
    ja "配送代行"; en "Deliveries"
    needs contact
    by till
    entrusted-by retailer
    to nobody
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, provision) in &cx.policy.provisions {
        let activity = cx.policy.activities.get(&provision.activity);
        let Some(entruster) = activity.and_then(|a| a.entrusted_by.as_ref()) else { continue };
        let is_private =
            |r| cx.policy.recipients.get(r).is_some_and(|r| r.kind != RecipientKind::Authority);
        if !provision.to.iter().any(is_private) {
            continue;
        }
        let work = &provision.activity;
        let message = Words::new(
            format!("`{work}` は `{entruster}` から委託された仕事なので、そのデータを第三者に提供できません"),
            format!("`{work}` is work for `{entruster}`, whose data are not given to third parties"),
        );
        let there = cx
            .part(&Rule::new("activity", work), "entrusted-by")
            .saying(Words::new("委託元", "whose work it is"));
        let help = Words::new(
            "自社の利用として別に登録するか、提供を消してください",
            "register the use as one of your own, or take the provision out",
        );
        let at = word(cx, &Rule::new("provision", name), "activity", work.as_str());
        out.push(rule.finding(at, message).label(there).help(help));
    }
}
