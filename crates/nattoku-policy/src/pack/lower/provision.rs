//! What the pack cites: instruments, provisions, facts.

use std::collections::BTreeSet;

use nattoku_model::law::{Citation, FactNumber, FactOfLaw, Instrument, Numbering, ProvisionOfLaw};
use nattoku_model::policy::Requirement;

use super::{Lowering, RULE};
use crate::ast::{Node, Spanned, Value};
use crate::diagnostic::Words;
use crate::resolve::shape::BARE;

impl Lowering<'_, '_> {
    /// The law itself, what executes it, or a neighbor: `instrument APPI numbering=roman { … }`.
    pub(super) fn instrument(&mut self, node: &Node) {
        let shape = BARE.args(1, 1, "引用での名前", "its name in citations");
        self.scope.shape(node, &shape.texts(true).needs_props(&["numbering"]).needs(&["short"]));
        let title = self.title(node);
        let short = self.scope.text(node, "short");
        let numbering = node
            .prop("numbering")
            .and_then(|v| self.scope.one_of(node, v, &Numbering::ALL, Numbering::as_str));
        let Some(name) = node.args.first().and_then(|v| self.scope.filled(node, v)) else { return };
        self.once(node, format!("instrument {name}"));
        let numbering = numbering.unwrap_or(Numbering::Roman);
        self.pack.instruments.insert(name.to_owned(), Instrument { title, short, numbering });
    }

    /// What stands at a place: `provision "APPI 27(1)" { ja "…"; en "…"; fact "APPI-27-1" }`.
    pub(super) fn provision(&mut self, node: &Node) {
        let shape = BARE.args(1, 1, "条文", "a place in a law").texts(true);
        self.scope.shape(node, &shape.many(&["fact", "requires"]).once(&["unchecked"]));
        let title = self.title(node);
        let facts = self.fact_numbers(node);
        let requires = self.several(node, "requires", &Requirement::ALL, Requirement::as_str);
        let unchecked = self.scope.mark(node, "unchecked");
        let Some(value) = node.args.first() else { return };
        let Some(citation) = self.citation(node, value) else { return };
        self.once(node, format!("provision {citation}"));
        let requires = requires.into_iter().map(|r| r.as_str().to_owned()).collect();
        self.pack.provisions.insert(citation, ProvisionOfLaw { title, facts, requires, unchecked });
    }

    fn citation(&mut self, node: &Node, value: &Spanned<Value>) -> Option<Citation> {
        let text = self.scope.filled(node, value)?;
        let citation = text.parse::<Citation>().ok().filter(|c| c.version.is_none());
        let Some(citation) = citation else {
            let what = Words::new("`APPI 27(1)` の形の条文", "a place in a law such as `APPI 27(1)`");
            self.scope.malformed(node, value, text, &what);
            return None;
        };
        if !self.pack.instruments.contains_key(&citation.law) {
            let kind = Words::new("法令 (instrument)", "instrument");
            let known: Vec<&str> = self.pack.instruments.keys().map(String::as_str).collect();
            self.scope.undeclared(&kind, &citation.law, &node.at(&value.span), known.into_iter(), true);
            return None;
        }
        Some(citation)
    }

    fn fact_numbers(&mut self, node: &Node) -> BTreeSet<FactNumber> {
        let mut facts = BTreeSet::new();
        for child in node.children_named("fact") {
            self.scope.shape(child, &BARE.args(1, usize::MAX, "番号", "numbers of facts"));
            for value in &child.args {
                facts.extend(self.fact_number(child, value));
            }
        }
        facts
    }

    fn fact_number(&mut self, node: &Node, value: &Spanned<Value>) -> Option<FactNumber> {
        let text = self.scope.filled(node, value)?;
        let number = text.parse().ok();
        if number.is_none() {
            let what = Words::new("`APPI-27-1` の形の番号", "the number of a fact such as `APPI-27-1`");
            self.scope.malformed(node, value, text, &what);
        }
        number
    }

    /// A fact that is no provision: `fact "TEL-3" source="…" { ja "…"; en "…" }`.
    pub(super) fn fact(&mut self, node: &Node) {
        let shape = RULE.args(1, 1, "番号", "the number of a fact").props(&["source"]);
        self.scope.shape(node, &shape);
        let title = self.title(node);
        let source = self.scope.string_prop(node, "source").map(str::to_owned);
        let unchecked = self.scope.mark(node, "unchecked");
        let Some(number) = node.args.first().and_then(|v| self.fact_number(node, v)) else { return };
        self.once(node, format!("fact {number}"));
        self.pack.facts.insert(number, FactOfLaw { title, source, unchecked });
    }
}
