//! `exception-without-difficulty`: an exception of the kind that holds only where consent is difficult to get.

use nattoku_model::law::Citation;
use nattoku_model::policy::{Exception, Policy, Requirement, Rule};

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports exceptions that leave out the difficulty of getting consent where the law makes it a condition.
    ExceptionWithoutDifficulty = "exception-without-difficulty", Law, Warning, ["APPI-18-3", "APPI-27-1", "R43"];
    ja: "個人情報保護法 18 条 3 項や 27 条 1 項の 2 号から 4 号のように、同意を得ることが困難なことを法令が条件とする条文を根拠とし、`requires` に `consent_difficult` のない例外を報告します。",
        "これらの例外は、必要であることに加えて、本人の同意を得ることが困難、または支障があることが条件です。両方そろわなければ使えません。";
    en: "Reports exceptions without `consent_difficult` in `requires` that rest on a provision of which the law makes it a \
         condition, such as items (ii) to (iv) of APPI 18(3) and 27(1).",
        "These items hold where the act is necessary and, besides, consent is difficult to get or would stand in the way. \
         One without the other is not enough.";
    kdl: r#"exception protect basis="APPI 18(3)(ii)" { ja "…"; en "…"; requires necessity approver assessment }"#
    => r#"exception protect basis="APPI 18(3)(ii)" { ja "…"; en "…"; requires necessity consent_difficult approver assessment }"#
}

/// Whether the law makes it a condition of what the exception rests on that consent is difficult to get, or would impede.
fn is_conjunctive(policy: &Policy, exception: &Exception) -> bool {
    let Ok(citation) = exception.basis.parse::<Citation>() else { return false };
    let difficult = Requirement::ConsentDifficult.as_str();
    policy.packs.iter().filter_map(|law| law.provision(&citation)).any(|p| p.requires.contains(difficult))
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, exception) in &cx.policy.exceptions {
        if !is_conjunctive(cx.policy, exception) || exception.requires.contains(&Requirement::ConsentDifficult) {
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
