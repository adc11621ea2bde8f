//! What stands under the cursor, in words.

use gen_lsp_types::{Contents, Hover, MarkupContent, MarkupKind, Position};
use nattoku_model::Language;
use nattoku_model::policy::Rule;
use nattoku_policy::index::{self, Index};
use nattoku_policy::vocabulary::{Node, Prop, Value};
use nattoku_policy::{Label, explain, pack};

use crate::spot::{self, Spot};
use crate::workspace::View;

/// What is known of the place: the rule whose name stands there, what the law says where it is cited, what a word of
/// the language means.
pub(crate) fn answer(view: &View<'_>, position: Position) -> Option<Hover> {
    let offset = view.offset(position);
    let index = view.index()?;
    let (words, at) = name(view, index, offset).or_else(|| word(view, index, offset))?;
    let contents = MarkupContent { kind: MarkupKind::Markdown, value: words };
    Some(Hover { contents: Contents::MarkupContent(contents), range: Some(view.range(&at.span)) })
}

/// A declared name: what kind of thing it is, its texts, where it is declared, how often it is used, what it rests on.
fn name(view: &View<'_>, index: &Index, offset: usize) -> Option<(String, Label)> {
    let (rule, at) = index.rule_at(view.file, offset)?;
    let head = format!("**{}** `{}`", kind(&rule, view.language), rule.name);
    let Some(declared) = index.declared(&rule) else {
        let missing = match view.language {
            Language::Ja => "宣言されていません",
            Language::En => "not declared",
        };
        return Some((format!("{head}\n\n{missing}"), at));
    };
    let mut parts = vec![head];
    let title = declared.title();
    let others = Language::ALL.into_iter().filter(|language| *language != view.language);
    let languages = std::iter::once(view.language).chain(others);
    parts.extend(languages.filter_map(|language| title.0.get(&language)).map(|text| in_prose(text)));
    let files = &view.checked().files;
    let (file, line) = (files.name(declared.at.file), files.line(declared.at.file, declared.at.span.start));
    parts.push(match (view.language, index.uses_of(&rule).count()) {
        (Language::Ja, n) => format!("`{file}:{line}` で宣言、{n} か所で使用"),
        (Language::En, 1) => format!("declared in `{file}:{line}`, used once"),
        (Language::En, n) => format!("declared in `{file}:{line}`, used {n} times"),
    });
    let cites: Vec<String> = declared.cites().map(|cite| cited(view, cite)).collect();
    if !cites.is_empty() {
        parts.push(cites.join("\n"));
    }
    Some((parts.join("\n\n"), at))
}

/// A citation as a line of a list, with what stands there where a law pack knows it.
fn cited(view: &View<'_>, cite: &str) -> String {
    let law = law(view, cite).unwrap_or_default();
    format!("- `{cite}` {}", law.join("\n  - ")).trim_end().to_owned()
}

/// What stands in the law at a citation, each place by itself: in the versions that the policy is written under, or else
/// in any at hand.
fn law(view: &View<'_>, cite: &str) -> Option<Vec<String>> {
    let checked = view.checked();
    let own = checked.versions.as_ref().and_then(|v| pack::words_of(&v.current().packs, cite));
    let words = own.or_else(|| pack::words_of(checked.packs.all(), cite))?;
    Some(words.get(view.language).lines().map(in_prose).collect())
}

/// A word of the language, the name of a property, a citation, or a rule of the check.
fn word(view: &View<'_>, index: &Index, offset: usize) -> Option<(String, Label)> {
    let (spot, span) = spot::at(index, view.file, offset)?;
    let words = match spot {
        Spot::Word(node) => about_node(node, view.language),
        Spot::Key(prop) => about_prop(prop, view.language),
        Spot::Value(Value::Citation | Value::Basis, written) => {
            let cite = written.value.as_str()?;
            format!("`{cite}`\n\n{}", law(view, cite)?.join("\n- "))
        }
        Spot::Value(Value::Rule, written) => about_rule(written.value.as_str()?, view.language)?,
        Spot::Value(..) => return None,
    };
    Some((words, Label::new(view.file, span)))
}

fn about_node(node: &Node, language: Language) -> String {
    let mut words = format!("**{}**\n\n{}", node.name, node.about(language));
    if !node.props.is_empty() {
        words.push('\n');
    }
    for prop in node.props {
        words.push_str("\n- ");
        words.push_str(&in_one_line(prop, language));
    }
    words
}

fn about_prop(prop: &Prop, language: Language) -> String {
    format!("**{}=**\n\n{}\n\n{}", prop.name, prop.about(language), prop.value.about(language))
}

fn in_one_line(prop: &Prop, language: Language) -> String {
    let needed = match (prop.is_needed, language) {
        (false, _) => "",
        (true, Language::Ja) => "（必須）",
        (true, Language::En) => " (needed)",
    };
    format!("`{}=`{needed} {}", prop.name, prop.about(language))
}

/// What a rule does: the first paragraph of its page.
fn about_rule(name: &str, language: Language) -> Option<String> {
    let rule = explain::explain(name)?;
    let page = rule.page(language);
    let summary = page.split("\n\n").find(|part| !part.trim().is_empty() && !part.starts_with('#'))?;
    Some(format!("**{}** ({})\n\n{}", rule.name, rule.severity.as_str(), summary.trim()))
}

/// What people call the kind of a rule.
pub(crate) fn kind(rule: &Rule, language: Language) -> String {
    index::words(rule.kind).map_or_else(|| rule.kind.to_owned(), |words| words.get(language).to_owned())
}

/// A text of the policy within Markdown: it has no markup of its own.
pub(crate) fn in_prose(text: &str) -> String {
    let mut prose = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '!' | '&'
        ) {
            prose.push('\\');
        }
        prose.push(if c == '\n' { ' ' } else { c });
    }
    prose
}
