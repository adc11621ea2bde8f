//! Our own tree of a KDL file: names, arguments, properties and children, each with its place.

use std::ops::Range;

use nattoku_model::policy::Rule;

use crate::diagnostic::Label;
use crate::source::FileId;

/// Something with the bytes it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The thing.
    pub value: T,
    /// Its bytes in the file, quotes included.
    pub span: Range<usize>,
}

/// A value of an argument or a property.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A word or a quoted string.
    String(String),
    /// A whole number.
    Integer(i128),
    /// A number with a fraction, or one that is no whole number.
    Decimal(f64),
    /// `#true` or `#false`.
    Bool(bool),
    /// `#null`.
    Null,
}

impl Value {
    /// The string, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(s) => Some(s),
            _ => None,
        }
    }
}

/// A node of the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What stands first on its line: `activity`.
    pub name: Spanned<String>,
    /// The values after it.
    pub args: Vec<Spanned<Value>>,
    /// The `key=value` pairs after it, in the order written.
    pub props: Vec<(Spanned<String>, Spanned<Value>)>,
    /// The nodes in its braces.
    pub children: Vec<Node>,
    /// From the name to the last of arguments and properties.
    pub head: Range<usize>,
    /// From the name to the closing brace.
    pub span: Range<usize>,
    /// The file it stands in.
    pub file: FileId,
}

impl Node {
    /// The first child of a name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|c| c.name.value == name)
    }

    /// Every child of a name.
    pub fn children_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |c| c.name.value == name)
    }

    /// The value of a property; the last where it is written twice, as KDL has it.
    #[must_use]
    pub fn prop(&self, name: &str) -> Option<&Spanned<Value>> {
        self.props.iter().rev().find(|(key, _)| key.value == name).map(|(_, value)| value)
    }

    /// The first argument as a string: the name that a declaration declares.
    #[must_use]
    pub fn declared(&self) -> Option<&str> {
        self.args.first()?.value.as_str()
    }

    /// A label on bytes of the node's file.
    #[must_use]
    pub fn at(&self, span: &Range<usize>) -> Label {
        Label::new(self.file, span.clone())
    }

    /// A label on the node's first line: name, arguments and properties.
    #[must_use]
    pub fn head_label(&self) -> Label {
        self.at(&self.head)
    }

    /// A label on the name it declares, or on the node's own name where it declares none.
    #[must_use]
    pub fn declared_label(&self) -> Label {
        self.at(self.args.first().map_or(&self.name.span, |a| &a.span))
    }
}

/// A rule of the policy and the node that declares it.
#[derive(Debug, Clone)]
pub struct Declaration<'a> {
    /// Kind and name: `activity partner_offers`.
    pub rule: Rule,
    /// Its node.
    pub node: &'a Node,
}
