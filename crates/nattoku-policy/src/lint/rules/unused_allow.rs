//! `unused-allow`: an `allow` that allows nothing.

use super::untested_rule::UntestedRule;
use crate::allow::Allow;
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports `allow` nodes for which there is no finding.
    UnusedAllow = "unused-allow", Language, Warning, [];
    ja: "その範囲に指摘がない `allow` を報告します。",
        "もう要らない許しは、いつか現れる別の誤りを隠します。綴りや置き場所を誤った許しは、書いた人の判断を伝えません。";
    en: "Reports `allow` nodes that cover no finding.",
        "What was allowed once and is mended since hides the next fault in the same place; what stands in the wrong \
         place does not allow what its writer decided.";
    kdl: r#"application till {
    ja "レジ"; en "Till"
    allow unused-name reason="来月から使う"
}
activity receipts purpose=contract { ja "領収書"; en "Receipts"; needs purchase; by till }"#
    => r#"application till { ja "レジ"; en "Till" }
activity receipts purpose=contract { ja "領収書"; en "Receipts"; needs purchase; by till }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    // Where no scenario is decided, or not every one could be read, that nothing is found untested tells nothing.
    let is_judged = |allow: &Allow| cx.untested.is_some() || allow.rule != UntestedRule.name();
    // An `allow` of this very rule covers findings that are made here, so it is judged after the others.
    for is_of_this in [false, true] {
        let found: Vec<Diagnostic> = cx
            .allows
            .unused(out)
            .filter(|a| (a.rule == rule.name()) == is_of_this && is_judged(a))
            .map(|a| unused(rule, a))
            .collect();
        out.extend(found);
    }
}

fn unused(rule: &dyn LintRule, allow: &Allow) -> Diagnostic {
    let name = allow.rule;
    let message =
        Words::new(format!("ここに `{name}` の指摘はありません"), format!("nothing here is found by `{name}`"));
    let help = Words::new("この `allow` を消してください", "take this `allow` out");
    rule.finding(allow.at.clone(), message).help(help).fix(&allow.removal, "")
}
