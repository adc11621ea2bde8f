//! Where to ask, who is responsible, and the documents beside the notice.

use nattoku_model::policy::Document;

use super::{Shown, ShownSection, Tables, escape};
use crate::desk::{desks, dial};

impl Tables<'_> {
    /// `{desks}`: each desk with its number, its hours, and whether it is open now (R70).
    pub(super) fn desks(&self) -> Vec<Shown> {
        let words = self.words;
        let toll = |toll: bool| words.get(if toll { "toll" } else { "toll-free" });
        desks(self.reading, self.policy)
            .into_iter()
            .map(|desk| Shown::Place {
                title: desk.title,
                phone: desk.phone.map(|number| (desk.dial, number, toll(desk.toll))),
                lines: desk.hours.into_iter().chain([desk.closed_days]).filter(|l| !l.is_empty()).collect(),
                state: desk.open.map(|open| (open, words.get(if open { "open-now" } else { "closed-now" }))),
            })
            .collect()
    }

    /// `{bodies}`: who else takes complaints, by line of business (R71).
    pub(super) fn bodies(&self) -> Vec<Shown> {
        let words = self.words;
        self.policy
            .bodies
            .iter()
            .map(|body| {
                let line = self.policy.lines.iter().find(|l| l.name == body.line);
                let line = line.map(|l| words.fill("about-line", self.text(&l.title)));
                let toll = words.get(if body.toll { "toll" } else { "toll-free" });
                let no_phone = body.phone.is_none().then(|| words.get("no-phone"));
                Shown::Place {
                    title: self.text(&body.title).to_owned(),
                    phone: body.phone.as_ref().map(|number| (dial(Some(number)), number.clone(), toll)),
                    lines: line.into_iter().chain(no_phone).collect(),
                    state: None,
                }
            })
            .collect()
    }

    /// `{regulators}`: the public offices that anybody can turn to.
    pub(super) fn regulators(&self) -> Vec<Shown> {
        let words = self.words;
        self.policy
            .regulators
            .iter()
            .map(|regulator| {
                let toll = words.get(if regulator.toll { "toll" } else { "toll-free" });
                let no_phone = regulator.phone.is_none().then(|| words.get("no-phone"));
                Shown::Place {
                    title: self.text(&regulator.title).to_owned(),
                    phone: regulator.phone.as_ref().map(|number| (dial(Some(number)), number.clone(), toll)),
                    lines: no_phone.into_iter().collect(),
                    state: None,
                }
            })
            .collect()
    }

    /// The sections on who else takes complaints: accredited bodies and regulators, where the policy names any.
    pub(super) fn elsewhere(&self) -> Vec<ShownSection> {
        let mut sections = Vec::new();
        if !self.policy.bodies.is_empty() {
            sections.push(ShownSection::new("bodies", self.words.get("footer-bodies"), self.bodies()));
        }
        if !self.policy.regulators.is_empty() {
            let heading = self.words.get("footer-regulators");
            sections.push(ShownSection::new("regulators", heading, self.regulators()));
        }
        sections
    }

    /// `{documents}`: charter, sibling documents, companions.
    pub(super) fn documents(&self) -> Vec<Shown> {
        let items = self.policy.documents.iter().map(|document| {
            (document.address.clone(), self.text(&document.title).to_owned(), self.document_remark(document))
        });
        let mut shown = vec![Shown::Links { items: items.collect() }];
        if self.policy.documents.iter().any(|d| d.address.is_none()) {
            shown.push(Shown::paragraph(self.words.get("documents-at-the-desk")));
        }
        shown
    }

    /// A document's title as a link, for the middle of a sentence.
    pub(super) fn document_link(&self, name: &str) -> String {
        let Some(document) = self.policy.documents.iter().find(|d| d.name == name) else {
            return escape(name);
        };
        let title = escape(self.text(&document.title));
        let linked = match &document.address {
            Some(address) => format!("<a href=\"{}\">{title}</a>", escape(address)),
            None => self.words.fill("quoted", &title),
        };
        let remark = self.document_remark(document);
        if remark.is_empty() { linked } else { format!("{linked} <small>{}</small>", escape(&remark)) }
    }

    /// "In Japanese only", where the reader should know before following the link.
    fn document_remark(&self, document: &Document) -> String {
        let only = document.only.filter(|only| *only != self.language);
        only.map(|only| self.words.named("only", only.tag())).unwrap_or_default()
    }

    /// `{controller}` on its own line: name, address, representative (APPI-32-1).
    pub(super) fn controller(&self) -> Vec<Shown> {
        let words = self.words;
        let controller = &self.policy.controller;
        vec![Shown::facts([
            (words.get("controller-name"), self.text(&controller.name).to_owned()),
            (words.get("controller-address"), self.text(&controller.address).to_owned()),
            (words.get("controller-representative"), self.text(&controller.representative).to_owned()),
        ])]
    }
}
