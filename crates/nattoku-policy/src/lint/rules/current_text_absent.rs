//! `current-text-absent`: the current version is marked as one whose text is not at hand.

use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports a current version marked `text absent`.
    CurrentTextAbsent = "current-text-absent", Language, Error, ["R74", "R75"];
    ja: "今の版に書かれた `text absent` を報告します。",
        "本文が手元にない版が治めるものは、すべて担当者に回ります。今の版に付けると、何一つ判断できません。";
    en: "Reports `text absent` in the current version.",
        "Whatever a version without its text governs is referred to a person. On the current version nothing would be \
         decided any more.";
    kdl: r#"policy carrier version="2019-12-11" {
    effective "2019-12-11"
    timezone "Asia/Tokyo"
    languages ja en
    text absent
}"#
    => r#"policy carrier version="2019-12-11" {
    effective "2019-12-11"
    timezone "Asia/Tokyo"
    languages ja en
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    if !cx.policy.text_absent {
        return;
    }
    let message =
        Words::new("今の版に `text absent` と書かれています", "the current version is marked `text absent`");
    let help = Words::new(
        "`text absent` は `earlier/` の版にだけ書いてください",
        "write `text absent` in versions below `earlier/` alone",
    );
    out.push(rule.finding(cx.part(&Rule::new("policy", &cx.policy.name), "text"), message).help(help));
}
