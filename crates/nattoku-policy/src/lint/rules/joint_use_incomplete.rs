//! `joint-use-incomplete`: a joint use that lacks one of the items to be published.

use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports joint uses without all the items that must be published.
    JointUseIncomplete = "joint-use-incomplete", Law, Error, ["R67", "APPI-27-5c"];
    ja: "データの項目 `items`、利用者の範囲 `users`、利用目的 `purposes`、管理責任者 `responsible` のどれかがない共同利用を報告します。",
        "共同利用が第三者提供にならないのは、これらをあらかじめ知らせている場合だけです。一つ欠ければ、同意のない提供です。";
    en: "Reports joint uses that lack the data `items`, the `users`, their `purposes` or who is `responsible`.",
        "Joint use is no provision to third parties only where all of these are made known beforehand. Where one is \
         missing it is a provision without consent.";
    kdl: r#"joint-use group_points {
    ja "グループのポイント"; en "Points within our group"
    items club.number
    users affiliate_card
    purposes proposals
}"#
    => r#"joint-use group_points {
    ja "グループのポイント"; en "Points within our group"
    items club.number
    users affiliate_card
    purposes proposals
    responsible { ja "当社（所在地、代表者）"; en "The company, its address and representative" }
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, joint_use) in &cx.policy.joint_uses {
        let items = [
            ("items", joint_use.items.is_empty(), "共同で利用する項目", "the data items"),
            ("users", joint_use.users.is_empty(), "共同して利用する者の範囲", "the scope of joint users"),
            ("purposes", joint_use.purposes.is_empty(), "利用する者の利用目的", "the purposes of the users"),
            (
                "responsible",
                joint_use.responsible.is_empty(),
                "管理について責任を持つ者",
                "who is responsible",
            ),
        ];
        for (node, _, ja, en) in items.into_iter().filter(|(_, is_missing, ..)| *is_missing) {
            let message = Words::new(
                format!("共同利用 `{name}` に{ja}がありません"),
                format!("the joint use `{name}` does not tell {en}"),
            );
            let help = Words::new(format!("`{node}` を書いてください"), format!("write `{node}`"));
            out.push(rule.finding(cx.span_of(&Rule::new("joint-use", name)), message).help(help));
        }
    }
}
