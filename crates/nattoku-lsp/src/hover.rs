//! What stands under the cursor, in words.

use gen_lsp_types::{Contents, Hover, MarkupContent, MarkupKind, Position};
use nattoku_model::Language;
use nattoku_model::policy::Rule;
use nattoku_policy::Label;
use nattoku_policy::index::{self, Index};

use crate::workspace::View;

/// What is known of the place: the rule whose name stands there.
pub(crate) fn answer(view: &View<'_>, position: Position) -> Option<Hover> {
    let offset = view.offset(position);
    let index = view.index()?;
    let (words, at) = name(view, index, offset)?;
    let contents = MarkupContent { kind: MarkupKind::Markdown, value: words };
    Some(Hover { contents: Contents::MarkupContent(contents), range: Some(view.range(&at.span)) })
}

/// A declared name: what kind of thing it is, its texts, where it is declared, what it rests on, how often it is used.
fn name(view: &View<'_>, index: &Index, offset: usize) -> Option<(String, Label)> {
    let (rule, at) = index.rule_at(view.file, offset)?;
    let mut words = format!("**{}** `{}`", kind(&rule, view.language), rule.name);
    let Some(declared) = index.declared(&rule) else {
        words.push_str(match view.language {
            Language::Ja => "\n\n宣言されていません",
            Language::En => "\n\nnot declared",
        });
        return Some((words, at));
    };
    let title = declared.title();
    let others = Language::ALL.into_iter().filter(|language| *language != view.language);
    for language in std::iter::once(view.language).chain(others) {
        if let Some(text) = title.0.get(&language) {
            words.push_str("\n\n");
            words.push_str(&in_prose(text));
        }
    }
    let files = &view.checked().files;
    let (file, line) = (files.name(declared.at.file), files.line(declared.at.file, declared.at.span.start));
    let n_uses = index.uses_of(&rule).count();
    words.push_str("\n\n");
    let used = match (view.language, n_uses) {
        (Language::Ja, n) => format!("`{file}:{line}` で宣言、{n} か所で使用"),
        (Language::En, 1) => format!("declared in `{file}:{line}`, used once"),
        (Language::En, n) => format!("declared in `{file}:{line}`, used {n} times"),
    };
    words.push_str(&used);
    let cites: Vec<&str> = declared.cites().collect();
    if !cites.is_empty() {
        words.push_str("\n\n");
        words.push_str(&in_prose(&cites.join(", ")));
    }
    Some((words, at))
}

/// What people call the kind of a rule.
pub(crate) fn kind(rule: &Rule, language: Language) -> String {
    index::words(rule.kind).map_or_else(|| rule.kind.to_owned(), |words| words.get(language).to_owned())
}

/// A text of the policy within Markdown: it has no markup of its own.
pub(crate) fn in_prose(text: &str) -> String {
    let mut prose = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation()
            && !matches!(c, ',' | '.' | '-' | ':' | ';' | '(' | ')' | '\'' | '"' | '/' | '%')
        {
            prose.push('\\');
        }
        prose.push(if c == '\n' { ' ' } else { c });
    }
    prose
}
