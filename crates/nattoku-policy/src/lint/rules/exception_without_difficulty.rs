//! `exception-without-difficulty`: an exception of the kind that holds only where consent is difficult to get.

use nattoku_model::policy::{Requirement, Rule};

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports exceptions that leave out the difficulty of getting consent where the law makes it a condition.
    ExceptionWithoutDifficulty = "exception-without-difficulty", Law, Warning, ["APPI-18-3", "APPI-27-1", "R43"];
    ja: "法 18 条 3 項または 27 条 1 項の (ii) から (iv) を根拠とし、`requires` に `consent_difficult` のない例外を報告します。",
        "これらの例外は、必要であることに加えて、本人の同意を得ることが困難、または支障があることが条件です。両方そろわなければ使えません。";
    en: "Reports exceptions on items (ii) to (iv) of APPI 18(3) or 27(1) without `consent_difficult` in `requires`.",
        "These items hold where the act is necessary and, besides, consent is difficult to get or would stand in the way. \
         One without the other is not enough.";
    kdl: r#"exception protect basis="APPI 18(3)(ii)" { ja "…"; en "…"; requires necessity approver assessment }"#
    => r#"exception protect basis="APPI 18(3)(ii)" { ja "…"; en "…"; requires necessity consent_difficult approver assessment }"#
}

/// The items whose condition is that consent is difficult to get, or would impede.
const CONJUNCTIVE: [&str; 6] =
    ["18(3)(ii)", "18(3)(iii)", "18(3)(iv)", "27(1)(ii)", "27(1)(iii)", "27(1)(iv)"];

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, exception) in &cx.policy.exceptions {
        let is_conjunctive = exception.basis.contains("APPI")
            && exception.basis.split_whitespace().any(|word| CONJUNCTIVE.contains(&word));
        if !is_conjunctive || exception.requires.contains(&Requirement::ConsentDifficult) {
            continue;
        }
        let declared = Rule::new("exception", name);
        let message = Words::new(
            format!("例外 `{name}` は、同意を得ることが困難な理由を求めていません"),
            format!("the exception `{name}` does not ask why consent is difficult to get"),
        );
        let there =
            cx.part(&declared, "basis").saying(Words::new("この号の条件です", "a condition of this item"));
        let help = Words::new(
            "`requires` に `consent_difficult` を加えてください",
            "add `consent_difficult` to `requires`",
        );
        out.push(rule.finding(cx.part(&declared, "requires"), message).label(there).help(help));
    }
}
