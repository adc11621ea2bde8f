//! `repeated-word`: a word written twice in one list.

use std::collections::BTreeMap;

use crate::ast::{Node, Spanned, Value};
use crate::diagnostic::{Diagnostic, Label, Words};
use crate::lint::{Context, LintRule};
use crate::resolve::CATEGORY_PARTS;

lint_rule! {
    /// Reports words that stand twice in one list.
    RepeatedWord = "repeated-word", Language, Warning, [];
    ja: "一つの並びに二度書かれている語を報告します。",
        "二つ目は何も加えません。たいていは、書き換えるはずだった別の名前の書き残しで、本来の名前が抜けています。";
    en: "Reports words that stand twice in one list.",
        "The second adds nothing. More often than not it was copied to be changed into another name, and that name is \
         missing.";
    kdl: r#"activity delivery purpose=contract { ja "配達"; en "Delivery"; needs contact contact; by till }"#
    => r#"activity delivery purpose=contract { ja "配達"; en "Delivery"; needs contact purchase; by till }"#
}

/// Properties that hold several words in one string.
const LISTS: [&str; 5] = ["accepts", "class", "consent", "on", "purpose"];

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for declaration in cx.declarations {
        let node = declaration.node;
        // A ruling within the policy's node is a declaration of its own, and so is a category below another.
        let is_own = |child: &&Node| match declaration.rule.kind {
            "policy" => child.name.value != "ruling",
            "category" => CATEGORY_PARTS.contains(&child.name.value.as_str()),
            _ => true,
        };
        let children = node.children.iter().filter(is_own);
        for node in std::iter::once(node).chain(children) {
            in_arguments(rule, cx, node, out);
            for (_, value) in node.props.iter().filter(|(key, _)| LISTS.contains(&key.value.as_str())) {
                in_a_string(rule, cx, node, value, out);
            }
        }
    }
}

fn in_arguments(rule: &dyn LintRule, cx: &Context<'_>, node: &Node, out: &mut Vec<Diagnostic>) {
    let mut seen = BTreeMap::new();
    for arg in &node.args {
        let Some(word) = arg.value.as_str() else { continue };
        if let Some(first) = seen.get(word) {
            out.push(repeated(rule, cx, word, node.at(first), node.at(&arg.span)));
        } else {
            seen.insert(word, arg.span.clone());
        }
    }
}

fn in_a_string(
    rule: &dyn LintRule,
    cx: &Context<'_>,
    node: &Node,
    value: &Spanned<Value>,
    out: &mut Vec<Diagnostic>,
) {
    let Some(text) = value.value.as_str() else { return };
    // With escapes the words cannot be placed.
    if value.span.len() != text.len() + 2 {
        return;
    }
    let mut seen = BTreeMap::new();
    for word in text.split_whitespace() {
        let start = value.span.start + 1 + (word.as_ptr() as usize - text.as_ptr() as usize);
        let span = start..start + word.len();
        if let Some(first) = seen.get(word) {
            out.push(repeated(rule, cx, word, node.at(first), node.at(&span)));
        } else {
            seen.insert(word, span);
        }
    }
}

fn repeated(rule: &dyn LintRule, cx: &Context<'_>, word: &str, first: Label, second: Label) -> Diagnostic {
    let message = Words::new(format!("`{word}` が二度書かれています"), format!("`{word}` stands here twice"));
    let help = Words::new("二つ目を消してください", "take the second out");
    // The space before it goes with it.
    let before = cx.files.slice(second.file, &(first.span.end..second.span.start));
    let n_spaces = before.len() - before.trim_end_matches([' ', '\t', '\u{3000}']).len();
    let removal = Label::new(second.file, second.span.start - n_spaces..second.span.end);
    let first = first.saying(Words::new("最初の記述", "written here first"));
    rule.finding(second, message).label(first).help(help).fix(&removal, "")
}
