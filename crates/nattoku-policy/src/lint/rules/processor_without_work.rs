//! `processor-without-work`: a processor of which nobody knows what it works on.

use nattoku_model::policy::{RecipientKind, Rule};

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports processors without a kind of work, or without anything they may handle.
    ProcessorWithoutWork = "processor-without-work", Law, Warning, ["R62", "APPI-25", "APPI-27-5a"];
    ja: "業務の種類 `work` や、扱ってよい利用と項目 `may` のない委託先を報告します。",
        "公表した種類の業務に、必要な範囲で委託すると約束しています。何を任せたか書かれていない委託先には、何も渡せません。";
    en: "Reports processors without a kind of `work`, or without a `may` for what they handle.",
        "Work is entrusted in the kinds that are published and as far as it needs. Where nobody wrote what is entrusted, \
         nothing can be handed over.";
    kdl: r#"recipient call_center kind=processor country=JP { ja "コールセンター"; en "Call center" }"#
    => r#"recipient call_center kind=processor country=JP {
    ja "コールセンター"; en "Call center"
    work sales_and_reception
    may inquiry_answer on="inquiry"
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, recipient) in cx.policy.recipients.iter().filter(|(_, r)| r.kind == RecipientKind::Processor) {
        let at = cx.span_of(&Rule::new("recipient", name));
        if recipient.works.is_empty() {
            let message = Words::new(
                format!("委託先 `{name}` の業務の種類が書かれていません"),
                format!("the processor `{name}` has no kind of work"),
            );
            let help = Words::new("`work` に業務の種類を書いてください", "name the kind of work in `work`");
            out.push(rule.finding(at.clone(), message).help(help));
        }
        if recipient.may.is_empty() {
            let message = Words::new(
                format!("委託先 `{name}` が扱ってよいものが書かれていません"),
                format!("the processor `{name}` may handle nothing"),
            );
            let help = Words::new(
                "`may 利用 on=\"項目\"` を書いてください",
                "write `may ACTIVITY on=\"CATEGORIES\"`",
            );
            out.push(rule.finding(at, message).help(help));
        }
    }
}
