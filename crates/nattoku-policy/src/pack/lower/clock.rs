//! What runs and what is kept: deadlines, records, breaches, calendars.

use nattoku_model::law::{
    Breach, Deadline, RecordItem, RecordRetention, Records, Route, Start, Term, Trigger,
};

use super::{Lowering, RULE};
use crate::ast::Node;
use crate::diagnostic::Words;
use crate::resolve::desk;
use crate::resolve::names::NameKind;
use crate::resolve::shape::BARE;

impl Lowering<'_, '_> {
    /// `deadline breach_final within="30 days" after=known calendar=national counts-start=#true { word { … } }`.
    pub(super) fn deadline(&mut self, node: &Node) {
        let shape = RULE.needs_props(&["after"]).props(&["within", "least", "calendar", "counts-start"]);
        self.scope.shape(node, &shape.once(&["word", "unchecked"]));
        let title = self.title(node);
        let legal_word = self.scope.text(node, "word");
        let (within, least) = (self.term(node, "within"), self.term(node, "least"));
        let after = self.start(node);
        let calendar = self.scope.string_prop(node, "calendar").map(str::to_owned);
        let counts_start = self.scope.flag(node, "counts-start");
        let grounds = self.grounds(node);
        if let Some((name, value)) = calendar.as_ref().zip(node.prop("calendar"))
            && !self.pack.calendars.contains_key(name)
        {
            let known: Vec<&str> = self.pack.calendars.keys().map(String::as_str).collect();
            let at = node.at(&value.span);
            self.scope.undeclared(&NameKind::Calendar.words(), name, &at, known.into_iter(), false);
        }
        if legal_word.is_empty() && within.is_none() {
            let message = Words::new(
                "`deadline` には法令の言葉 `word` か期間 `within=` が必要です",
                "`deadline` needs the `word` of the law or a term, `within=`",
            );
            self.scope.missing(node.declared_label(), message);
        }
        let name = node.args.first().and_then(|v| self.scope.plain_word(node, v));
        if let Some((name, after)) = name.zip(after) {
            self.once(node, format!("deadline {name}"));
            let deadline =
                Deadline { title, legal_word, within, least, after, calendar, counts_start, grounds };
            self.pack.deadlines.insert(name, deadline);
        }
    }

    fn term(&mut self, node: &Node, prop: &str) -> Option<Term> {
        let value = node.prop(prop)?;
        let text = self.scope.filled(node, value)?;
        let term = text.parse().ok();
        if term.is_none() {
            let what = Words::new(
                "`\"72 hours\"`、`\"30 days\"`、`\"1 month\"`、`\"3 years\"` の形の期間",
                "a term such as `\"72 hours\"`, `\"30 days\"`, `\"1 month\"` or `\"3 years\"`",
            );
            self.scope.malformed(node, value, text, &what);
        }
        term
    }

    fn start(&mut self, node: &Node) -> Option<Start> {
        node.prop("after").and_then(|v| self.scope.one_of(node, v, &Start::ALL, Start::as_str))
    }

    /// `records { item recipient for="consent opt_out" { … }; retention single for="3 years" after=created { … }; exempt law }`.
    pub(super) fn records(&mut self, node: &Node) {
        let shape = BARE.many(&["item", "retention", "exempt"]).once(&["unchecked"]).cites();
        self.scope.shape(node, &shape);
        self.once(node, "records".to_owned());
        let mut records = Records {
            exempt: self.several(node, "exempt", &Route::ALL, Route::as_str),
            ..Records::default()
        };
        for child in node.children_named("item") {
            self.scope.shape(child, &RULE.props(&["for"]));
            let title = self.title(child);
            let routes = self.routes(child);
            let grounds = self.grounds(child);
            let name = child.args.first().and_then(|v| self.scope.plain_word(child, v));
            records.items.extend(name.map(|name| RecordItem { name, title, routes, grounds }));
        }
        for child in node.children_named("retention") {
            self.scope.shape(child, &RULE.needs_props(&["for", "after"]));
            let title = self.title(child);
            let (term, after) = (self.term(child, "for"), self.start(child));
            let grounds = self.grounds(child);
            let name = child.args.first().and_then(|v| self.scope.plain_word(child, v));
            if let Some(((name, term), after)) = name.zip(term).zip(after) {
                records.retentions.push(RecordRetention { name, title, term, after, grounds });
            }
        }
        records.grounds = self.grounds(node);
        self.pack.records = Some(records);
    }

    /// The routes that `for=` names.
    fn routes(&mut self, node: &Node) -> std::collections::BTreeSet<Route> {
        let mut routes = std::collections::BTreeSet::new();
        for word in self.scope.words_of(node, node.prop("for")) {
            match Route::ALL.into_iter().find(|r| r.as_str() == word.text) {
                Some(route) => {
                    routes.insert(route);
                }
                None => self.scope.none_of(&word.at, word.text, &Route::ALL.map(Route::as_str)),
            }
        }
        routes
    }

    /// `breach { trigger number_of_principals more-than=1000 { … }; report-item cause { … } }`.
    pub(super) fn breach(&mut self, node: &Node) {
        let shape = BARE.many(&["trigger", "excluded", "report-item", "notice-item"]);
        self.scope.shape(node, &shape.once(&["unchecked"]).cites());
        self.once(node, "breach".to_owned());
        let mut triggers = Vec::new();
        for child in node.children_named("trigger") {
            self.scope.shape(child, &RULE.props(&["class", "more-than"]));
            let title = self.title(child);
            let classes = self.scope.classes(child, child.prop("class")).into_iter().collect();
            let more_than = self.count(child, "more-than");
            let grounds = self.grounds(child);
            let name = child.args.first().and_then(|v| self.scope.plain_word(child, v));
            triggers.extend(name.map(|name| Trigger { name, title, classes, more_than, grounds }));
        }
        let breach = Breach {
            triggers,
            excluded: self.entries(node, "excluded"),
            report_items: self.entries(node, "report-item"),
            notice_items: self.entries(node, "notice-item"),
            grounds: self.grounds(node),
        };
        self.pack.breach = Some(breach);
    }

    /// `calendar national { closed saturday sunday; holiday "2026-01-01" }`.
    pub(super) fn calendar(&mut self, node: &Node) {
        let calendar = desk::closed_days(node, self.scope);
        let Some(name) = node.args.first().and_then(|v| self.scope.plain_word(node, v)) else { return };
        self.once(node, format!("calendar {name}"));
        self.pack.calendars.insert(name, calendar);
    }
}
