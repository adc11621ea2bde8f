//! `processor-without-assessment`: a processor that nobody assessed.

use super::processors_lacking;
use crate::diagnostic::Diagnostic;
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports processors without an assessment.
    ProcessorWithoutAssessment = "processor-without-assessment", Law, Warning, ["R63", "APPI-25"];
    ja: "選定の評価 `assessed` のない委託先を報告します。",
        "委託先は、適切に扱えると認められるところから選ぶと約束しています。評価のない委託先には、判断は何も渡しません。";
    en: "Reports processors without an assessment, `assessed`.",
        "Processors are chosen from those found able to handle data properly. Without an assessment, the decision lets nothing pass.";
    kdl: r#"recipient call_center kind=processor country=JP {
    ja "コールセンター"; en "Call center"
    may inquiry_answer on="inquiry"
}"#
    => r#"recipient call_center kind=processor country=JP {
    ja "コールセンター"; en "Call center"
    may inquiry_answer on="inquiry"
    assessed "2026-04-01" every="12 months"
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let help = (
        "評価の日と周期を `assessed \"2026-04-01\" every=\"12 months\"` のように書いてください",
        "write when it was assessed and how often it is, `assessed \"2026-04-01\" every=\"12 months\"`",
    );
    processors_lacking(rule, cx, out, |r| r.assessed.is_none(), ("選定の評価", "assessment"), help);
}
