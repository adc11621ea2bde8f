//! `untested-rule`: a rule that no scenario exercises.

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports rules that a decision can turn on and that no scenario's decision meets.
    UntestedRule = "untested-rule", Language, Warning, [];
    ja: "判定を左右しうる規則（利用、提供、同意事項、選択、保存期間など）のうち、どのシナリオの判定にも現れないものを見つけます。\
         シナリオが一つもないポリシーや、誤りがあって読めないシナリオのあるポリシーについては、何も言いません。",
        "試されていない規則は、書き間違えても、後で誤って変えても、誰も気づきません。";
    en: "Finds rules that a decision can turn on (activities, provisions, consent items, choices, retentions and so on) \
         and that no scenario's decision ever meets. Of a policy without any scenario, or with \
         one that has errors and is left out, it says nothing.",
        "A rule that was never tried may be written wrongly, or changed by mistake later, and nobody notices.";
    kdl: r#"choice offers refusability=refusable { covers partner_offers; /* … */ }"#
    => r#"scenario "who declined gets no offers" {
    given choice_declined choice=offers at="2026-05-01"
    ask use purchase activity=partner_offers at="2026-06-01"
    expect deny reason=declined gate=choice
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let Some(untested) = cx.untested else { return };
    for untested in untested(cx.versions, cx.scenarios) {
        let message = Words::new(
            format!("`{untested}` はどのシナリオでも試されていません"),
            format!("no scenario exercises `{untested}`"),
        );
        let help = Words::new(
            "その規則が判定を左右する例を `scenario` として書いてください",
            "write a `scenario` whose answer turns on it",
        );
        out.push(rule.finding(cx.span_of(&untested), message).help(help));
    }
}
