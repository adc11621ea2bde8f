//! `section-without-rule`: a section of the notice that states no rule.

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};
use crate::notice::{Block, Directive, Piece, Section};

lint_rule! {
    /// Reports sections of a notice without any directive, mark or document.
    SectionWithoutRule = "section-without-rule", Language, Warning, ["R4"];
    ja: "指示も `{see …}` も文書への参照もない通知文の章を報告します。章の中の節も合わせて数えます。",
        "規則に結び付かない文は、約束していても守られません。規則が変わっても文だけがそのまま残ります。";
    en: "Reports sections of a notice without a directive, a `{see …}` or a document, their parts included.",
        "Prose that is tied to no rule promises what nothing enforces, and stays as it is when the rules change.";
    markdown: "## Our promise {#promise}

We never sell your data."
    => "## Our promise {#promise}

We never sell your data. {see prohibit.sale}"
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for notice in cx.notices.values() {
        let mut sections = notice.sections.iter().peekable();
        while let Some(section) = sections.next() {
            let mut states = is_tied(section);
            while let Some(part) = sections.next_if(|s| s.level > 2) {
                states |= is_tied(part);
            }
            if states {
                continue;
            }
            let heading = &section.heading;
            let message = Words::new(
                format!("章「{heading}」はどの規則も述べていません"),
                format!("the section `{heading}` states no rule"),
            );
            let help = Words::new(
                "述べている規則を `{see …}` で示すか、指示を置いてください",
                "mark the rules it states with `{see …}`, or put a directive",
            );
            out.push(rule.finding(section.label.clone(), message).help(help));
        }
    }
}

/// Whether a section says anything that the policy stands behind.
fn is_tied(section: &Section) -> bool {
    !section.states.is_empty()
        || section.blocks.iter().any(|block| match block {
            Block::Directive(directive, _) => *directive != Directive::Contents,
            Block::Prose(pieces) => pieces.iter().any(|p| matches!(p, Piece::Document(_))),
        })
}
