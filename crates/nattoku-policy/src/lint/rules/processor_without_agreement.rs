//! `processor-without-agreement`: a processor with no agreement.

use super::processors_lacking;
use crate::diagnostic::Diagnostic;
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports processors without an agreement.
    ProcessorWithoutAgreement = "processor-without-agreement", Law, Warning, ["R62", "R64", "APPI-25"];
    ja: "契約 `agreement` のない委託先を報告します。",
        "委託先の監督は契約から始まります。契約のない委託先には、判断は何も渡しません。";
    en: "Reports processors without an `agreement`.",
        "Supervision of a processor begins with the agreement. Without one, the decision lets nothing pass.";
    kdl: r#"recipient call_center kind=processor country=JP {
    ja "コールセンター"; en "Call center"
    may inquiry_answer on="inquiry"
}"#
    => r#"recipient call_center kind=processor country=JP {
    ja "コールセンター"; en "Call center"
    may inquiry_answer on="inquiry"
    agreement "2018-04-01" until="2030-03-31"
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let help = (
        "契約の日を `agreement \"2018-04-01\"` のように書いてください",
        "write when the agreement was made, `agreement \"2018-04-01\"`",
    );
    processors_lacking(rule, cx, out, |r| r.agreement.is_none(), ("契約", "agreement"), help);
}
