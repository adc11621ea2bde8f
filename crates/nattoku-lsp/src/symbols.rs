//! The outline of a file: what it declares, or the headings of a notice.

use gen_lsp_types::{DocumentSymbol, SymbolKind};
use nattoku_model::Language;
use nattoku_policy::ast::Node;
use nattoku_policy::index::Index;
use nattoku_policy::notice::Notice;

use crate::position::Lines;
use crate::workspace::View;

/// The outline, in the order of the file.
pub(crate) fn answer(view: &View<'_>) -> Vec<DocumentSymbol> {
    let lines = view.lines(view.file);
    let notice = view.checked().notices.values().find(|notice| notice.file == view.file);
    if let Some(notice) = notice {
        return headings(notice, view, &lines);
    }
    let nodes = view.index().map_or(&[][..], Index::nodes);
    nodes.iter().filter(|n| n.file == view.file).map(|n| symbol(n, view.language, &lines)).collect()
}

fn symbol(node: &Node, language: Language, lines: &Lines<'_>) -> DocumentSymbol {
    let word = node.name.value.as_str();
    let name = node.declared().map_or_else(|| word.to_owned(), |declared| format!("{word} {declared}"));
    let title = node.child(language.tag()).and_then(Node::declared).map(str::to_owned);
    // What has texts of its own is worth a line: a category below, a ruling, a wording.
    let parts = node.children.iter().filter(|c| c.child("ja").is_some() || c.child("en").is_some());
    let children: Vec<_> = parts.map(|c| symbol(c, language, lines)).collect();
    DocumentSymbol::new(
        name,
        title,
        kind(word),
        None,
        None,
        lines.range(&node.span),
        lines.range(&node.declared_label().span),
        (!children.is_empty()).then_some(children),
    )
}

fn kind(word: &str) -> SymbolKind {
    match word {
        "policy" => SymbolKind::Module,
        "activity" => SymbolKind::Function,
        "purpose" | "provision" | "exception" => SymbolKind::Interface,
        "recipient" | "entruster" | "source" | "application" | "body" | "regulator" | "controller" => {
            SymbolKind::Class
        }
        "consent" | "choice" => SymbolKind::Boolean,
        "prohibit" | "transition" | "retain" | "never" | "only" => SymbolKind::Constant,
        "scenario" | "signal" => SymbolKind::Event,
        "document" => SymbolKind::File,
        _ => SymbolKind::Struct,
    }
}

fn headings(notice: &Notice, view: &View<'_>, lines: &Lines<'_>) -> Vec<DocumentSymbol> {
    let mut symbols: Vec<DocumentSymbol> = Vec::new();
    for (i, section) in notice.sections.iter().enumerate() {
        // A section reaches to the next heading that is no part of it.
        let next = notice.sections.iter().skip(i + 1).find(|s| s.level <= section.level);
        let end = next.map_or(view.text().len(), |s| s.label.span.start);
        let symbol = DocumentSymbol::new(
            section.heading.clone(),
            Some(format!("#{}", section.anchor)),
            SymbolKind::String,
            None,
            None,
            lines.range(&(section.label.span.start..end)),
            lines.range(&section.label.span),
            None,
        );
        match symbols.last_mut().filter(|_| section.level > 2) {
            Some(above) => above.children.get_or_insert_default().push(symbol),
            None => symbols.push(symbol),
        }
    }
    symbols
}
