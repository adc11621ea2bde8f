//! `provision-to-processor`: a provision to a recipient that is no third party.

use nattoku_model::policy::{RecipientKind, Rule};

use super::word;
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports provisions to processors and joint users.
    ProvisionToProcessor = "provision-to-processor", Law, Warning, ["R65", "CORE-2", "APPI-27-5a"];
    ja: "委託先や共同利用者を `to` に書いた提供を報告します。",
        "提供を受ける者は自分のためにデータを使います。同じ会社でも、委託や共同利用とは別の流れとして、第三者の名前で宣言する必要があります。";
    en: "Reports provisions whose `to` names a processor or a joint user.",
        "Whoever is provided with data uses them for itself. Even for the same company that is another flow, and needs a \
         third party under a name of its own.";
    kdl: r#"recipient lab kind=processor country=JP { ja "分析会社"; en "Analysis company" }
provision research_to_lab { activity lab_research; give purchase; to lab; basis consent=research }"#
    => r#"recipient lab_own_research kind=third_party country=JP { ja "分析会社（自社の研究）"; en "Analysis company, own research" }
provision research_to_lab { activity lab_research; give purchase; to lab_own_research; basis consent=research }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, provision) in &cx.policy.provisions {
        for to in &provision.to {
            let Some(recipient) = cx.policy.recipients.get(to) else { continue };
            if !matches!(recipient.kind, RecipientKind::Processor | RecipientKind::JointUser) {
                continue;
            }
            let kind = recipient.kind.as_str();
            let message = Words::new(
                format!("提供 `{name}` の相手 `{to}` は `{kind}` で、第三者ではありません"),
                format!("`{name}` provides data to `{to}`, which is declared as `{kind}` and no third party"),
            );
            let there = cx
                .part(&Rule::new("recipient", to), "kind")
                .saying(Words::new("別の流れとしての宣言", "declared for another flow"));
            let help = Words::new(
                "`kind=third_party` の相手方を別の名前で宣言してください",
                "declare a recipient with `kind=third_party` under a name of its own",
            );
            let at = word(cx, &Rule::new("provision", name), "to", to.as_str());
            out.push(rule.finding(at, message).label(there).help(help));
        }
    }
}
