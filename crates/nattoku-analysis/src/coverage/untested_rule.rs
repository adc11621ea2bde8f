//! `untested-rule`: a rule that no scenario exercises.

use nattoku_model::Language;
use nattoku_policy::diagnostic::{Diagnostic, Severity, Words};
use nattoku_policy::lint::{Context, Kind, LintRule};

use super::Coverage;

/// A rule that no scenario exercises. It decides the scenarios, so it stands here and not among the linter's own.
#[derive(Debug, Clone, Copy)]
pub struct UntestedRule;

impl LintRule for UntestedRule {
    fn name(&self) -> &'static str {
        "untested-rule"
    }

    fn kind(&self) -> Kind {
        Kind::Language
    }

    fn severity(&self) -> Severity {
        Severity::Warning
    }

    fn cites(&self) -> &'static [&'static str] {
        &[]
    }

    fn page(&self, language: Language) -> &'static str {
        match language {
            Language::Ja => concat!(
                "## 何を見るか\n\n判定を左右しうる規則（利用、提供、同意事項、選択、保存期間など）のうち、どのシナリオの判定にも現れないものを見つけます。",
                "シナリオが一つもないポリシーについては、何も言いません。",
                "\n\n## なぜいけないか\n\n試されていない規則は、書き間違えても、後で誤って変えても、誰も気づきません。\n\n",
                "## 例\n\n```kdl\nchoice offers refusability=refusable { covers partner_offers; /* … */ }\n```\n\n",
                "## 代わりに\n\n```kdl\nscenario \"who declined gets no offers\" {\n    given choice_declined choice=offers at=\"2026-05-01\"\n",
                "    ask use purchase activity=partner_offers at=\"2026-06-01\"\n    expect deny reason=declined gate=choice\n}\n```\n",
            ),
            Language::En => concat!(
                "## What it does\n\nFinds rules that a decision can turn on (activities, provisions, consent items, choices, retentions and so on) ",
                "and that no scenario's decision ever meets. Of a policy without any scenario it says nothing.",
                "\n\n## Why is this bad\n\nA rule that was never tried may be written wrongly, or changed by mistake later, and nobody notices.\n\n",
                "## Example\n\n```kdl\nchoice offers refusability=refusable { covers partner_offers; /* … */ }\n```\n\n",
                "## Use instead\n\n```kdl\nscenario \"who declined gets no offers\" {\n    given choice_declined choice=offers at=\"2026-05-01\"\n",
                "    ask use purchase activity=partner_offers at=\"2026-06-01\"\n    expect deny reason=declined gate=choice\n}\n```\n",
            ),
        }
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        if cx.scenarios.is_empty() {
            return;
        }
        let coverage = Coverage::of(cx.versions, cx.scenarios);
        for rule in coverage.untested() {
            let message = Words::new(
                format!("`{rule}` はどのシナリオでも試されていません"),
                format!("no scenario exercises `{rule}`"),
            );
            let help = Words::new(
                "その規則が判定を左右する例を `scenario` として書いてください",
                "write a `scenario` whose answer turns on it",
            );
            out.push(self.finding(cx.span_of(rule), message).help(help));
        }
    }
}
