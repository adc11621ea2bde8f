//! Nodes to a pack: a closed vocabulary, every shape checked, every citation looked up.
//!
//! The kinds of node are [`NODES`]; to add one: a line there, an arm in [`Lowering::node`], a value in
//! `nattoku_model::law`, a paragraph in `docs/reference/law-packs.md`. A pack that is based on another begins with what
//! that one says: a node with a name stands in place of the one of that name, a node without takes the place of the whole.

mod clock;
mod header;
mod provision;
mod rule;

use std::collections::BTreeMap;

use nattoku_model::Language;
use nattoku_model::language::Text;
use nattoku_model::law::{Cited, Entry, Grounds, Pack};

use super::Packs;
use crate::ast::Node;
use crate::diagnostic::{Label, Words};
use crate::resolve::Scope;
use crate::resolve::shape::{BARE, DECLARATION, Shape};

/// The kinds of node of a pack.
const NODES: [&str; 16] = [
    "pack",
    "instrument",
    "provision",
    "fact",
    "consent-age",
    "route",
    "class",
    "home",
    "equivalent-countries",
    "transfer",
    "joint-use",
    "records",
    "deadline",
    "breach",
    "change",
    "calendar",
];

/// A declaration with a name, texts, and what it rests on.
const RULE: Shape = DECLARATION.once(&["unchecked"]);

/// A pack that is being read.
struct Lowering<'s, 'r> {
    pack: Pack,
    scope: &'s mut Scope<'r>,
    /// What was cited where; looked up when all provisions are known.
    cited: Vec<(Cited, String, Label)>,
    /// What was declared where, by kind and name.
    seen: BTreeMap<String, Label>,
}

/// Lowers the nodes of a pack; none where its header does not say which one it is.
pub(super) fn pack(header: &Node, nodes: &[Node], packs: &Packs, scope: &mut Scope<'_>) -> Option<Pack> {
    let pack = header::header(header, packs, scope)?;
    let mut lowering = Lowering { pack, scope, cited: Vec::new(), seen: BTreeMap::new() };
    // What others name comes first, so that the order of nodes never matters.
    let is_named = |node: &&Node| matches!(node.name.value.as_str(), "instrument" | "calendar");
    for node in nodes.iter().filter(is_named).chain(nodes.iter().filter(|n| !is_named(n))) {
        lowering.node(node);
    }
    lowering.look_up(header);
    Some(lowering.pack)
}

impl Lowering<'_, '_> {
    fn node(&mut self, node: &Node) {
        match node.name.value.as_str() {
            "pack" => {}
            "instrument" => self.instrument(node),
            "provision" => self.provision(node),
            "fact" => self.fact(node),
            "consent-age" => self.consent_age(node),
            "route" => self.route(node),
            "class" => self.class(node),
            "home" => self.home(node),
            "equivalent-countries" => self.equivalent_countries(node),
            "transfer" => self.transfer(node),
            "joint-use" => self.joint_use(node),
            "records" => self.records(node),
            "deadline" => self.deadline(node),
            "breach" => self.breach(node),
            "change" => self.change(node),
            "calendar" => self.calendar(node),
            _ => self.scope.unexpected_node(node, NODES.into_iter()),
        }
    }

    /// Reports what is declared twice.
    fn once(&mut self, node: &Node, key: String) {
        let at = node.declared_label();
        match self.seen.get(&key) {
            Some(first) => self.scope.twice(at, first.clone(), &key),
            None => {
                self.seen.insert(key, at);
            }
        }
    }

    /// The texts of a node, which a pack has in every language.
    fn title(&mut self, node: &Node) -> Text {
        let title = self.scope.title(node);
        for language in Language::ALL.into_iter().filter(|l| !title.has(*l)) {
            let name = &node.name.value;
            let message = Words::new(
                format!("`{name}` に `{language}` の文がありません"),
                format!("`{name}` has no text in `{language}`"),
            );
            self.scope.missing(node.declared_label(), message);
        }
        title
    }

    /// What a node rests on. Its shape allows `cite` and `unchecked`.
    fn grounds(&mut self, node: &Node) -> Grounds {
        let mut cites = Vec::new();
        for child in node.children_named("cite") {
            for value in &child.args {
                let Some(text) = self.scope.filled(child, value) else { continue };
                if let Ok(cited) = text.parse::<Cited>() {
                    self.cited.push((cited.clone(), text.to_owned(), child.at(&value.span)));
                    cites.push(cited);
                } else {
                    let what = Words::new(
                        "`APPI 27(1)` の形の条文、または `APPI-27-1` の形の番号",
                        "a citation such as `APPI 27(1)` or the number of a fact such as `APPI-27-1`",
                    );
                    self.scope.expected(child, value, &what);
                }
            }
        }
        Grounds { cites, unchecked: self.scope.mark(node, "unchecked") }
    }

    /// A name and words: an item of a report.
    fn entry(&mut self, node: &Node) -> Option<Entry> {
        self.scope.shape(node, &DECLARATION);
        let title = self.title(node);
        let name = node.args.first().and_then(|v| self.scope.plain_word(node, v))?;
        Some(Entry { name, title })
    }

    /// The entries that stand within a node under a name.
    fn entries(&mut self, node: &Node, kind: &str) -> Vec<Entry> {
        node.children.iter().filter(|c| c.name.value == kind).filter_map(|c| self.entry(c)).collect()
    }

    /// Looks up what only the whole pack tells: citations, the calendars of deadlines, the law's own instrument.
    fn look_up(&mut self, header: &Node) {
        for (cited, text, at) in std::mem::take(&mut self.cited) {
            if self.pack.knows(&cited) {
                continue;
            }
            let kind = Words::new("条文または番号", "provision or fact");
            let nearest = self.pack.nearest(&cited);
            let known: Vec<&str> = nearest.iter().map(String::as_str).collect();
            self.scope.undeclared(&kind, &text, &at, known.into_iter(), true);
        }
        if self.pack.instrument().is_none() {
            let name = &self.pack.abbreviation;
            let message = Words::new(
                format!("`cited-as={name}` の法令が `instrument {name}` として宣言されていません"),
                format!("no `instrument {name}` declares the law that is `cited-as={name}`"),
            );
            self.scope.missing(header.head_label(), message);
        }
    }

    /// The words of a property as one of a list each.
    fn several<T: Copy + Ord>(
        &mut self,
        node: &Node,
        child: &str,
        all: &[T],
        word: impl Fn(T) -> &'static str + Copy,
    ) -> std::collections::BTreeSet<T> {
        let mut found = std::collections::BTreeSet::new();
        for child in node.children.iter().filter(|c| c.name.value == child) {
            self.scope.shape(child, &BARE.args(1, usize::MAX, "語", "one word or several"));
            for value in &child.args {
                found.extend(self.scope.one_of(child, value, all, word));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::NODES;

    #[test]
    fn the_reference_shows_every_kind_of_node_and_no_other() {
        let page = include_str!("../../../../docs/reference/law-packs.md");
        let vocabulary = page.split("\n## ").find(|section| section.starts_with("Vocabulary\n")).unwrap();
        let block = vocabulary.split("```").nth(1).unwrap();
        let top = block.lines().skip(1).filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
        let shown: BTreeSet<&str> = top.filter_map(|line| line.split([' ', '{']).next()).collect();
        assert_eq!(shown, BTreeSet::from(NODES));
    }
}
