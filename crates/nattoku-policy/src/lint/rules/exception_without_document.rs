//! `exception-without-document`: an exception that can be claimed with nothing in hand.

use nattoku_model::policy::{Exception, Requirement, Rule};

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports exceptions that require neither a document nor a necessity.
    ExceptionWithoutDocument = "exception-without-document", Law, Warning, ["R43", "R44", "APPI-18-3", "APPI-18-4", "CORE-9"];
    ja: "`requires` に `document` も `necessity` もない例外と、`document` のない令状の例外を報告します。",
        "求めた文書か、必要であった理由が残らなければ、その例外に当たったことを後から示せません。令状は文書そのものです。";
    en: "Reports exceptions with neither `document` nor `necessity` in `requires`, and a warrant without `document`.",
        "Without the document that asked or the reason why it was necessary, nobody can show later that the exception \
         applied. A warrant is a document.";
    kdl: r#"exception statute basis="APPI 18(3)(i)" { ja "…"; en "…"; requires approver assessment }"#
    => r#"exception statute basis="APPI 18(3)(i)" { ja "…"; en "…"; requires document approver assessment }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, exception) in cx.policy.exceptions.iter().filter(|(_, e)| is_bare(e)) {
        let message = if exception.warrant {
            Words::new(
                format!("例外 `{name}` は、令状の文書を求めていません"),
                format!("the exception `{name}` does not ask for the warrant's document"),
            )
        } else {
            Words::new(
                format!("例外 `{name}` は、文書も必要であった理由も求めていません"),
                format!("the exception `{name}` asks for neither a document nor its necessity"),
            )
        };
        let help = Words::new("`requires` に `document` を加えてください", "add `document` to `requires`");
        out.push(rule.finding(cx.part(&Rule::new("exception", name), "requires"), message).help(help));
    }
}

fn is_bare(exception: &Exception) -> bool {
    let has_document = exception.requires.contains(&Requirement::Document);
    !has_document && (exception.warrant || !exception.requires.contains(&Requirement::Necessity))
}
