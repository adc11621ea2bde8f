//! `guardian-below-law`: a consent item that lets a child agree alone earlier than the law does.

use nattoku_model::law::{AgeRule, Strength};
use nattoku_model::policy::{Guardian, Rule};

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports consent items whose own ages are below those of a law of the policy.
    GuardianBelowLaw = "guardian-below-law", Law, Warning, ["CAP-1", "R41"];
    ja: "`guardian` の年齢が、`law` に書かれた法令または指針の年齢より低い同意事項を報告します。",
        "同意事項の年齢は、法令の年齢を上げることはできても下げることはできません。法律の年齢は同意事項に何と書いても適用され、指針の年齢を下回れば、同意が有効かを争われます。";
    en: "Reports consent items whose `guardian` has ages below those of a law, or of its guideline, named in `law`.",
        "An item's ages can raise those of the law and cannot lower them. Where they stand in a statute they apply whatever \
         the item says; below those of a guideline it can be disputed whether the consent counts.";
    kdl: r#"consent partner_sharing text="1" { ja "…"; en "…"; guardian under=13 }"#
    => r#"consent partner_sharing text="1" { ja "…"; en "…"; guardian under=16 judge-from=12 }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, item) in &cx.policy.consents {
        let Some(own) = item.guardian else { continue };
        let laws = cx.policy.packs.iter().filter_map(|law| Some((law, law.age.as_ref()?)));
        for (law, age) in laws.filter(|(_, age)| is_below(own, age)) {
            let (law, version, under) = (&law.law, &law.version, age.guardian.under);
            let message = Words::new(
                format!("同意事項 `{name}` の年齢が、法令 `{law}` の版 `{version}` の {under} 歳より低くなっています"),
                format!("`{name}` lets a child agree earlier than `{law}` `{version}` does, which has {under}"),
            );
            let judged = age.guardian.judge_from.map(|from| format!(" judge-from={from}")).unwrap_or_default();
            let help = Words::new(
                format!("`guardian under={under}{judged}` と書いてください"),
                format!("write `guardian under={under}{judged}`"),
            );
            out.push(rule.finding(cx.part(&Rule::new("consent", name), "guardian"), message).help(help));
        }
    }
}

/// Whether there is an age at which the item takes the child's own word for more than the law does. Where the law leaves
/// an age to judgment, an item that leaves nothing to judge below its own age does not go below it.
fn is_below(own: Guardian, law: &AgeRule) -> bool {
    let is_less_strict = |age: i16| own.own_consent(age) < law.guardian.own_consent(age);
    let is_judged_alike = law.strength == Strength::Guideline && own.under >= law.guardian.under;
    !is_judged_alike && (0..=i16::from(law.guardian.under)).any(is_less_strict)
}
