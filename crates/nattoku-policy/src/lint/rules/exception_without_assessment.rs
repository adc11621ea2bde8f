//! `exception-without-assessment`: an exception that weighs nothing.

use nattoku_model::policy::{Requirement, Rule};

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports exceptions that require no assessment.
    ExceptionWithoutAssessment = "exception-without-assessment", Law, Warning, ["R45", "CORE-9"];
    ja: "`requires` に `assessment` のない例外を報告します。",
        "法令が認める場合でも、お客さまの権利と利益への影響を先に確かめると約束しています。";
    en: "Reports exceptions without `assessment` in `requires`.",
        "Even where law permits, what it means for the rights and interests of customers is weighed first, as the policy promises.";
    kdl: r#"exception statute basis="APPI 18(3)(i)" { ja "…"; en "…"; requires document approver }"#
    => r#"exception statute basis="APPI 18(3)(i)" { ja "…"; en "…"; requires document approver assessment }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, _) in
        cx.policy.exceptions.iter().filter(|(_, e)| !e.requires.contains(&Requirement::Assessment))
    {
        let message = Words::new(
            format!("例外 `{name}` は、お客さまの権利と利益への影響の確認を求めていません"),
            format!("the exception `{name}` does not ask for an assessment of rights and interests"),
        );
        let help =
            Words::new("`requires` に `assessment` を加えてください", "add `assessment` to `requires`");
        out.push(rule.finding(cx.part(&Rule::new("exception", name), "requires"), message).help(help));
    }
}
