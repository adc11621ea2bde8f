//! What is well-formed but wrong or doubtful: one rule, one file.
//!
//! A rule sees the checked policy, the nodes it came from, the notices and the scenarios. To add one: a file under
//! `rules/` with a unit struct that implements [`LintRule`], a line in `rules.rs`, and a case under `cases/language/`.

pub mod rules;
mod sentences;
pub mod texts;

use std::collections::BTreeMap;

use nattoku_model::Language;
use nattoku_model::policy::{Policy, Rule, Versions};

use crate::allow::Allows;
use crate::ast::{Declaration, Node};
use crate::diagnostic::{Diagnostic, Label, Severity, Words};
use crate::notice::Notice;
use crate::scenario::Scenario;
use crate::source::Files;

pub use rules::RULES;

/// What a rule looks after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// That the policy says what it means.
    Language,
    /// That what it says can be lawful.
    Law,
}

/// A rule of the linter. Its name reads after "allow": `unused-name`.
pub trait LintRule: Sync {
    /// Its name, in `kebab-case`.
    fn name(&self) -> &'static str;
    /// What it looks after.
    fn kind(&self) -> Kind;
    /// How bad a finding is.
    fn severity(&self) -> Severity;
    /// The requirements and the law it rests on: `R41`, `APPI-27-1`. Empty for rules of the language alone.
    fn cites(&self) -> &'static [&'static str];
    /// Its page in Markdown: what it does, why is this bad, example, use instead.
    fn page(&self, language: Language) -> &'static str;
    /// Adds what it finds to what the rules before it found.
    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>);

    /// A finding of this rule.
    fn finding(&self, primary: Label, message: Words) -> Diagnostic {
        Diagnostic::new(self.name(), self.severity(), primary, message)
    }
}

/// Tells which rules of the current version none of the scenarios exercises. It takes deciding them, which is done above
/// this crate.
pub type Untested = fn(&Versions, &[Scenario]) -> Vec<Rule>;

/// What a rule may look at. The policy is the current version; earlier ones were judged in their day.
#[derive(Debug)]
pub struct Context<'a> {
    /// The current version.
    pub policy: &'a Policy,
    /// It and the versions before it.
    pub versions: &'a Versions,
    /// The nodes of the current version's rules, in the order of the files.
    pub declarations: &'a [Declaration<'a>],
    /// The notices of the current version.
    pub notices: &'a BTreeMap<Language, Notice>,
    /// The scenarios.
    pub scenarios: &'a [Scenario],
    /// The findings that the policy allows.
    pub allows: &'a Allows,
    /// The files.
    pub files: &'a Files,
    /// Which rules no scenario exercises, where whoever checks can decide scenarios and there are some.
    pub untested: Option<Untested>,
    by_rule: BTreeMap<&'a Rule, &'a Node>,
}

impl<'a> Context<'a> {
    /// Everything a rule may look at.
    #[must_use]
    pub fn new(
        versions: &'a Versions,
        declarations: &'a [Declaration<'a>],
        notices: &'a BTreeMap<Language, Notice>,
        scenarios: &'a [Scenario],
        allows: &'a Allows,
        files: &'a Files,
    ) -> Self {
        let by_rule = declarations.iter().map(|d| (&d.rule, d.node)).collect();
        Self {
            policy: versions.current(),
            versions,
            declarations,
            notices,
            scenarios,
            allows,
            files,
            untested: None,
            by_rule,
        }
    }

    /// The same with a way to tell which rules no scenario exercises. Where there is no scenario, it tells nothing.
    #[must_use]
    pub fn telling_untested(mut self, untested: Option<Untested>) -> Self {
        self.untested = untested.filter(|_| !self.scenarios.is_empty());
        self
    }

    /// The node that declares a rule.
    #[must_use]
    pub fn node(&self, rule: &Rule) -> Option<&'a Node> {
        self.by_rule.get(rule).copied()
    }

    /// The rules of a kind with their nodes, in the order of the files.
    pub fn declared(&self, kind: &str) -> impl Iterator<Item = &'a Declaration<'a>> {
        self.declarations.iter().filter(move |d| d.rule.kind == kind)
    }

    /// A label on the policy's own node.
    #[must_use]
    pub fn policy_label(&self) -> Label {
        self.span_of(&Rule::new("policy", &self.policy.name))
    }

    /// A label on the name that a rule's node declares.
    #[must_use]
    pub fn span_of(&self, rule: &Rule) -> Label {
        match (self.node(rule), self.declarations.first(), self.files.ids().next()) {
            (Some(node), ..) => node.declared_label(),
            (None, Some(first), _) => first.node.declared_label(),
            (None, None, file) => Label::new(file.unwrap_or(crate::source::FileId::FIRST), 0..0),
        }
    }

    /// A label on a part of a rule: the child node or else the property of that name, or the rule's name where it has
    /// neither.
    #[must_use]
    pub fn part(&self, rule: &Rule, part: &str) -> Label {
        let Some(node) = self.node(rule) else { return self.span_of(rule) };
        if let Some(child) = node.child(part) {
            return child.head_label();
        }
        node.prop(part).map_or_else(|| node.declared_label(), |value| node.at(&value.span))
    }

    /// A label on a word within a part of a rule: the argument `word` of any child `part`, or the part itself.
    #[must_use]
    pub fn word(&self, rule: &Rule, part: &str, word: &str) -> Label {
        self.node(rule)
            .and_then(|node| {
                node.children_named(part).find_map(|child| {
                    child.args.iter().find(|a| a.value.as_str() == Some(word)).map(|a| child.at(&a.span))
                })
            })
            .unwrap_or_else(|| self.part(rule, part))
    }
}
