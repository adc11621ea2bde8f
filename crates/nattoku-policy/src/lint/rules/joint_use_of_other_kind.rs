//! `joint-use-of-other-kind`: a joint use by a recipient of another kind.

use nattoku_model::policy::{RecipientKind, Rule};

use super::word;
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports users of a joint use that are not of the kind `joint_user`.
    JointUseOfOtherKind = "joint-use-of-other-kind", Law, Warning, ["R65", "R67", "APPI-27-5c"];
    ja: "共同利用の `users` に挙げられた、`joint_user` でない相手方を報告します。",
        "相手方の種類は流れごとに決まります。同じ会社でも、委託先や第三者としての宣言では共同利用はできません。";
    en: "Reports recipients among the `users` of a joint use that are not of the kind `joint_user`.",
        "The kind belongs to the flow. A company declared as a processor or a third party cannot use data jointly under \
         that name.";
    kdl: r#"recipient affiliate_card kind=third_party country=JP { ja "カード会社"; en "Card company" }
joint-use group_points { ja "…"; en "…"; users affiliate_card }"#
    => r#"recipient affiliate_card kind=joint_user country=JP { ja "カード会社"; en "Card company" }
joint-use group_points { ja "…"; en "…"; users affiliate_card }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, joint_use) in &cx.policy.joint_uses {
        for user in &joint_use.users {
            let Some(recipient) = cx.policy.recipients.get(user) else { continue };
            if recipient.kind == RecipientKind::JointUser {
                continue;
            }
            let kind = recipient.kind.as_str();
            let message = Words::new(
                format!("共同利用 `{name}` の共同利用者 `{user}` は `{kind}` として宣言されています"),
                format!("`{user}` of the joint use `{name}` is declared as `{kind}`"),
            );
            let there = cx
                .part(&Rule::new("recipient", user), "kind")
                .saying(Words::new("`joint_user` ではありません", "not `joint_user`"));
            let help = Words::new(
                "`kind=joint_user` の相手方を別の名前で宣言してください",
                "declare a recipient with `kind=joint_user` under a name of its own",
            );
            let at = word(cx, &Rule::new("joint-use", name), "users", user.as_str());
            out.push(rule.finding(at, message).label(there).help(help));
        }
    }
}
