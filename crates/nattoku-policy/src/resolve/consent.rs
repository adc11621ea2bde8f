//! Consent items with their wordings.

use std::collections::{BTreeMap, BTreeSet};

use nattoku_model::language::Text;
use nattoku_model::name::{ConsentName, WordingName};
use nattoku_model::policy::{ConsentItem, Guardian, Policy};

use super::scope::Scope;
use super::shape::{BARE, DECLARATION};
use crate::ast::Node;
use crate::diagnostic::Words;

/// One thing a principal can agree to.
pub(super) fn consent(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    scope.shape(
        node,
        &DECLARATION
            .needs_props(&["text"])
            .props(&["accepts", "individual", "principal-matter"])
            .once(&["consequence", "guardian", "lasts"])
            .many(&["wording"]),
    );
    let wordings = wordings(node, scope);
    let text = declared_wordings(node, "text", &wordings, scope).into_iter().next();
    let mut accepts: BTreeSet<WordingName> =
        declared_wordings(node, "accepts", &wordings, scope).into_iter().collect();
    if node.prop("accepts").is_none() {
        accepts.extend(text.clone());
    }
    let title = scope.title(node);
    let consequence = scope.text(node, "consequence");
    let individual = scope.flag(node, "individual");
    let principal_matter = scope.flag(node, "principal-matter");
    let guardian = guardian(node, scope);
    let lasts = node.child("lasts").and_then(|child| {
        scope.shape(child, &BARE.args(1, 1, "期間", "a length of time"));
        scope.period(child, child.args.first()?)
    });
    if let Some(text) = text {
        let item = ConsentItem {
            title,
            consequence,
            text,
            accepts,
            wordings,
            individual,
            principal_matter,
            guardian,
            lasts,
        };
        policy.consents.insert(ConsentName::from(name), item);
    }
}

fn wordings(node: &Node, scope: &mut Scope<'_>) -> BTreeMap<WordingName, Text> {
    let mut wordings = BTreeMap::new();
    for child in node.children_named("wording") {
        scope.shape(child, &BARE.args(1, 1, "文面の版", "the version of the wording").texts(true));
        let Some(value) = child.args.first() else { continue };
        let Some(version) = scope.filled(child, value) else { continue };
        let text = scope.title(child);
        if wordings.insert(WordingName::from(version), text).is_some() {
            scope.twice(child.at(&value.span), node.declared_label(), &format!("wording {version}"));
        }
    }
    wordings
}

fn declared_wordings(
    node: &Node,
    prop: &str,
    wordings: &BTreeMap<WordingName, Text>,
    scope: &mut Scope<'_>,
) -> Vec<WordingName> {
    let mut found = Vec::new();
    for word in scope.words_of(node, node.prop(prop)) {
        if !wordings.contains_key(word.text) {
            let kind = Words::new("文面 (wording)", "wording");
            let declared: Vec<&str> = wordings.keys().map(WordingName::as_str).collect();
            scope.undeclared(&kind, word.text, &word.at, declared.into_iter(), false);
        }
        found.push(WordingName::from(word.text));
    }
    found
}

fn guardian(node: &Node, scope: &mut Scope<'_>) -> Option<Guardian> {
    let child = node.child("guardian")?;
    scope.shape(child, &BARE.needs_props(&["under"]).props(&["judge-from"]));
    let under = scope.age(child, "under")?;
    let judge_from = scope.age(child, "judge-from");
    if judge_from.is_some_and(|from| from >= under) {
        let message = Words::new(
            "`judge-from=` は `under=` より小さい年齢にしてください",
            "`judge-from=` must be an age below `under=`",
        );
        scope.unexpected(child.head_label(), message);
    }
    Some(Guardian { under, judge_from })
}
