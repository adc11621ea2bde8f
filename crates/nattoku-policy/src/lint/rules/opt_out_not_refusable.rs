//! `opt-out-not-refusable`: a provision that rests on a chance to decline which is none.

use nattoku_model::policy::{Basis, Refusability, Rule};

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports opt-out provisions whose choice cannot be declined.
    OptOutNotRefusable = "opt-out-not-refusable", Law, Error, ["APPI-27-2", "R49"];
    ja: "止められない選択 `not_refusable` をオプトアウトの根拠にしている提供を報告します。",
        "オプトアウトによる提供は、求めがあれば止めることが条件です。止められないなら、同意も法令の根拠もない提供です。";
    en: "Reports provisions on an opt-out whose choice is `not_refusable`.",
        "The opt-out route stands on stopping when asked. Where nobody can ask, the provision has neither consent nor \
         law behind it.";
    kdl: r#"choice listing refusability=not_refusable { ja "名簿"; en "Listing"; covers listing }
provision listing_to_publishers {
    activity listing
    give contact.name
    to publishers
    basis opt-out=listing
}"#
    => r#"choice listing refusability=refusable { ja "名簿"; en "Listing"; covers listing }
provision listing_to_publishers {
    activity listing
    give contact.name
    to publishers
    basis opt-out=listing
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, provision) in &cx.policy.provisions {
        let Basis::OptOut(choice) = &provision.basis else { continue };
        if cx.policy.choices.get(choice).is_none_or(|c| c.refusability != Refusability::NotRefusable) {
            continue;
        }
        let message = Words::new(
            format!("提供 `{name}` が根拠にする選択 `{choice}` は止められません"),
            format!("`{name}` rests on the choice `{choice}`, which cannot be declined"),
        );
        let there = cx
            .part(&Rule::new("choice", choice), "refusability")
            .saying(Words::new("止められない選択", "cannot be declined"));
        let help = Words::new(
            "選択を止められるものにするか、同意または法令を根拠にしてください",
            "let the choice be declined, or rest the provision on consent or law",
        );
        out.push(
            rule.finding(cx.part(&Rule::new("provision", name), "basis"), message).label(there).help(help),
        );
    }
}
