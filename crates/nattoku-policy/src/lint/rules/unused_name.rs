//! `unused-name`: a name that is declared and that nothing refers to.

use std::collections::BTreeSet;

use nattoku_model::Language;
use nattoku_model::policy::{Basis, Policy, RetentionStart, Rule, Transfer};

use crate::diagnostic::{Diagnostic, Severity, Words};
use crate::lint::{Context, Kind, LintRule};
use crate::notice::{Block, Piece};

/// Finds declarations without any effect.
#[derive(Debug)]
pub(super) struct UnusedName;

impl LintRule for UnusedName {
    fn name(&self) -> &'static str {
        "unused-name"
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
            Language::Ja => PAGE_JA,
            Language::En => PAGE_EN,
        }
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        let mut used = used(cx.policy);
        for name in cited_documents(cx) {
            used.insert(("document", name));
        }
        for declaration in cx.declarations {
            let Rule { kind, name } = &declaration.rule;
            if LOOKED_AT.contains(kind) && !used.contains(&(*kind, name.as_str())) {
                let message = Words::new(
                    format!("`{kind} {name}` はどこからも使われていません"),
                    format!("nothing uses `{kind} {name}`"),
                );
                let help = Words::new("使うか、取り除いてください", "use it, or take it out");
                out.push(self.finding(declaration.node.declared_label(), message).help(help));
            }
        }
    }
}

/// The kinds of name that do nothing by themselves.
const LOOKED_AT: [&str; 8] =
    ["purpose", "application", "work", "consent", "relationship", "calendar", "line", "document"];

/// The names that rules refer to.
fn used(policy: &Policy) -> BTreeSet<(&'static str, &str)> {
    let mut used = BTreeSet::new();
    for activity in policy.activities.values() {
        used.extend(activity.purposes.iter().map(|n| ("purpose", n.as_str())));
        used.extend(activity.by.iter().map(|n| ("application", n.as_str())));
        used.extend(activity.during.iter().map(|n| ("relationship", n.as_str())));
        used.extend(activity.requires.iter().map(|n| ("consent", n.as_str())));
    }
    for provision in policy.provisions.values() {
        if let Basis::Consent(item, _) = &provision.basis {
            used.insert(("consent", item.as_str()));
        }
    }
    for recipient in policy.recipients.values() {
        used.extend(recipient.works.iter().map(|n| ("work", n.as_str())));
        if let Some(Transfer::Consent(item)) = &recipient.transfer {
            used.insert(("consent", item.as_str()));
        }
    }
    for retention in &policy.retentions {
        if let RetentionStart::Ended(relationships) = &retention.after {
            used.extend(relationships.iter().map(|n| ("relationship", n.as_str())));
        }
    }
    for (relationship, _) in policy.transitions.iter().filter_map(|t| t.unless.as_ref()) {
        used.insert(("relationship", relationship.as_str()));
    }
    used.extend(
        policy.desks.iter().filter_map(|d| d.hours.as_ref()).map(|h| ("calendar", h.calendar.as_str())),
    );
    used.extend(policy.bodies.iter().map(|b| ("line", b.line.as_str())));
    used
}

/// The documents that a notice links to, or all of them where it lists them.
fn cited_documents<'a>(cx: &Context<'a>) -> Vec<&'a str> {
    let mut cited = Vec::new();
    for notice in cx.notices.values() {
        for block in notice.intro.iter().chain(notice.sections.iter().flat_map(|s| &s.blocks)) {
            match block {
                Block::Directive(directive, _) if directive.states().contains(&"document") => {
                    cited.extend(cx.policy.documents.iter().map(|d| d.name.as_str()));
                }
                Block::Directive(..) => {}
                Block::Prose(pieces) => cited.extend(pieces.iter().filter_map(|p| match p {
                    Piece::Document(name) => Some(name.as_str()),
                    _ => None,
                })),
            }
        }
    }
    cited
}

const PAGE_JA: &str = "## 何を見るか

宣言されているのに、どの規則からも使われていない利用目的、アプリケーション、業務、同意事項、関係、カレンダー、事業分野、文書を報告します。

## なぜいけないか

使われない同意事項は、聞いても何も変わりません。使われない利用目的は、公表しているのに行っていないことになります。多くは、参照する側の書き忘れです。

## 例

```kdl
application old_campaign_tool { … }   // どの activity の by にもない
```

## 代わりに

使う規則を書くか、宣言を取り除いてください。
";

const PAGE_EN: &str = "## What it does

Reports a purpose, application, kind of work, consent item, relationship, calendar, line of business or document that is declared and that no rule refers to.

## Why is this bad

A consent item that nothing uses changes nothing when it is given, and a purpose that no activity serves is published without being pursued. Mostly the rule that should refer to it was forgotten.

## Example

```kdl
application old_campaign_tool { … }   // no activity is `by` it
```

## Use instead

Write the rule that uses it, or take the declaration out.
";
