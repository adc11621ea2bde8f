//! `rule-without-sentence`: a rule that no section of the notice states.

use std::collections::BTreeSet;

use nattoku_model::Language;
use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};
use crate::notice::{Block, Directive, Notice, Piece};

lint_rule! {
    /// Reports rules that a notice does not state.
    RuleWithoutSentence = "rule-without-sentence", Language, Warning, ["R4", "APPI-21-1", "APPI-32-1"];
    ja: "通知文のどの章にも述べられていない規則を報告します。`{purposes}` のような指示は、それが表示する規則をすべて述べたものとして数えます。",
        "公表していない利用や提供は、お客さまにとって隠されたものです。利用目的は通知または公表する義務があります。";
    en: "Reports rules that no section of a notice states. A directive such as `{purposes}` states every rule it shows.",
        "A use or a provision that the notice does not tell of is hidden from customers, and purposes must be notified \
         or published.";
    markdown: "## 3. Purposes {#purposes}

We use data for the purposes above."
    => "## 3. Purposes {#purposes}

{purposes}"
}

/// Kinds of rule that customers must be told of.
const TOLD: [&str; 18] = [
    "source",
    "purpose",
    "activity",
    "prohibition",
    "consent",
    "choice",
    "signal",
    "work",
    "recipient",
    "provision",
    "joint-use",
    "anonymized",
    "transmission",
    "exception",
    "transition",
    "desk",
    "body",
    "regulator",
];

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    // A policy without any notice is one finding of `notice-missing`, not one a rule.
    for notice in cx.notices.values() {
        let stated = Stated::by(notice);
        for declaration in
            cx.declarations.iter().filter(|d| TOLD.contains(&d.rule.kind) || d.rule.kind == "document")
        {
            if stated.has(&declaration.rule) {
                continue;
            }
            let what = &declaration.rule;
            let (ja, en) = match notice.language {
                Language::Ja => ("日本語", "Japanese"),
                Language::En => ("英語", "English"),
            };
            let message = Words::new(
                format!("`{what}` が{ja}の通知文のどの章にも述べられていません"),
                format!("no section of the {en} notice states `{what}`"),
            );
            out.push(rule.finding(declaration.node.declared_label(), message).help(help(what)));
        }
    }
}

fn help(what: &Rule) -> Words {
    let node = if what.kind == "prohibition" { "prohibit" } else { what.kind };
    let see = format!("{{see {node}.{}}}", what.name);
    let directive = Directive::ALL.iter().find(|d| d.states().contains(&what.kind));
    match directive.map(|d| d.as_str()) {
        Some(word) => Words::new(
            format!("表の指示 `{{{word}}}` を置くか、述べている文に `{see}` を付けてください"),
            format!("put the directive `{{{word}}}`, or mark the sentence that states it with `{see}`"),
        ),
        None => Words::new(
            format!("述べている文に `{see}` を付けてください"),
            format!("mark the sentence that states it with `{see}`"),
        ),
    }
}

/// What a notice states.
struct Stated<'n> {
    kinds: BTreeSet<&'static str>,
    rules: BTreeSet<&'n Rule>,
    documents: BTreeSet<&'n str>,
}

impl<'n> Stated<'n> {
    fn by(notice: &'n Notice) -> Self {
        let mut stated = Self { kinds: BTreeSet::new(), rules: BTreeSet::new(), documents: BTreeSet::new() };
        stated.rules.extend(notice.sections.iter().flat_map(|s| &s.states).map(|(rule, _)| rule));
        for block in notice.intro.iter().chain(notice.sections.iter().flat_map(|s| &s.blocks)) {
            match block {
                Block::Directive(directive, _) => stated.kinds.extend(directive.states()),
                Block::Prose(pieces) => stated.documents.extend(pieces.iter().filter_map(|p| match p {
                    Piece::Document(name) => Some(name.as_str()),
                    _ => None,
                })),
            }
        }
        stated
    }

    fn has(&self, rule: &Rule) -> bool {
        self.kinds.contains(rule.kind)
            || self.rules.contains(rule)
            || (rule.kind == "document" && self.documents.contains(rule.name.as_str()))
    }
}
