//! What a policy allows of the linter's findings: `allow RULE reason="…"`.
//!
//! The node stands within a declaration and covers the findings placed in it; in the `policy` node it covers the whole
//! version. The reason is part of the policy: whoever reads it sees what was decided, and why.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::ast::Node;
use crate::diagnostic::{Diagnostic, Label, Words};
use crate::language_rules;
use crate::lint;
use crate::resolve::Scope;
use crate::resolve::shape::BARE;
use crate::source::{FileId, Files};

/// A finding that the policy allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// The finding.
    pub diagnostic: Diagnostic,
    /// Why it may stay.
    pub reason: String,
    /// The node that allows it.
    pub at: Label,
}

/// One `allow` node.
#[derive(Debug, Clone)]
pub struct Allow {
    /// The rule whose findings it covers.
    pub rule: &'static str,
    /// Why they may stay.
    pub reason: String,
    /// Its name, arguments and properties.
    pub at: Label,
    /// What to take out to be rid of it: the node with its line or its `;`.
    pub removal: Label,
    /// The bytes it covers; none where it covers the whole version.
    within: Option<Range<usize>>,
}

impl Allow {
    fn covers(&self, place: &Label) -> bool {
        self.within.as_ref().is_none_or(|within| {
            self.at.file == place.file && within.start <= place.span.start && place.span.end <= within.end
        })
    }
}

/// The `allow` nodes of a version.
#[derive(Debug, Default)]
pub struct Allows {
    /// In the order of the files.
    all: Vec<Allow>,
    /// Those within a declaration, by rule and file, in the order in which what they cover begins.
    inner: BTreeMap<(&'static str, FileId), Vec<usize>>,
    /// Those of the `policy` node, the first of each rule.
    outer: BTreeMap<&'static str, usize>,
}

impl Allows {
    /// Takes in every `allow` of the nodes, and reports those that cannot be meant.
    pub(crate) fn collect(roots: &[&Node], files: &Files, scope: &mut Scope<'_>) -> Self {
        let mut all = Vec::new();
        for root in roots {
            below(root, root.name.value == "policy", files, scope, &mut all);
        }
        let mut allows = Self { all, inner: BTreeMap::new(), outer: BTreeMap::new() };
        for (i, allow) in allows.all.iter().enumerate() {
            match allow.within {
                Some(_) => allows.inner.entry((allow.rule, allow.at.file)).or_default().push(i),
                None => {
                    allows.outer.entry(allow.rule).or_insert(i);
                }
            }
        }
        allows
    }

    /// Every node, in the order of the files.
    pub fn iter(&self) -> impl Iterator<Item = &Allow> {
        self.all.iter()
    }

    /// The nodes that cover none of these findings.
    pub fn unused<'a>(&'a self, found: &[Diagnostic]) -> impl Iterator<Item = &'a Allow> {
        let used: BTreeSet<usize> = found.iter().filter_map(|d| self.covering(d)).collect();
        self.all.iter().enumerate().filter(move |(i, _)| !used.contains(i)).map(|(_, allow)| allow)
    }

    /// Divides findings into those that stand and those that are allowed.
    pub(crate) fn divide(&self, found: Vec<Diagnostic>) -> (Vec<Diagnostic>, Vec<Allowed>) {
        let (mut standing, mut allowed) = (Vec::new(), Vec::new());
        for diagnostic in found {
            match self.covering(&diagnostic).and_then(|i| self.all.get(i)) {
                Some(Allow { reason, at, .. }) => {
                    allowed.push(Allowed { diagnostic, reason: reason.clone(), at: at.clone() });
                }
                None => standing.push(diagnostic),
            }
        }
        allowed.sort_by_key(|a| (a.diagnostic.primary.file, a.diagnostic.primary.span.start));
        (standing, allowed)
    }

    /// The innermost node that covers a finding.
    fn covering(&self, diagnostic: &Diagnostic) -> Option<usize> {
        let place = &diagnostic.primary;
        // What is nested begins later, so the last that covers the place is the innermost.
        let inner = self.inner.get(&(diagnostic.rule, place.file)).and_then(|candidates| {
            candidates.iter().rev().copied().find(|i| self.all.get(*i).is_some_and(|a| a.covers(place)))
        });
        inner.or_else(|| self.outer.get(diagnostic.rule).copied())
    }
}

/// Adds the `allow` nodes within a node, the outer ones first.
fn below(node: &Node, is_policy: bool, files: &Files, scope: &mut Scope<'_>, all: &mut Vec<Allow>) {
    for child in node.children_named("allow") {
        let within = (!is_policy).then(|| node.span.clone());
        all.extend(allow(child, within, files, scope));
    }
    for child in node.children.iter().filter(|c| c.name.value != "allow") {
        below(child, false, files, scope, all);
    }
}

fn allow(node: &Node, within: Option<Range<usize>>, files: &Files, scope: &mut Scope<'_>) -> Option<Allow> {
    scope.shape(node, &BARE.args(1, 1, "規則の名前", "the name of a rule").needs_props(&["reason"]));
    let reason = scope.string_prop(node, "reason");
    let value = node.args.first()?;
    let name = scope.string(node, value)?;
    let at = node.at(&value.span);
    let Some(rule) = lint::RULES.iter().find(|r| r.name() == name) else {
        unknown(name, &at, scope);
        return None;
    };
    let removal = node.at(&removal(files.text(node.file), &node.span));
    Some(Allow { rule: rule.name(), reason: reason?.to_owned(), at: node.head_label(), removal, within })
}

fn unknown(name: &str, at: &Label, scope: &mut Scope<'_>) {
    if language_rules::RULES.iter().any(|r| r.name == name) {
        let message = Words::new(
            format!("`{name}` は言語そのものの規則なので、認めることはできません"),
            format!("`{name}` is a rule of the language itself and cannot be allowed"),
        );
        return scope.unexpected(at.clone(), message);
    }
    let names: Vec<&str> = lint::RULES.iter().map(|r| r.name()).collect();
    scope.undeclared(&Words::new("規則", "rule"), name, at, names.into_iter(), false);
}

/// The bytes to take out with a node: its whole line where it stands alone on it, or else the `;` that parts it from
/// the others.
fn removal(text: &str, span: &Range<usize>) -> Range<usize> {
    let is_blank = |c: char| c == ' ' || c == '\t';
    let before = text.get(..span.start).unwrap_or("");
    let after = text.get(span.end..).unwrap_or("");
    let line_start = before.rfind('\n').map_or(0, |i| i + 1);
    let rest = after.trim_start_matches(is_blank);
    let behind = rest.strip_prefix(';').map_or(rest, |r| r.trim_start_matches(is_blank));
    let is_first = before.get(line_start..).is_some_and(|b| b.chars().all(is_blank));
    let line_end = ["\r\n", "\n"].iter().find(|end| behind.starts_with(**end)).map(|end| end.len());
    if is_first && (line_end.is_some() || behind.is_empty()) {
        return line_start..text.len() - behind.len() + line_end.unwrap_or(0);
    }
    if rest.len() != behind.len() {
        return span.start..text.len() - behind.len();
    }
    let kept = before.trim_end_matches(is_blank);
    let kept = kept.strip_suffix(';').unwrap_or(kept);
    kept.len()..span.end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_out_leaves_the_text_as_if_it_had_not_been_there() {
        let without = |text: &str| {
            let start = text.find("allow").unwrap();
            let end = start + "allow".len();
            let removal = removal(text, &(start..end));
            format!("{}{}", &text[..removal.start], &text[removal.end..])
        };
        assert_eq!(without("a {\n    allow\n    b\n}"), "a {\n    b\n}");
        assert_eq!(without("a {\r\n    allow;\r\n    b\r\n}"), "a {\r\n    b\r\n}");
        assert_eq!(without("a { allow; b }"), "a { b }");
        assert_eq!(without("a { b; allow }"), "a { b }");
        assert_eq!(without("a { b; allow; c }"), "a { b; c }");
        assert_eq!(without("a { allow }"), "a { }");
        assert_eq!(without("allow"), "");
    }
}
