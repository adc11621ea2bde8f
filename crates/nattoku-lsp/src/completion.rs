//! What may be typed at the cursor: words of the language, and declared names of the kind that is wanted there.

use std::ops::Range as Bytes;

use gen_lsp_types::{CompletionItem, CompletionItemKind, Documentation, Position, Range, TextEdit};
use nattoku_model::Language;
use nattoku_model::policy::Rule;
use nattoku_policy::cursor::{Cursor, Spot, cursor};
use nattoku_policy::explain;
use nattoku_policy::index::Index;
use nattoku_policy::lint::RULES;
use nattoku_policy::notice::Directive;
use nattoku_policy::vocabulary::{self, Node, Times, Value};

use crate::workspace::View;

/// What the directives within a sentence begin with.
const IN_SENTENCES: [&str; 6] = ["see ", "document ", "effective", "announced", "version", "controller"];

/// Everything that may stand there, the likeliest first.
pub(crate) fn answer(view: &View<'_>, position: Position) -> Vec<CompletionItem> {
    let offset = view.offset(position);
    let Some(index) = view.index() else { return Vec::new() };
    if !view.checked().files.name(view.file).ends_with(".kdl") {
        return in_notice(view, index, offset);
    }
    let Some(Cursor { path, spot, word }) = cursor(view.text(), offset) else { return Vec::new() };
    let Some(node) = vocabulary::find(path.iter().map(String::as_str)) else { return Vec::new() };
    let list = List { view, index, range: view.range(&word) };
    match spot {
        Spot::Node => list.nodes(node),
        Spot::Entry { args, keys, is_quoted } => {
            let mut items = node.arg(args.len()).map_or_else(Vec::new, |value| list.values(value));
            if !is_quoted {
                items.extend(list.props(node, args.first().map(String::as_str), &keys));
            }
            items
        }
        Spot::Value { key } => node.prop(&key).map_or_else(Vec::new, |prop| list.values(prop.value)),
    }
}

/// What items are made with.
struct List<'v> {
    view: &'v View<'v>,
    index: &'v Index,
    range: Range,
}

impl List<'_> {
    fn item(
        &self,
        text: &str,
        kind: CompletionItemKind,
        detail: Option<String>,
        order: u8,
    ) -> CompletionItem {
        CompletionItem {
            label: text.to_owned(),
            kind: Some(kind),
            detail,
            sort_text: Some(format!("{order}{text}")),
            text_edit: Some(TextEdit { range: self.range, new_text: text.to_owned() }.into()),
            ..CompletionItem::default()
        }
    }

    fn language(&self) -> Language {
        self.view.language
    }

    /// The nodes that may stand within a node, those that it needs first.
    fn nodes(&self, within: &Node) -> Vec<CompletionItem> {
        let nodes = within.nodes.iter().map(|child| {
            let order = match child.times {
                Times::Needed | Times::NeededMany => 0,
                Times::Once | Times::Many => 1,
            };
            let about = child.node.about(self.language()).to_owned();
            self.item(child.node.name, CompletionItemKind::Keyword, Some(about), order)
        });
        nodes.collect()
    }

    /// The properties that a node may have and has not yet. Where the first argument decides, those that it allows.
    fn props(&self, node: &Node, first: Option<&str>, there: &[String]) -> Vec<CompletionItem> {
        let variant = node.variants.iter().find(|(word, ..)| *word == first.unwrap_or(""));
        let props = node.props.iter().filter(|p| !there.iter().any(|key| key == p.name));
        let allowed = props.filter_map(|prop| match variant {
            Some((_, needs, may)) if needs.contains(&prop.name) || may.contains(&prop.name) => {
                Some((prop, needs.contains(&prop.name)))
            }
            Some(_) => None,
            None => Some((prop, prop.is_needed)),
        });
        let items = allowed.map(|(prop, is_needed)| {
            let about = prop.about(self.language()).to_owned();
            let order = if is_needed { 2 } else { 3 };
            self.item(&format!("{}=", prop.name), CompletionItemKind::Property, Some(about), order)
        });
        items.collect()
    }

    /// The declared names and the words that a value may be.
    fn values(&self, value: Value) -> Vec<CompletionItem> {
        let names = value.kinds().into_iter().flat_map(|kind| self.names(kind, ""));
        let words =
            value.words().into_iter().map(|word| self.item(word, CompletionItemKind::EnumMember, None, 1));
        let mut items: Vec<CompletionItem> = names.chain(words).collect();
        if matches!(value, Value::Rule) {
            items.extend(RULES.iter().map(|rule| {
                let page = explain::explain(rule.name()).map(|e| e.page(self.language()).to_owned());
                let item = self.item(rule.name(), CompletionItemKind::Constant, None, 0);
                CompletionItem { documentation: page.map(Documentation::String), ..item }
            }));
        }
        items
    }

    /// The declared names of a kind, each with its title.
    fn names(&self, kind: &'static str, before: &str) -> Vec<CompletionItem> {
        let names = self.index.names(kind).map(|name| {
            let declared = self.index.declared(&Rule::new(kind, name));
            let title = declared.and_then(|d| d.title().0.get(&self.language()).cloned());
            self.item(&format!("{before}{name}"), CompletionItemKind::Reference, title, 0)
        });
        names.collect()
    }
}

/// What may stand in braces in the prose of a notice.
fn in_notice(view: &View<'_>, index: &Index, offset: usize) -> Vec<CompletionItem> {
    let before = view.text().get(..offset).unwrap_or("");
    let line = before.rsplit('\n').next().unwrap_or("");
    let Some((_, typed)) = line.rsplit_once('{').filter(|(_, typed)| !typed.contains('}')) else {
        return Vec::new();
    };
    let list = |from: usize| {
        let word: Bytes<usize> = offset - from..offset;
        List { view, index, range: view.range(&word) }
    };
    if let Some(name) = typed.strip_prefix("document ") {
        return list(name.len()).names("document", "");
    }
    if let Some(target) = typed.strip_prefix("see ") {
        let list = list(target.len());
        let kinds = vocabulary::TOP.nodes.iter().map(|child| child.node.name);
        return kinds
            .filter_map(|node| Some((node, nattoku_policy::index::rule_of(node)?)))
            .flat_map(|(node, rule)| list.names(rule, &format!("{node}.")))
            .collect();
    }
    let list = list(typed.len());
    let words = Directive::ALL.iter().map(|d| d.as_str()).chain(IN_SENTENCES);
    words.map(|word| list.item(word, CompletionItemKind::Keyword, None, 0)).collect()
}
