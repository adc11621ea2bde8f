//! The `law` nodes of a policy: under which versions of which laws it is written, and what those say.

use std::sync::Arc;

use jiff::civil::Date;
use nattoku_model::law::{Pack, State};
use nattoku_model::policy::Policy;

use super::scope::Scope;
use super::shape::BARE;
use crate::ast::{Node, Spanned, Value};
use crate::diagnostic::{Diagnostic, Words};
use crate::language_rules::{LAW_NOT_IN_FORCE, LAW_UNKNOWN};
use crate::pack::Packs;

/// `law appi "2022-04-01"`, as often as there are laws; `as-of=` where the version is not in force yet.
///
/// The day stands in the policy and not on a command line, so that every command gives the same answers of a policy.
pub(super) fn laws(node: &Node, packs: &Packs, policy: &mut Policy, scope: &mut Scope<'_>) {
    for child in node.children_named("law") {
        let shape = BARE.args(2, 2, "法令の名前と版", "the name of a law and its version");
        scope.shape(child, &shape.props(&["as-of"]));
        let [law, version] = child.args.as_slice() else { continue };
        let as_of = child.prop("as-of").and_then(|value| Some((value, scope.date(child, value)?)));
        let Some(name) = scope.filled(child, law) else { continue };
        let Some(text) = scope.filled(child, version) else { continue };
        let is_twice = policy.laws.iter().any(|(l, v)| l == name && v == text);
        if is_twice {
            scope.twice(child.head_label(), node.head_label(), &format!("law {name} {text}"));
            continue;
        }
        policy.laws.push((name.to_owned(), text.to_owned()));
        match packs.get(name, text) {
            Some(pack) => {
                stands(pack, child, as_of, scope);
                policy.packs.push(Arc::clone(pack));
            }
            None if packs.versions(name).is_empty() => unknown_law(child, law, name, packs, scope),
            None => unknown_version(child, version, (name, text), packs, scope),
        }
    }
    if policy.laws.is_empty() {
        policy.packs.extend(packs.default_pack().cloned());
    }
}

fn unknown_law(node: &Node, at: &Spanned<Value>, name: &str, packs: &Packs, scope: &mut Scope<'_>) {
    let known = packs.laws();
    let message = Words::new(
        format!("`{name}` という法令のパックはありません"),
        format!("there is no pack of a law `{name}`"),
    );
    let diagnostic = Diagnostic::error(LAW_UNKNOWN.name, node.at(&at.span), message);
    let nearest = scope.report.nearest(name, known.iter().copied());
    scope.report.push(offer(diagnostic, node, at, nearest, &known));
}

fn unknown_version(
    node: &Node,
    at: &Spanned<Value>,
    (law, version): (&str, &str),
    packs: &Packs,
    scope: &mut Scope<'_>,
) {
    let known = packs.versions(law);
    let message = Words::new(
        format!("法令 `{law}` に版 `{version}` のパックはありません"),
        format!("there is no pack of the version `{version}` of `{law}`"),
    );
    let diagnostic = Diagnostic::error(LAW_UNKNOWN.name, node.at(&at.span), message);
    let nearest = scope.report.nearest(version, known.iter().copied());
    scope.report.push(offer(diagnostic, node, at, nearest, &known));
}

/// Offers the nearest name, or else names all.
fn offer(
    diagnostic: Diagnostic,
    node: &Node,
    at: &Spanned<Value>,
    nearest: Option<&str>,
    known: &[&str],
) -> Diagnostic {
    if let Some(nearest) = nearest {
        let words = Words::new(format!("`{nearest}` のことですか"), format!("did you mean `{nearest}`?"));
        return diagnostic.help(words).fix(&node.at(&at.span), format!("\"{nearest}\""));
    }
    let list: Vec<String> = known.iter().map(|k| format!("`{k}`")).collect();
    diagnostic.help(Words::new(
        format!("あるのは {} です", list.join("、")),
        format!("there is {}", list.join(" and ")),
    ))
}

/// Reports a version that is not in force, unless the policy says as of which day it is meant, and that day can be.
fn stands(pack: &Pack, node: &Node, as_of: Option<(&Spanned<Value>, Date)>, scope: &mut Scope<'_>) {
    let Pack { law, version, .. } = pack;
    let Some((value, as_of)) = as_of else {
        if pack.state == State::Promulgated && node.prop("as-of").is_none() {
            let message = Words::new(
                format!("法令 `{law}` の版 `{version}` は公布されましたが、施行されていません"),
                format!("the version `{version}` of `{law}` is promulgated and not in force"),
            );
            let example = pack.in_force_from.or(pack.in_force_by).map(|d| d.to_string()).unwrap_or_default();
            let help = Words::new(
                format!(
                    "施行されている版を書くか、施行後の日を `as-of=\"{example}\"` のように書いてください"
                ),
                format!("name a version in force, or a day on which it is: `as-of=\"{example}\"`"),
            );
            scope
                .report
                .push(Diagnostic::error(LAW_NOT_IN_FORCE.name, node.head_label(), message).help(help));
        }
        return;
    };
    // Where the first day is not fixed, no day before the promulgation can be meant.
    let Some(start) = pack.in_force_from.or(pack.promulgated).filter(|start| as_of < *start) else { return };
    let message = Words::new(
        format!("{as_of} には、法令 `{law}` の版 `{version}` は施行されていません"),
        format!("on {as_of} the version `{version}` of `{law}` is not in force"),
    );
    let help = Words::new(
        format!("{start} 以後の日を書いてください"),
        format!("write a day that is not before {start}"),
    );
    let at = node.at(&value.span);
    scope.report.push(Diagnostic::error(LAW_NOT_IN_FORCE.name, at, message).help(help));
}
