//! `missing-translation`: a text that lacks one of the policy's languages.

use nattoku_model::Language;

use crate::ast::Node;
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports texts that lack one of the policy's languages.
    MissingTranslation = "missing-translation", Language, Warning, ["R76"];
    ja: "`languages` に挙げた言語のうち、どれかの文がない、または空の文を報告します。`only=ja` の文書は対象外です。",
        "その言語で読む人には、別の言語の文が代わりに表示されます。同意の文面であれば、読めないものに同意したことになります。";
    en: "Reports texts that lack one of the languages in `languages`, or are blank in it. A document with `only=ja` \
         needs no other.",
        "Whoever reads in that language is shown the text of another. Where it is the wording of a consent, they would \
         agree to what they cannot read.";
    kdl: r#"purpose proposals number="2" { ja "ご提案のため" }"#
    => r#"purpose proposals number="2" { ja "ご提案のため"; en "To propose goods and services" }"#
}

/// Kinds of declaration that have a title.
const TITLED: [&str; 20] = [
    "document", "category", "source", "entruster", "relationship", "purpose", "application", "activity", "work",
    "recipient", "consent", "choice", "prohibition", "exception", "joint-use", "anonymized", "desk", "line", "body",
    "ruling",
];

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for declaration in cx.declarations {
        let (node, kind) = (declaration.node, declaration.rule.kind);
        let only = node.prop("only").and_then(|v| v.value.as_str());
        let needed: Vec<Language> =
            cx.policy.languages.iter().copied().filter(|l| only.is_none_or(|only| only == l.tag())).collect();
        if TITLED.contains(&kind) || holds_text(node) {
            look_at(rule, node, &declaration.rule.to_string(), &needed, out);
        }
        for part in parts(kind, node) {
            let name = part.declared().map_or_else(|| part.name.value.clone(), |n| format!("{} {n}", part.name.value));
            look_at(rule, part, &format!("{}: {name}", declaration.rule), &needed, out);
        }
    }
}

/// The nodes within a declaration that hold texts and are no declaration themselves.
fn parts<'n>(kind: &str, node: &'n Node) -> Vec<&'n Node> {
    let within = |node: &'n Node| node.children.iter().filter(|c| holds_text(c));
    match kind {
        // Any other child of a category is a category.
        "category" => node.children_named("description").collect(),
        "policy" => {
            let controllers: Vec<&Node> = node.children_named("controller").collect();
            controllers.iter().flat_map(|c| within(c)).chain(controllers.iter().copied()).collect()
        }
        "ruling" => Vec::new(),
        _ => within(node).collect(),
    }
}

fn holds_text(node: &Node) -> bool {
    Language::ALL.iter().any(|l| node.child(l.tag()).is_some())
}

/// Reports each language in which the node holds no text.
fn look_at(rule: &dyn LintRule, node: &Node, what: &str, needed: &[Language], out: &mut Vec<Diagnostic>) {
    for language in needed {
        let text = node.child(language.tag()).and_then(|c| c.args.first()).and_then(|a| a.value.as_str());
        if text.is_some_and(|t| !t.trim().is_empty()) {
            continue;
        }
        let (ja, en) = match language {
            Language::Ja => ("日本語", "Japanese"),
            Language::En => ("英語", "English"),
        };
        let message =
            Words::new(format!("`{what}` に{ja}の文がありません"), format!("`{what}` has no {en} text"));
        let tag = language.tag();
        let help = Words::new(format!("`{tag} \"…\"` を書いてください"), format!("write `{tag} \"…\"`"));
        out.push(rule.finding(node.declared_label(), message).help(help));
    }
}
