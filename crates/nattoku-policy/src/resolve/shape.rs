//! The shape of a node: how many arguments, which properties, which nodes within.

#[cfg(test)]
pub(crate) mod record;

use super::scope::{Scope, short, shown};
use crate::ast::Node;
use crate::diagnostic::{Diagnostic, Words};
use crate::language_rules::{UNEXPECTED_NODE, UNEXPECTED_VALUE};

/// What a node may and must hold.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    /// Fewest and most arguments.
    args: (usize, usize),
    /// What the arguments are, in Japanese and in English.
    what: (&'static str, &'static str),
    /// Properties that may be there.
    props: &'static [&'static str],
    /// Properties that must be there.
    needs_props: &'static [&'static str],
    /// Nodes within that may stand any number of times.
    many: &'static [&'static str],
    /// Nodes within that may stand once.
    once: &'static [&'static str],
    /// Nodes within that must stand once.
    needs: &'static [&'static str],
    /// Whether any other node may stand within.
    open: bool,
    /// Whether it holds `ja` and `en`.
    texts: bool,
    /// Whether it may carry `cite` and `allow`, as a declaration may.
    cites: bool,
}

/// A node with nothing but its name.
pub(crate) const BARE: Shape = Shape {
    args: (0, 0),
    what: ("", ""),
    props: &[],
    needs_props: &[],
    many: &[],
    once: &[],
    needs: &[],
    open: false,
    texts: false,
    cites: false,
};

/// A declaration with a name and texts.
pub(crate) const DECLARATION: Shape =
    Shape { args: (1, 1), what: ("名前", "one name"), texts: true, cites: true, ..BARE };

impl Shape {
    pub(crate) const fn args(self, least: usize, most: usize, ja: &'static str, en: &'static str) -> Self {
        Self { args: (least, most), what: (ja, en), ..self }
    }

    pub(crate) const fn props(self, props: &'static [&'static str]) -> Self {
        Self { props, ..self }
    }

    pub(crate) const fn needs_props(self, needs_props: &'static [&'static str]) -> Self {
        Self { needs_props, ..self }
    }

    pub(crate) const fn many(self, many: &'static [&'static str]) -> Self {
        Self { many, ..self }
    }

    pub(crate) const fn once(self, once: &'static [&'static str]) -> Self {
        Self { once, ..self }
    }

    pub(crate) const fn needs(self, needs: &'static [&'static str]) -> Self {
        Self { needs, ..self }
    }

    pub(crate) const fn open(self) -> Self {
        Self { open: true, ..self }
    }

    pub(crate) const fn texts(self, texts: bool) -> Self {
        Self { texts, ..self }
    }

    pub(crate) const fn cites(self) -> Self {
        Self { cites: true, ..self }
    }

    fn nodes(&self) -> impl Iterator<Item = &'static str> {
        let texts: &[&str] = if self.texts { &["ja", "en"] } else { &[] };
        let cites: &[&str] = if self.cites { &["cite", "allow"] } else { &[] };
        [self.many, self.once, self.needs, texts, cites].into_iter().flatten().copied()
    }
}

impl Scope<'_> {
    /// Reports where a node is not of a shape.
    pub(crate) fn shape(&mut self, node: &Node, shape: &Shape) {
        #[cfg(test)]
        record::take(node, shape);
        self.shape_args(node, shape);
        self.shape_props(node, shape);
        self.shape_children(node, shape);
        for cite in node.children_named("cite").filter(|_| shape.cites) {
            self.shape(cite, &BARE.args(1, usize::MAX, "要件または法令", "requirements or law"));
        }
    }

    fn shape_args(&mut self, node: &Node, shape: &Shape) {
        let name = &node.name.value;
        let (least, most) = shape.args;
        if node.args.len() < least {
            let (ja, en) = shape.what;
            self.missing(
                node.head_label(),
                Words::new(format!("`{name}` には{ja}が必要です"), format!("`{name}` needs {en}")),
            );
        }
        if let Some(extra) = node.args.get(most) {
            let found = shown(&extra.value);
            let name = short(name);
            self.unexpected(
                node.at(&extra.span),
                Words::new(
                    format!("`{name}` に {found} は余分です"),
                    format!("{found} is one value too many for `{name}`"),
                ),
            );
        }
    }

    fn shape_props(&mut self, node: &Node, shape: &Shape) {
        for (i, (key, _)) in node.props.iter().enumerate() {
            let known = shape.props.iter().chain(shape.needs_props).copied();
            if !known.clone().any(|k| k == key.value) {
                let at = node.at(&key.span);
                let (name, shown) = (short(&node.name.value), short(&key.value));
                let message = Words::new(
                    format!("`{name}` に `{shown}=` というプロパティはありません"),
                    format!("`{name}` has no property `{shown}=`"),
                );
                let mut diagnostic = Diagnostic::error(UNEXPECTED_VALUE.name, at.clone(), message);
                let known: Vec<&str> = known.collect();
                if let Some(nearest) = self.report.nearest(&key.value, known.iter().copied()) {
                    diagnostic = diagnostic
                        .help(Words::new(
                            format!("`{nearest}` のことですか"),
                            format!("did you mean `{nearest}`?"),
                        ))
                        .suggest(&at, nearest);
                }
                self.report.push(diagnostic);
            } else if let Some((first, _)) =
                node.props.iter().take(i.min(32)).find(|(earlier, _)| earlier.value == key.value)
            {
                self.twice(node.at(&key.span), node.at(&first.span), &format!("{}=", key.value));
            }
        }
        for missing in shape.needs_props.iter().filter(|p| node.prop(p).is_none()) {
            let name = &node.name.value;
            self.missing(
                node.head_label(),
                Words::new(
                    format!("`{name}` には `{missing}=` が必要です"),
                    format!("`{name}` needs `{missing}=`"),
                ),
            );
        }
    }

    fn shape_children(&mut self, node: &Node, shape: &Shape) {
        let name = &node.name.value;
        let known: Vec<&str> = shape.nodes().collect();
        if known.is_empty() && !shape.open {
            if let Some(child) = node.children.first() {
                let message = Words::new(
                    format!("`{name}` の中に `{}` などのノードは書けません", short(&child.name.value)),
                    format!("`{name}` holds no nodes such as `{}`", short(&child.name.value)),
                );
                self.error(UNEXPECTED_NODE.name, node.at(&child.name.span), message);
            }
            return;
        }
        for child in &node.children {
            if !shape.open && !known.contains(&child.name.value.as_str()) {
                self.unexpected_node(child, known.iter().copied());
            }
        }
        let texts: &[&str] = if shape.texts { &["ja", "en"] } else { &[] };
        let once = shape.once.iter().chain(shape.needs).chain(texts);
        for once in once.filter(|name| !shape.many.contains(name)) {
            let mut found = node.children_named(once);
            if let Some(first) = found.next()
                && let Some(second) = found.next()
            {
                self.twice(second.head_label(), first.head_label(), once);
            }
        }
        for missing in shape.needs.iter().filter(|n| node.child(n).is_none()) {
            self.missing(
                node.head_label(),
                Words::new(
                    format!("`{name}` の中に `{missing}` が必要です"),
                    format!("`{name}` needs a node `{missing}` within"),
                ),
            );
        }
    }
}
