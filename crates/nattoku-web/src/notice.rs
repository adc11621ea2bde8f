//! The notice as a page: its prose, with tables and lists set in where the text asks for them.

pub(crate) mod address;
mod block;
mod data;
mod feed;
pub(crate) mod file;
pub(crate) mod json;
mod law;
mod markup;
mod order;
pub(crate) mod page;
mod places;
mod plain;
mod provisions;
mod purposes;
mod recipients;
mod shown;
mod transmissions;
mod will;

use nattoku_model::name::{CategoryName, RecipientName};
use nattoku_model::policy::Policy;
use nattoku_model::{Language, Text};
use nattoku_policy::notice::{Block, Directive, Notice, Piece};

pub(crate) use markup::unescape;
pub(crate) use shown::Shown;

use crate::dates::Dates;
use crate::reading::Reading;
use crate::words::Words;

/// What the tables of one notice are made from.
pub(crate) struct Tables<'a> {
    pub(crate) reading: &'a Reading<'a>,
    pub(crate) policy: &'a Policy,
    pub(crate) language: Language,
    pub(crate) words: &'static Words,
    pub(crate) dates: &'a Dates,
}

/// A section as shown, its parts inside it.
pub(crate) struct ShownSection {
    pub(crate) anchor: String,
    pub(crate) heading: String,
    pub(crate) content: Vec<Shown>,
    pub(crate) parts: Vec<ShownSection>,
}

impl<'a> Tables<'a> {
    /// For one version of the policy.
    pub(crate) fn new(reading: &'a Reading<'a>, policy: &'a Policy) -> Self {
        Self { reading, policy, language: reading.language, words: reading.words, dates: reading.dates }
    }

    /// What stands before the first section.
    pub(crate) fn intro(&self, notice: &Notice) -> Vec<Shown> {
        self.blocks(&notice.intro)
    }

    /// The sections in order, each with the parts that follow it.
    pub(crate) fn sections(&self, notice: &Notice) -> Vec<ShownSection> {
        let mut sections: Vec<ShownSection> = Vec::new();
        for section in &notice.sections {
            let shown = ShownSection {
                anchor: section.anchor.clone(),
                heading: section.heading.clone(),
                content: self.blocks(&section.blocks),
                parts: Vec::new(),
            };
            match sections.last_mut().filter(|_| section.level > 2) {
                Some(above) => above.parts.push(shown),
                None => sections.push(shown),
            }
        }
        sections
    }

    fn blocks(&self, blocks: &[Block]) -> Vec<Shown> {
        blocks
            .iter()
            .flat_map(|block| match block {
                Block::Prose(pieces) => vec![Shown::Html { html: self.prose(pieces) }],
                Block::Directive(directive, _) => self.directive(*directive),
            })
            .collect()
    }

    fn prose(&self, pieces: &[Piece]) -> String {
        pieces
            .iter()
            .map(|piece| match piece {
                Piece::Html(html) => html.clone(),
                Piece::Document(name) => self.document_link(name),
                Piece::Effective => escape(&self.dates.day(&self.policy.effective)),
                Piece::Announced => {
                    escape(&self.policy.announced.map(|d| self.dates.date(d)).unwrap_or_default())
                }
                Piece::Version => escape(self.policy.version.as_str()),
                Piece::Controller => escape(self.text(&self.policy.controller.name)),
            })
            .collect()
    }

    fn directive(&self, directive: Directive) -> Vec<Shown> {
        match directive {
            // The contents stand beside the whole text already.
            Directive::Contents => Vec::new(),
            Directive::Sources => self.sources(),
            Directive::Purposes => self.purposes(),
            Directive::Prohibitions => self.prohibitions(),
            Directive::Consents => self.consents(),
            Directive::Choices => self.choices(),
            Directive::Works => self.works(),
            Directive::Recipients => self.recipients(),
            Directive::Provisions => self.provisions(),
            Directive::JointUse => self.joint_uses(),
            Directive::Anonymized => self.anonymized(),
            Directive::Transmissions => self.transmissions(),
            Directive::Exceptions => self.exceptions(),
            Directive::Retention => self.retention(),
            Directive::Transitions => self.transitions(),
            Directive::Desks => self.desks(),
            Directive::Bodies => self.bodies(),
            Directive::Regulators => self.regulators(),
            Directive::Documents => self.documents(),
            Directive::Versions => self.versions(),
            Directive::Controller => self.controller(),
            Directive::Rulings => self.rulings(),
        }
    }

    fn text<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.language)
    }

    /// Names of categories in words, each with what stands above it left out.
    fn categories<'c>(&self, names: impl IntoIterator<Item = &'c CategoryName>) -> String {
        let comma = self.words.get("list-comma");
        names
            .into_iter()
            .map(|name| category_title(self.policy, name, self.language))
            .collect::<Vec<_>>()
            .join(&comma)
    }

    fn recipient_titles<'r>(&self, names: impl IntoIterator<Item = &'r RecipientName>) -> String {
        let comma = self.words.get("list-comma");
        let title = |name: &RecipientName| {
            self.policy
                .recipients
                .get(name)
                .map_or_else(|| name.to_string(), |r| self.text(&r.title).to_owned())
        };
        names.into_iter().map(title).collect::<Vec<_>>().join(&comma)
    }
}

/// A category's name in words.
pub(crate) fn category_title(policy: &Policy, name: &CategoryName, language: Language) -> String {
    policy.categories.get(name).map_or_else(|| name.to_string(), |c| c.title.get(language).to_owned())
}

/// Text as HTML.
pub(crate) fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    html
}
