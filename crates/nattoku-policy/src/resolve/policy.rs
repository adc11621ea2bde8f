//! The `policy` node: which version this is, from when, under which laws, and who answers for it; and documents.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use nattoku_model::Language;
use nattoku_model::language::Text;
use nattoku_model::name::VersionName;
use nattoku_model::policy::{Controller, Document, Policy, Rule};

use super::Beside;
use super::legislation;
use super::scope::Scope;
use super::shape::{BARE, DECLARATION};
use crate::ast::{Declaration, Node};
use crate::diagnostic::{Diagnostic, Label, Words};
use crate::language_rules::{DUPLICATE_NAME, MALFORMED_NAME, MISSING_POLICY};
use crate::source::FileId;

/// The policy with what its own node says, and nothing else yet.
pub(super) fn lower(roots: &[&Node], beside: Beside<'_>, scope: &mut Scope<'_>) -> Policy {
    let mut policy = blank();
    let mut found = roots.iter().copied().filter(|n| n.name.value == "policy");
    let Some(node) = found.next() else {
        missing(roots, scope);
        return policy;
    };
    for other in found {
        scope.twice(other.head_label(), node.head_label(), "policy");
    }
    scope.shape(
        node,
        &BARE
            .args(1, 1, "ポリシーの名前", "the policy's name")
            .needs_props(&["version"])
            .needs(&["effective", "timezone", "languages"])
            .once(&["announced", "controller", "text"])
            .many(&["law", "ruling"])
            .cites(),
    );
    // The zone first: dates are meant in it.
    timezone(node, scope);
    policy.timezone = scope.timezone.clone();
    node.declared().unwrap_or_default().clone_into(&mut policy.name);
    version(node, beside.versions, &mut policy, scope);
    dates(node, &mut policy, scope);
    languages(node, &mut policy, scope);
    legislation::laws(node, beside.packs, &mut policy, scope);
    controller(node, &mut policy, scope);
    rulings(node, &mut policy, scope);
    policy
}

/// The declarations that the `policy` nodes hold: the policy itself and its rulings.
pub(super) fn declarations<'a>(roots: &[&'a Node]) -> Vec<Declaration<'a>> {
    let mut out = Vec::new();
    for node in roots.iter().copied().filter(|n| n.name.value == "policy") {
        out.extend(node.declared().map(|name| Declaration { rule: Rule::new("policy", name), node }));
        for ruling in node.children_named("ruling") {
            out.extend(
                ruling.declared().map(|name| Declaration { rule: Rule::new("ruling", name), node: ruling }),
            );
        }
    }
    out
}

/// A policy that says nothing. It is never given out: whatever leaves one unfilled is an error.
fn blank() -> Policy {
    Policy {
        name: String::new(),
        version: VersionName::from(""),
        announced: None,
        effective: Timestamp::UNIX_EPOCH,
        text_absent: false,
        timezone: TimeZone::UTC,
        languages: Vec::new(),
        prevails: Language::Ja,
        laws: Vec::new(),
        packs: Vec::new(),
        controller: Controller::default(),
        rulings: BTreeMap::new(),
        documents: Vec::new(),
        categories: BTreeMap::new(),
        sources: BTreeMap::new(),
        entrusters: BTreeMap::new(),
        relationships: BTreeMap::new(),
        purposes: BTreeMap::new(),
        activities: BTreeMap::new(),
        applications: BTreeMap::new(),
        departments: BTreeMap::new(),
        view_reasons: BTreeMap::new(),
        provisions: BTreeMap::new(),
        consents: BTreeMap::new(),
        choices: BTreeMap::new(),
        signals: BTreeMap::new(),
        works: BTreeMap::new(),
        recipients: BTreeMap::new(),
        joint_uses: BTreeMap::new(),
        anonymized_sets: BTreeMap::new(),
        transmissions: BTreeMap::new(),
        prohibitions: BTreeMap::new(),
        exceptions: BTreeMap::new(),
        retentions: Vec::new(),
        transitions: Vec::new(),
        equivalent_countries: BTreeSet::new(),
        desks: Vec::new(),
        calendars: BTreeMap::new(),
        lines: Vec::new(),
        bodies: Vec::new(),
        regulators: Vec::new(),
        invariants: Vec::new(),
        places: BTreeMap::new(),
    }
}

fn missing(roots: &[&Node], scope: &mut Scope<'_>) {
    let at = roots.first().map_or(Label::new(FileId::FIRST, 0..0), |n| n.head_label());
    let message = Words::new("`policy` ノードがありません", "there is no `policy` node");
    let diagnostic = Diagnostic::error(MISSING_POLICY.name, at, message).help(Words::new(
        "`policy 名前 version=\"2019-12-11\" { effective \"2019-12-11\"; timezone \"Asia/Tokyo\"; languages ja en }` のように書いてください",
        "write `policy NAME version=\"2019-12-11\" { effective \"2019-12-11\"; timezone \"Asia/Tokyo\"; languages ja en }`",
    ));
    scope.report.push(diagnostic);
}

fn version(node: &Node, versions: &BTreeSet<String>, policy: &mut Policy, scope: &mut Scope<'_>) {
    let Some(value) = node.prop("version") else { return };
    let Some(text) = scope.filled(node, value) else { return };
    // A version names a folder and stands in addresses.
    if !text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'))
        || text.starts_with('.')
    {
        let what = Words::new("`2019-12-11` の形の版の名前", "a version such as `2019-12-11`");
        return scope.malformed(node, value, text, &what);
    }
    if versions.contains(text) {
        let at = node.at(&value.span);
        let message = Words::new(
            format!("版 `{text}` は `earlier/{text}/` にもあります"),
            format!("the version `{text}` also stands in `earlier/{text}/`"),
        );
        scope.error(DUPLICATE_NAME.name, at, message);
    }
    policy.version = VersionName::from(text);
}

fn timezone(node: &Node, scope: &mut Scope<'_>) {
    let Some(child) = node.child("timezone") else { return };
    scope.shape(child, &BARE.args(1, 1, "時間帯の名前", "the name of a time zone"));
    let Some(value) = child.args.first() else { return };
    let Some(text) = scope.string(child, value) else { return };
    match TimeZone::get(text) {
        Ok(timezone) => scope.timezone = timezone,
        Err(_) => scope.expected(
            child,
            value,
            &Words::new("`Asia/Tokyo` のような時間帯の名前", "the name of a time zone such as `Asia/Tokyo`"),
        ),
    }
}

fn dates(node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    if let Some(child) = node.child("announced") {
        scope.shape(child, &BARE.args(1, 1, "日付", "a date"));
        policy.announced = child.args.first().and_then(|v| scope.date(child, v));
    }
    if let Some(child) = node.child("effective") {
        scope.shape(child, &BARE.args(1, 1, "日時", "an instant"));
        if let Some(effective) = child.args.first().and_then(|v| scope.instant(child, v)) {
            policy.effective = effective;
        }
    }
    if let Some(child) = node.child("text") {
        scope.shape(child, &BARE.args(1, 1, "`absent`", "`absent`"));
        policy.text_absent =
            child.args.first().and_then(|v| scope.one_of(child, v, &["absent"], |w| w)).is_some();
    }
}

fn languages(node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    let Some(child) = node.child("languages") else { return };
    scope.shape(child, &BARE.args(1, Language::ALL.len(), "言語", "the languages").props(&["prevails"]));
    for value in &child.args {
        let language = scope.one_of(child, value, &Language::ALL, Language::tag);
        if language.is_some_and(|l| policy.languages.contains(&l)) {
            let tag = child.args.first().map_or_else(|| child.head_label(), |v| child.at(&v.span));
            scope.twice(child.at(&value.span), tag, language.map_or("", Language::tag));
            continue;
        }
        policy.languages.extend(language);
    }
    let prevails = child.prop("prevails").and_then(|v| {
        let language = scope.one_of(child, v, &policy.languages, Language::tag);
        language.or(policy.languages.first().copied())
    });
    if let Some(prevails) = prevails.or(policy.languages.first().copied()) {
        policy.prevails = prevails;
    }
}

fn controller(node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    let Some(child) = node.child("controller") else { return };
    scope.shape(
        child,
        &BARE.texts(true).cites().needs_props(&["country"]).once(&["address", "representative"]),
    );
    policy.controller = Controller {
        country: child.prop("country").and_then(|v| scope.country(child, v)).unwrap_or_default(),
        name: scope.title(child),
        address: scope.text(child, "address"),
        representative: scope.text(child, "representative"),
    };
}

fn rulings(node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    for child in node.children_named("ruling") {
        scope.shape(child, &DECLARATION);
        let Some(value) = child.args.first() else { continue };
        let Some(name) = scope.filled(child, value) else { continue };
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            let message = Words::new(
                "決定の名前は `A2` のように英数字で書いてください",
                "the name of a ruling has letters, digits and `_` only, such as `A2`",
            );
            scope.error(MALFORMED_NAME.name, child.at(&value.span), message);
        }
        let text: Text = scope.title(child);
        if policy.rulings.insert(name.to_owned(), text).is_some() {
            let at = child.at(&value.span);
            scope.twice(at, node.head_label(), &format!("ruling {name}"));
        }
    }
}

/// A document beside the policy.
pub(super) fn document(name: &str, node: &Node, policy: &mut Policy, scope: &mut Scope<'_>) {
    scope.shape(node, &DECLARATION.props(&["parent", "only", "address"]));
    let document = Document {
        name: name.to_owned(),
        title: scope.title(node),
        is_parent: scope.flag(node, "parent"),
        only: node.prop("only").and_then(|v| scope.one_of(node, v, &Language::ALL, Language::tag)),
        address: address(node, scope),
    };
    policy.documents.push(document);
}

/// A document's address: on the web or on the notice site, and nothing that a browser would run.
fn address(node: &Node, scope: &mut Scope<'_>) -> Option<String> {
    let text = scope.string_prop(node, "address")?;
    if !text.contains(char::is_whitespace) && crate::notice::is_address(text) {
        return Some(text.to_owned());
    }
    let value = node.prop("address")?;
    scope.expected(
        node,
        value,
        &Words::new(
            "`https://` で始まる、または通知のページに対する相対のアドレス",
            "an address that begins with `https://`, or one relative to the notice",
        ),
    );
    None
}
