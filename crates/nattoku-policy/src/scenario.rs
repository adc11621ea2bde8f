//! Scenarios: what a policy promises about an example, as data. Running them is not done here.

mod ask;
mod given;

pub(crate) use given::EVENTS;

use std::collections::BTreeSet;

use nattoku_model::name::VersionName;
use nattoku_model::policy::{Minimisation, Place, Versions};
use nattoku_model::{Gate, Reason, Recorded, Request, Verdict};

use crate::ast::Node;
use crate::diagnostic::{Label, Words};
use crate::resolve::Scope;
use crate::resolve::shape::BARE;
use crate::source::Files;

/// An example of a principal, a question and the answer expected.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// What it shows.
    pub title: String,
    /// Where it stands.
    pub place: Place,
    /// The bytes of its title.
    pub label: Label,
    /// The bytes of its `expect` line, for saying what came instead.
    pub expect_label: Label,
    /// What happened, in the order in which it was recorded, revisions from 1.
    pub events: Vec<Recorded>,
    /// What is asked.
    pub request: Request,
    /// What must be answered.
    pub expect: Expect,
}

/// The answer expected. What is not named is not compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expect {
    /// The verdict.
    pub verdict: Verdict,
    /// The reason: of `gate` where one is named, otherwise of the gate that decides.
    pub reason: Option<Reason>,
    /// The gate that must say it.
    pub gate: Option<Gate>,
    /// The version that governs.
    pub governing: Option<VersionName>,
    /// An obligation that must be among the answer's: `pseudonymize`.
    pub obligation: Option<String>,
}

/// Reads one `scenario` node; what is wrong with it is reported, and then there is none.
pub(crate) fn lower(
    node: &Node,
    versions: &Versions,
    files: &Files,
    scope: &mut Scope<'_>,
) -> Option<Scenario> {
    let errors_before = scope.report.n_errors();
    let shape = BARE.args(1, 1, "題", "a title").many(&["given"]).needs(&["ask", "expect"]).cites();
    scope.shape(node, &shape);
    let title = node.args.first().and_then(|v| scope.filled(node, v));
    let mut events: Vec<Recorded> =
        node.children_named("given").filter_map(|given| given::event(given, versions, scope)).collect();
    // The ledger comes to know of them in this order, whatever order they are written in.
    events.sort_by_key(|e| e.recorded_at);
    for (revision, event) in (1..).zip(&mut events) {
        event.revision = nattoku_model::Revision(revision);
    }
    let request = node.child("ask").and_then(|ask| ask::request(ask, versions.current(), scope));
    let expect_node = node.child("expect")?;
    let expect = expect(expect_node, versions, scope);
    if scope.report.n_errors() > errors_before {
        return None;
    }
    let place = Place {
        file: files.name(node.file).to_owned(),
        line: files.line(node.file, node.span.start),
        section: None,
        cites: Vec::new(),
    };
    Some(Scenario {
        title: title?.to_owned(),
        place,
        label: node.declared_label(),
        expect_label: expect_node.head_label(),
        events,
        request: request?,
        expect: expect?,
    })
}

fn expect(node: &Node, versions: &Versions, scope: &mut Scope<'_>) -> Option<Expect> {
    let shape = BARE.args(1, 1, "判定", "the verdict").props(&["reason", "gate", "governing", "obligation"]);
    scope.shape(node, &shape);
    let verdict = node.args.first().and_then(|v| scope.one_of(node, v, &Verdict::ALL, Verdict::as_str));
    let reason = node.prop("reason").and_then(|v| {
        let text = scope.string(node, v)?;
        let found = Reason::ALL.iter().copied().find(|r| r.code() == text);
        if found.is_none() {
            let codes: Vec<&str> = Reason::ALL.iter().map(|r| r.code()).collect();
            scope.none_of(&node.at(&v.span), text, &codes);
        }
        found
    });
    let gate = node.prop("gate").and_then(|v| scope.one_of(node, v, &Gate::ALL, Gate::as_str));
    let governing = node.prop("governing").and_then(|v| {
        let text = scope.string(node, v)?;
        is_version(text, versions, &node.at(&v.span), scope).then(|| VersionName::from(text))
    });
    let obligation = node.prop("obligation").and_then(|v| {
        let text = scope.string(node, v)?;
        let duties = versions.current().exceptions.values().flat_map(|e| &e.obliges).map(String::as_str);
        let known: BTreeSet<&str> = Minimisation::ALL.iter().map(|m| m.as_str()).chain(duties).collect();
        if known.contains(text) {
            return Some(text.to_owned());
        }
        let known: Vec<&str> = known.into_iter().collect();
        scope.none_of(&node.at(&v.span), text, &known);
        None
    });
    verdict.map(|verdict| Expect { verdict, reason, gate, governing, obligation })
}

/// Whether there is such a version; reported where there is not.
fn is_version(text: &str, versions: &Versions, at: &Label, scope: &mut Scope<'_>) -> bool {
    if versions.get(&VersionName::from(text)).is_some() {
        return true;
    }
    let all = versions.oldest_first();
    let names: Vec<&str> = all.iter().map(|p| p.version.as_str()).collect();
    scope.undeclared_of(&Words::new("版", "version"), text, at, &names);
    false
}
