//! `agreement-ended`: the agreement with a processor is over before the version begins.

use nattoku_model::policy::{RecipientKind, Rule};

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports processors whose agreement ends no later than the version takes effect.
    AgreementEnded = "agreement-ended", Law, Warning, ["R62", "R64", "APPI-25"];
    ja: "この版の効力が始まる前に委託契約が終わる委託先を報告します。",
        "契約のない委託先には何も渡せません。それなのに通知文には、今も委託している相手として載ります。";
    en: "Reports processors whose agreement ends before the version takes effect.",
        "Nothing can be entrusted without an agreement, yet the notice shows them among those who handle data today.";
    kdl: r#"recipient call_center kind=processor country=JP {
    ja "コールセンター"; en "Call center"
    agreement "2015-04-01" until="2019-03-31"
}"#
    => r#"recipient call_center kind=processor country=JP {
    ja "コールセンター"; en "Call center"
    agreement "2015-04-01" until="2030-03-31"
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, recipient) in cx.policy.recipients.iter().filter(|(_, r)| r.kind == RecipientKind::Processor) {
        let Some((_, Some(until))) = recipient.agreement else { continue };
        if until > cx.policy.effective {
            continue;
        }
        let message = Words::new(
            format!("委託先 `{name}` との契約は、この版の効力が始まる前に終わります"),
            format!("the agreement with `{name}` is over when this version takes effect"),
        );
        let help = Words::new("更新した契約を書くか、委託先を消してください", "write the renewed agreement, or take the processor out");
        out.push(rule.finding(cx.part(&Rule::new("recipient", name), "agreement"), message).help(help));
    }
}
