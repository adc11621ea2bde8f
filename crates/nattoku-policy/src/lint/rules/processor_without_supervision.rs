//! `processor-without-supervision`: a processor that nobody supervises.

use super::processors_lacking;
use crate::diagnostic::Diagnostic;
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports processors without supervision.
    ProcessorWithoutSupervision = "processor-without-supervision", Law, Warning, ["R64", "APPI-25"];
    ja: "監督 `supervised` のない委託先を報告します。",
        "委託先を監督することは法律の義務です。監督のない委託先には、判断は何も渡しません。";
    en: "Reports processors without supervision, `supervised`.",
        "The law wants processors supervised. Without supervision, the decision lets nothing pass.";
    kdl: r#"recipient call_center kind=processor country=JP {
    ja "コールセンター"; en "Call center"
    may inquiry_answer on="inquiry"
}"#
    => r#"recipient call_center kind=processor country=JP {
    ja "コールセンター"; en "Call center"
    may inquiry_answer on="inquiry"
    supervised "2026-04-01" every="12 months"
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let help = (
        "監督の日と周期を `supervised \"2026-04-01\" every=\"12 months\"` のように書いてください",
        "write when it was supervised and how often it is, `supervised \"2026-04-01\" every=\"12 months\"`",
    );
    processors_lacking(rule, cx, out, |r| r.supervised.is_none(), ("監督の記録", "supervision"), help);
}
