//! `purpose-widened`: an activity serves a purpose that it did not serve in the version before.

use nattoku_model::name::PurposeName;
use nattoku_model::policy::{Policy, Rule};

use super::within;
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports activities that gained a purpose since the version before, without a consent or a transition.
    PurposeWidened = "purpose-widened", Law, Warning, ["R18", "APPI-17-2", "APPI-18-1"];
    ja: "直前の版にもある利用のうち、利用目的が増えたのに、同意 `requires` も、前の版に従わせる `transition` もないものを報告します。",
        "前の目的のために預けたデータが、別の目的に使われます。目的の変更は、本人がふつう予期できる関連の範囲に限られ、それを超える利用には同意が要ります。";
    en: "Reports activities of the version before that serve a further purpose now, where neither a consent is required nor a \
         `transition` keeps older data under the version before.",
        "Data given for the former purpose are used for another. A purpose may change only within what is reasonably \
         related to it; anything beyond needs consent.";
    kdl: r#"activity delivery purpose="contract proposals" { ja "配達"; en "Delivery"; needs contact; by till }"#
    => r#"activity delivery purpose="contract proposals" {
    ja "配達"; en "Delivery"
    needs contact
    by till
    requires consent=proposals_by_post
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let Some(before) = version_before(cx) else { return };
    if cx.policy.transitions.iter().any(|t| t.governing == before.version) {
        return;
    }
    for (name, activity) in cx.policy.activities.iter().filter(|(_, a)| a.requires.is_empty()) {
        let Some(former) = before.activities.get(name) else { continue };
        // The purpose itself may say why it stays within what is related (APPI-17-2).
        let is_related = |purpose: &PurposeName| {
            cx.policy.purposes.get(purpose).is_some_and(|p| p.related.contains_key(&before.version))
        };
        for purpose in activity.purposes.iter().filter(|p| !former.purposes.contains(p) && !is_related(p)) {
            let declared = Rule::new("activity", name);
            let message = Words::new(
                format!("利用 `{name}` は、版 `{}` では利用目的 `{purpose}` に用いられていませんでした", before.version),
                format!("`{name}` did not serve the purpose `{purpose}` in the version `{}`", before.version),
            );
            let help = Words::new(
                "`requires consent=…` で同意を求めるか、前のデータを前の版に従わせる `transition` を書くか、関連する範囲だと判断した理由を利用目的の `related` か、`allow` に書いてください",
                "require a consent, keep older data under the version before with a `transition`, or say in `related` of the purpose, or in an `allow`, why it is related",
            );
            let at = cx.node(&declared).and_then(|node| within(node, purpose.as_str()));
            out.push(rule.finding(at.unwrap_or_else(|| cx.span_of(&declared)), message).help(help));
        }
    }
}

/// The version before the current one, if its text is at hand.
fn version_before<'a>(cx: &Context<'a>) -> Option<&'a Policy> {
    let all = cx.versions.oldest_first();
    all.into_iter().rfind(|p| p.version != cx.policy.version).filter(|p| !p.text_absent)
}
