//! `controller-incomplete`: a controller without name, address or representative.

use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports a controller that is not told in full.
    ControllerIncomplete = "controller-incomplete", Law, Warning, ["APPI-32-1"];
    ja: "`controller` の名前、住所 `address`、代表者 `representative` のうち、ないものを報告します。",
        "個人情報取扱事業者の名称、住所、代表者の氏名は、本人が知ることのできる状態に置く義務があります。";
    en: "Reports what is missing of the `controller`: its name, its `address` or its `representative`.",
        "The name, the address and the representative of who is responsible have to be made known to principals.";
    kdl: r#"controller country=JP { ja "なっとく株式会社"; en "Nattoku Inc." }"#
    => r#"controller country=JP {
    ja "なっとく株式会社"; en "Nattoku Inc."
    address { ja "東京都…"; en "Tokyo …" }
    representative { ja "代表取締役 …"; en "…, President" }
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let controller = &cx.policy.controller;
    let parts = [
        ("ja \"…\"; en \"…\"", controller.name.is_empty(), "名称", "its name"),
        ("address { … }", controller.address.is_empty(), "住所", "its address"),
        ("representative { … }", controller.representative.is_empty(), "代表者", "its representative"),
    ];
    let at = cx.part(&Rule::new("policy", &cx.policy.name), "controller");
    for (node, _, ja, en) in parts.into_iter().filter(|(_, is_missing, ..)| *is_missing) {
        let message =
            Words::new(format!("個人情報取扱事業者の{ja}がありません"), format!("the controller does not tell {en}"));
        let help = Words::new(
            format!("`controller` の中に `{node}` を書いてください"),
            format!("write `{node}` in `controller`"),
        );
        out.push(rule.finding(at.clone(), message).help(help));
    }
}
