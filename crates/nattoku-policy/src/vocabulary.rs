//! The vocabulary of a policy as one table: which node may stand where, what it takes, and what it means, in both
//! languages. Editors complete and explain from it, `nattoku policy schema` prints it.
//!
//! What is enforced is what lowering asks of each node by [`Shape`](crate::resolve::shape::Shape); a test reads every
//! policy and case of this repository and holds every shape asked for against this table, so that neither says more
//! than the other.

mod consent;
mod data;
mod invariant;
mod law;
mod policy;
mod publication;
mod purpose;
mod recipient;
mod scenario;
#[cfg(test)]
mod tests;
mod value;
mod view;

use nattoku_model::Language;

pub use value::Value;

/// A node of the language.
#[derive(Debug)]
pub struct Node {
    /// What stands first on its line; `NAME` where any name may.
    pub name: &'static str,
    ja: &'static str,
    en: &'static str,
    /// Its arguments: fewest, most, and what they are. The last kind stands for all that follow.
    pub args: (usize, usize, &'static [Value]),
    /// Its properties.
    pub props: &'static [Prop],
    /// The nodes within, `ja`, `en`, `cite` and `allow` among them.
    pub nodes: &'static [Child],
    /// What any other name within means: categories have categories below.
    pub other: Option<&'static Self>,
    /// For a node whose first argument decides what else it takes: each word, what it needs, what it may have.
    pub variants: &'static [Variant],
}

/// A word as first argument, with the properties it needs and those it may have.
pub type Variant = (&'static str, &'static [&'static str], &'static [&'static str]);

/// A property of a node.
#[derive(Debug)]
pub struct Prop {
    /// What stands before the `=`.
    pub name: &'static str,
    /// Whether it must be there.
    pub is_needed: bool,
    /// What stands behind the `=`.
    pub value: Value,
    ja: &'static str,
    en: &'static str,
}

/// How often a node may stand within another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// Once, or not at all.
    Once,
    /// Exactly once.
    Needed,
    /// Once at least.
    NeededMany,
    /// As often as wanted, or not at all.
    Many,
}

/// A node within another.
#[derive(Debug)]
pub struct Child {
    /// Which.
    pub node: &'static Node,
    /// How often.
    pub times: Times,
}

const fn once(node: &'static Node) -> Child {
    Child { node, times: Times::Once }
}

const fn needed(node: &'static Node) -> Child {
    Child { node, times: Times::Needed }
}

const fn needed_many(node: &'static Node) -> Child {
    Child { node, times: Times::NeededMany }
}

const fn many(node: &'static Node) -> Child {
    Child { node, times: Times::Many }
}

impl Prop {
    const fn may(name: &'static str, value: Value, ja: &'static str, en: &'static str) -> Self {
        Self { name, is_needed: false, value, ja, en }
    }

    const fn needs(name: &'static str, value: Value, ja: &'static str, en: &'static str) -> Self {
        Self { name, is_needed: true, value, ja, en }
    }

    /// What it says, in one line.
    #[must_use]
    pub const fn about(&self, language: Language) -> &'static str {
        match language {
            Language::Ja => self.ja,
            Language::En => self.en,
        }
    }
}

impl Node {
    const fn new(name: &'static str, ja: &'static str, en: &'static str) -> Self {
        Self { name, ja, en, args: (0, 0, &[]), props: &[], nodes: &[], other: None, variants: &[] }
    }

    /// One that takes one argument and nothing else.
    const fn one(name: &'static str, value: &'static [Value], ja: &'static str, en: &'static str) -> Self {
        Self::any(name, (1, 1, value), ja, en)
    }

    /// One that takes arguments and nothing else.
    const fn any(
        name: &'static str,
        args: (usize, usize, &'static [Value]),
        ja: &'static str,
        en: &'static str,
    ) -> Self {
        let node = Self::new(name, ja, en);
        Self { args, ..node }
    }

    /// What it says, in one line.
    #[must_use]
    pub const fn about(&self, language: Language) -> &'static str {
        match language {
            Language::Ja => self.ja,
            Language::En => self.en,
        }
    }

    /// A property by name.
    #[must_use]
    pub fn prop(&self, name: &str) -> Option<&'static Prop> {
        self.props.iter().find(|p| p.name == name)
    }

    /// What the argument of a number is, from 0.
    #[must_use]
    pub fn arg(&self, number: usize) -> Option<Value> {
        let (_, most, kinds) = self.args;
        let kind = kinds.get(number).or(kinds.last()).copied();
        kind.filter(|_| number < most)
    }

    /// The node within that a word means.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<&'static Self> {
        self.nodes.iter().map(|c| c.node).find(|n| n.name == name).or(self.other)
    }
}

/// What the words from the top down to a node mean; none where one of them has no place.
#[must_use]
pub fn find<'w>(path: impl IntoIterator<Item = &'w str>) -> Option<&'static Node> {
    path.into_iter().try_fold(&TOP, Node::node)
}

/// The most arguments of a node that takes any number.
const ANY: usize = usize::MAX;

static JA: Node = Node::one("ja", &[Value::Text], "日本語の文", "the text in Japanese");
static EN: Node = Node::one("en", &[Value::Text], "英語の文", "the text in English");

static CITE: Node = Node::any(
    "cite",
    (1, ANY, &[Value::Citation]),
    "もとになる要件または法令",
    "the requirements or the law that it comes from",
);

static ALLOW: Node = Node {
    args: (1, 1, &[Value::Rule]),
    props: &[Prop::needs("reason", Value::Text, "認める理由", "why the finding may stand")],
    ..Node::new(
        "allow",
        "この宣言の中で、その規則の指摘を認める",
        "lets the findings of a rule stand within this declaration",
    )
};

static TEXTS: [Child; 2] = [once(&JA), once(&EN)];

/// A node that holds texts and nothing else.
const fn texts(name: &'static str, ja: &'static str, en: &'static str) -> Node {
    Node { nodes: &TEXTS, ..Node::new(name, ja, en) }
}

/// The place at the top of a file.
pub static TOP: Node = Node {
    nodes: &[
        once(&policy::POLICY),
        many(&policy::DOCUMENT),
        many(&data::CATEGORY),
        many(&data::SOURCE),
        many(&data::ENTRUSTER),
        many(&data::RELATIONSHIP),
        many(&data::RETAIN),
        many(&purpose::PURPOSE),
        many(&purpose::APPLICATION),
        many(&view::DEPARTMENT),
        many(&view::VIEW_REASON),
        many(&purpose::ACTIVITY),
        many(&recipient::WORK),
        many(&recipient::RECIPIENT),
        many(&recipient::PROVISION),
        many(&recipient::EQUIVALENT_COUNTRIES),
        many(&consent::CONSENT),
        many(&consent::CHOICE),
        many(&consent::SIGNAL),
        many(&law::PROHIBIT),
        many(&law::EXCEPTION),
        many(&law::TRANSITION),
        many(&publication::JOINT_USE),
        many(&publication::ANONYMIZED),
        many(&publication::TRANSMISSION),
        many(&publication::CALENDAR),
        many(&publication::DESK),
        many(&publication::LINE),
        many(&publication::BODY),
        many(&publication::REGULATOR),
        many(&invariant::NEVER),
        many(&invariant::ONLY),
        many(&scenario::SCENARIO),
    ],
    ..Node::new("", "ファイルのいちばん外側", "the top of a file")
};
