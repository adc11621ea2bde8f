//! What every name means and where it is used: what an editor asks of a policy, broken or not.
//!
//! Uses are taken down where names are looked up, so that whatever can hold a name is found here without a second
//! list. A name that nothing declares is a use too.

use std::ops::Range;

use nattoku_model::language::Text;
use nattoku_model::policy::Rule;
use nattoku_model::{Language, name};

use crate::ast::Node;
use crate::diagnostic::{Label, Words};
use crate::resolve::Names;
use crate::resolve::names::NameKind;
use crate::source::FileId;

/// A place in which a name stands that means a declared rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The rule that is meant: `activity partner_offers`.
    pub rule: Rule,
    /// The bytes of the name, with its quotes where it is the whole of a quoted value.
    pub at: Label,
    /// Whether the bytes include quotes.
    pub is_quoted: bool,
}

/// A declared rule.
#[derive(Debug, Clone)]
pub struct Declared<'i> {
    /// Kind and name.
    pub rule: Rule,
    /// The bytes of the name that it declares.
    pub at: Label,
    /// The node that declares it.
    pub node: &'i Node,
}

impl Declared<'_> {
    /// Its texts.
    #[must_use]
    pub fn title(&self) -> Text {
        let texts = Language::ALL.into_iter().filter_map(|language| {
            let text = self.node.child(language.tag())?.declared()?;
            Some((language, text.to_owned()))
        });
        Text(texts.collect())
    }

    /// The requirements and the law that it cites.
    pub fn cites(&self) -> impl Iterator<Item = &str> {
        self.node.children_named("cite").flat_map(|c| &c.args).filter_map(|a| a.value.as_str())
    }
}

/// The names of one version.
#[derive(Debug, Clone, Default)]
pub struct Index {
    version: Option<String>,
    nodes: Vec<Node>,
    names: Names,
    uses: Vec<Use>,
}

impl Index {
    /// The index of a version's nodes with what is declared and where it is used.
    pub(crate) fn new(version: Option<String>, nodes: Vec<Node>, names: Names, mut uses: Vec<Use>) -> Self {
        uses.sort_by(|a, b| {
            let key = |u: &Use| (u.at.file, u.at.span.start, u.at.span.end);
            key(a).cmp(&key(b)).then_with(|| a.rule.cmp(&b.rule))
        });
        uses.dedup();
        Self { version, nodes, names, uses }
    }

    /// The version below `earlier/`; none for the current one.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// The nodes at the top of every file, in the order of the files.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Every place in which a name stands that means a rule, by file and place.
    #[must_use]
    pub fn uses(&self) -> &[Use] {
        &self.uses
    }

    /// The places in which a rule is meant.
    pub fn uses_of<'i>(&'i self, rule: &'i Rule) -> impl Iterator<Item = &'i Use> {
        self.uses.iter().filter(move |u| u.rule == *rule)
    }

    /// The rule's declaration; none where nothing declares it.
    #[must_use]
    pub fn declared(&self, rule: &Rule) -> Option<Declared<'_>> {
        let at = match kind(rule.kind) {
            Some(kind) => self.names.get(kind, &rule.name)?.clone(),
            None => self.other(rule)?,
        };
        let node = self.path_at(at.file, at.span.start).pop()?;
        Some(Declared { rule: rule.clone(), at, node })
    }

    /// The name's place in a node that declares a rule without a kind of names: a retention, a transition, a ruling.
    fn other(&self, rule: &Rule) -> Option<Label> {
        let tops = self.nodes.iter();
        match rule.kind {
            "retention" => named(tops, "retain", &rule.name),
            "policy" => named(tops, "policy", &rule.name),
            "ruling" => named(self.nodes.iter().flat_map(|n| &n.children), "ruling", &rule.name),
            "transition" => tops.filter(|n| n.name.value == "transition").find_map(|node| {
                let value = node.prop("governing")?;
                (value.value.as_str() == Some(&rule.name)).then(|| node.at(&value.span))
            }),
            _ => None,
        }
    }

    /// The declared names of a kind of rule: `activity`.
    pub fn names(&self, rule: &str) -> impl Iterator<Item = &str> {
        kind(rule).into_iter().flat_map(|kind| self.names.of(kind))
    }

    /// The rule whose name stands at a byte, with the name's place: a use, or the declaration itself.
    #[must_use]
    pub fn rule_at(&self, file: FileId, offset: usize) -> Option<(Rule, Label)> {
        let is_here = |at: &Label| at.file == file && at.span.start <= offset && offset <= at.span.end;
        let declared = NameKind::ALL.iter().find_map(|kind| {
            let found = self.names.entries(*kind).find(|(_, at)| is_here(at));
            found.map(|(name, at)| (Rule::new(kind.rule(), name), at.clone()))
        });
        declared.or_else(|| {
            // The use that begins last: of two that touch, the cursor between them is at the beginning of the second.
            let found = self.uses.iter().rev().find(|u| is_here(&u.at));
            found.map(|u| (u.rule.clone(), u.at.clone()))
        })
    }

    /// The nodes around a byte, from the top to the innermost.
    #[must_use]
    pub fn path_at(&self, file: FileId, offset: usize) -> Vec<&Node> {
        let mut path = Vec::new();
        let mut nodes = self.nodes.as_slice();
        let is_here = |span: &Range<usize>| span.start <= offset && offset <= span.end;
        while let Some(node) = nodes.iter().rev().find(|n| n.file == file && is_here(&n.span)) {
            path.push(node);
            nodes = &node.children;
        }
        path
    }
}

fn named<'n>(mut nodes: impl Iterator<Item = &'n Node>, word: &str, name: &str) -> Option<Label> {
    nodes.find(|n| n.name.value == word && n.declared() == Some(name)).map(Node::declared_label)
}

fn kind(rule: &str) -> Option<NameKind> {
    NameKind::ALL.iter().copied().find(|k| k.rule() == rule)
}

/// The kind of rule that a node declares: `prohibition` of `prohibit`.
#[must_use]
pub fn rule_of(node: &str) -> Option<&'static str> {
    NameKind::ALL.iter().find(|kind| kind.node() == node).map(|kind| kind.rule())
}

/// What people call a kind of rule; none where its names are of no kind of their own.
#[must_use]
pub fn words(rule: &str) -> Option<Words> {
    kind(rule).map(NameKind::words)
}

/// Whether a name may be given to a rule of a kind.
#[must_use]
pub fn may_be_named(rule: &str, wanted: &str) -> bool {
    kind(rule).is_some() && name::is_name(wanted)
}

#[cfg(test)]
mod tests;
