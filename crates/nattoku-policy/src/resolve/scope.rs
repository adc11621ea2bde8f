//! What lowering knows and reports: the declared names, the time zone, the words of its errors.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use nattoku_model::policy::Rule;

use super::names::{NameKind, Names};
use crate::ast::{Node, Spanned, Value};
use crate::diagnostic::{Diagnostic, Fix, Label, Words};
use crate::index::Use;
use crate::language_rules::{
    DUPLICATE_NAME, FULL_WIDTH_PUNCTUATION, MISSING_VALUE, UNDECLARED_NAME, UNEXPECTED_NODE, UNEXPECTED_VALUE,
};
use crate::report::Report;
use crate::syntax::width::narrowed;
use crate::unseen::is_unseen;

/// Longest piece of somebody's text repeated in a message, in characters.
const SHOWN_CHARS_MAX: usize = 60;

/// Most words listed as those allowed; of more only the nearest is offered.
const LISTED_MAX: usize = 10;

/// What lowering has at hand.
pub(crate) struct Scope<'r> {
    /// Where errors go.
    pub(crate) report: &'r mut Report,
    /// Every declared name.
    pub(crate) names: &'r Names,
    /// The zone in which dates are meant.
    pub(crate) timezone: TimeZone,
    /// Where names were looked up so far, for editors.
    pub(crate) uses: Vec<Use>,
    /// How often something was written that the policy's own lists would be slow to tell.
    counts: BTreeMap<String, usize>,
}

impl<'r> Scope<'r> {
    /// Nothing read yet; dates are meant in UTC until the policy says otherwise.
    pub(crate) const fn new(report: &'r mut Report, names: &'r Names) -> Self {
        Self { report, names, timezone: TimeZone::UTC, uses: Vec::new(), counts: BTreeMap::new() }
    }

    /// How often `key` was counted before this time.
    pub(crate) fn count(&mut self, key: String) -> usize {
        let count = self.counts.entry(key).or_default();
        *count += 1;
        *count - 1
    }

    /// Reports an error.
    pub(crate) fn error(&mut self, rule: &'static str, at: Label, message: Words) {
        self.report.push(Diagnostic::error(rule, at, message));
    }

    /// Reports something that must be there and is not.
    pub(crate) fn missing(&mut self, at: Label, message: Words) {
        self.error(MISSING_VALUE.name, at, message);
    }

    /// Reports a declaration without its name.
    pub(crate) fn missing_name(&mut self, kind: NameKind, node: &Node) {
        let Words { ja, en } = kind.words();
        self.missing(
            node.declared_label(),
            Words::new(format!("{ja}の名前が必要です"), format!("expected the name of the {en}")),
        );
    }

    /// Reports a value that is not what was expected.
    pub(crate) fn unexpected(&mut self, at: Label, message: Words) {
        self.error(UNEXPECTED_VALUE.name, at, message);
    }

    /// Reports a value with what was expected in its place: "expected a date …, not `x`".
    pub(crate) fn expected(&mut self, node: &Node, value: &Spanned<Value>, what: &Words) {
        let found = shown(&value.value);
        let at = node.at(&value.span);
        self.unexpected(
            at,
            Words::new(
                format!("{}が必要ですが {found} があります", what.ja),
                format!("expected {}, not {found}", what.en),
            ),
        );
    }

    /// Reports something written twice that can stand once.
    pub(crate) fn twice(&mut self, at: Label, first: Label, what: &str) {
        let message =
            Words::new(format!("`{what}` は一度だけ書けます"), format!("`{what}` can be written only once"));
        let diagnostic = Diagnostic::error(DUPLICATE_NAME.name, at, message)
            .label(first.saying(Words::new("最初の記述", "written here first")));
        self.report.push(diagnostic);
    }

    /// Reports a node that cannot stand where it stands.
    pub(crate) fn unexpected_node<'n>(&mut self, node: &Node, known: impl ExactSizeIterator<Item = &'n str>) {
        let name = short(&node.name.value);
        let at = node.at(&node.name.span);
        let message = Words::new(
            format!("`{name}` というノードはここに書けません"),
            format!("no node `{name}` can stand here"),
        );
        let diagnostic = Diagnostic::error(UNEXPECTED_NODE.name, at.clone(), message);
        let nearest = self.report.nearest(&node.name.value, known);
        self.report.push(offered(diagnostic, &at, nearest, false));
    }

    /// Reports a word that is none of those allowed.
    pub(crate) fn none_of(&mut self, at: &Label, found: &str, allowed: &[&str]) {
        let list = allowed.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>();
        let found_shown = short(found);
        let message = if list.len() > LISTED_MAX {
            Words::new(
                format!("`{found_shown}` は、ここに書ける語ではありません"),
                format!("`{found_shown}` is none of the words that can stand here"),
            )
        } else {
            Words::new(
                format!("{} のいずれかが必要ですが `{found_shown}` があります", list.join("、")),
                format!("expected {}, not `{found_shown}`", list.join(" or ")),
            )
        };
        let diagnostic = Diagnostic::error(UNEXPECTED_VALUE.name, at.clone(), message);
        let nearest = self.report.nearest(found, allowed.iter().copied());
        self.report.push(offered(diagnostic, at, nearest, false));
    }

    /// Whether the name is declared; reported where it is not.
    pub(crate) fn is_declared(&mut self, kind: NameKind, name: &str, at: &Label, quoted: bool) -> bool {
        self.uses.push(Use { rule: Rule::new(kind.rule(), name), at: at.clone(), is_quoted: quoted });
        if self.names.has(kind, name) {
            return true;
        }
        let names = self.names;
        self.undeclared(&kind.words(), name, at, names.of(kind), quoted);
        false
    }

    /// Whether the name is declared, where it may be something else too; taken down if it is.
    pub(crate) fn means(&mut self, kind: NameKind, name: &str, at: &Label, quoted: bool) -> bool {
        let is_name = self.names.has(kind, name);
        if is_name {
            self.uses.push(Use { rule: Rule::new(kind.rule(), name), at: at.clone(), is_quoted: quoted });
        }
        is_name
    }

    /// Takes down that a property's value is a name, where it may be one that nothing declares.
    pub(crate) fn uses_name(&mut self, kind: NameKind, node: &Node, prop: &str) {
        if let Some(value) = node.prop(prop)
            && let Some(name) = value.value.as_str()
        {
            let is_quoted = value.span.len() != name.len();
            let at = node.at(&value.span);
            self.uses.push(Use { rule: Rule::new(kind.rule(), name), at, is_quoted });
        }
    }

    /// Reports a name that nothing declares, with the nearest one.
    pub(crate) fn undeclared<'n>(
        &mut self,
        kind: &Words,
        name: &str,
        at: &Label,
        declared: impl ExactSizeIterator<Item = &'n str>,
        quoted: bool,
    ) {
        if let Some(plain) = narrowed(name) {
            let shown = short(name);
            let message = Words::new(
                format!("{} `{shown}` に全角の文字が使われています", kind.ja),
                format!("the {} `{shown}` has full-width signs", kind.en),
            );
            let diagnostic = Diagnostic::error(FULL_WIDTH_PUNCTUATION.name, at.clone(), message);
            let mut diagnostic = offered(diagnostic, at, Some(&plain), quoted);
            // A full-width sign stands for one half-width sign; only a name that is declared makes sure of the rest.
            let is_declared = declared.into_iter().any(|name| name == plain);
            diagnostic.fix = diagnostic.fix.map(|fix| Fix { is_certain: is_declared, ..fix });
            self.report.push(diagnostic);
            return;
        }
        let nearest = self.report.nearest(name, declared);
        self.report.push(offered(not_declared(kind, name, at), at, nearest, quoted));
    }

    /// Reports a name that is none of a few whose nearest is seldom the one that was meant, as with dates: all are listed.
    pub(crate) fn undeclared_of(&mut self, kind: &Words, name: &str, at: &Label, declared: &[&str]) {
        if narrowed(name).is_some() {
            return self.undeclared(kind, name, at, declared.iter().copied(), true);
        }
        let help = Words::new(
            format!("ある{}: {}", kind.ja, declared.join("、")),
            format!("{}s: {}", kind.en, declared.join(", ")),
        );
        self.report.push(not_declared(kind, name, at).help(help));
    }
}

fn not_declared(kind: &Words, name: &str, at: &Label) -> Diagnostic {
    let shown = short(name);
    let message = Words::new(
        format!("{} `{shown}` は宣言されていません", kind.ja),
        format!("the {} `{shown}` is not declared", kind.en),
    );
    Diagnostic::error(UNDECLARED_NAME.name, at.clone(), message)
}

/// Adds the name that was probably meant.
fn offered(diagnostic: Diagnostic, at: &Label, nearest: Option<&str>, quoted: bool) -> Diagnostic {
    let Some(nearest) = nearest else { return diagnostic };
    let replacement = if quoted { format!("\"{nearest}\"") } else { nearest.to_owned() };
    diagnostic
        .help(Words::new(format!("`{nearest}` のことですか"), format!("did you mean `{nearest}`?")))
        .suggest(at, replacement)
}

/// A value as repeated in a message.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::String(s) => format!("`{}`", short(s)),
        Value::Integer(n) => format!("`{n}`"),
        Value::Decimal(n) => format!("`{n}`"),
        Value::Bool(b) => format!("`#{b}`"),
        Value::Null => "`#null`".to_owned(),
    }
}

/// A text as repeated in a message: not endless, and in one line.
pub(crate) fn short(text: &str) -> String {
    let mut out: String =
        text.chars().take(SHOWN_CHARS_MAX).map(|c| if is_unseen(c) { ' ' } else { c }).collect();
    if text.chars().nth(SHOWN_CHARS_MAX).is_some() {
        out.push('…');
    }
    out
}
