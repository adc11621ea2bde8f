//! `exception-without-approver`: an exception that nobody answers for.

use nattoku_model::policy::{Requirement, Rule};

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports exceptions that require no approver.
    ExceptionWithoutApprover = "exception-without-approver", Law, Warning, ["CORE-9", "R45"];
    ja: "`requires` に `approver` のない例外を報告します。",
        "例外は理由のある行為です。誰が決めたのかが残らなければ、抜け道と区別がつきません。";
    en: "Reports exceptions without `approver` in `requires`.",
        "An exception is a reasoned act. Where nobody is on record as having decided, it cannot be told from a bypass.";
    kdl: r#"exception statute basis="APPI 18(3)(i)" { ja "…"; en "…"; requires document assessment }"#
    => r#"exception statute basis="APPI 18(3)(i)" { ja "…"; en "…"; requires document approver assessment }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, _) in cx.policy.exceptions.iter().filter(|(_, e)| !e.requires.contains(&Requirement::Approver))
    {
        let message = Words::new(
            format!("例外 `{name}` は、誰が承認したかを求めていません"),
            format!("the exception `{name}` does not ask who approved it"),
        );
        let help = Words::new("`requires` に `approver` を加えてください", "add `approver` to `requires`");
        out.push(rule.finding(cx.part(&Rule::new("exception", name), "requires"), message).help(help));
    }
}
