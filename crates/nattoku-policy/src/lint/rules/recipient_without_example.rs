//! `recipient-without-example`: somebody gets data, and no example tells for what.

use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports recipients without an example.
    RecipientWithoutExample = "recipient-without-example", Language, Note, [];
    ja: "例 `example` のない相手方を報告します。",
        "お客さまには、会社の種類より「例えば、何をしてくれる相手か」のほうがよく伝わります。例がなければ、相手の名前だけが並びます。";
    en: "Reports recipients without an `example`.",
        "What somebody does with data, told by example, says more to a customer than the kind of company. Without one a name \
         stands there alone.";
    kdl: r#"recipient stores kind=third_party country=JP { ja "加盟店"; en "Stores" }"#
    => r#"recipient stores kind=third_party country=JP {
    ja "加盟店"; en "Stores"
    example { ja "例えば、よく行くお店が特典を届けます。"; en "For example, a store you often visit sends a benefit." }
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, _) in cx.policy.recipients.iter().filter(|(_, r)| r.example.is_empty()) {
        let message = Words::new(
            format!("相手方 `{name}` に例がありません"),
            format!("the recipient `{name}` has no example"),
        );
        let help = Words::new(
            "`example { ja \"例えば、…\"; en \"For example, …\" }` を書いてください",
            "write `example { ja \"例えば、…\"; en \"For example, …\" }`",
        );
        out.push(rule.finding(cx.span_of(&Rule::new("recipient", name)), message).help(help));
    }
}
