//! The notice: Markdown prose in one file a language, with directives that the policy fills.

mod directive;
mod parse;
mod prose;

use nattoku_model::Language;
use nattoku_model::policy::Rule;

use crate::diagnostic::Label;
use crate::source::FileId;

pub use directive::Directive;
pub(crate) use parse::parse;
pub use prose::{is_address, render_prose};

/// A notice in one language.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Its language.
    pub language: Language,
    /// Its file.
    pub file: FileId,
    /// Its title, plain text.
    pub title: String,
    /// What stands before the first section.
    pub intro: Vec<Block>,
    /// The rules that what stands before the first section says it states, each with the bytes that say so.
    pub states: Vec<(Rule, Label)>,
    /// Its sections and their parts, in order.
    pub sections: Vec<Section>,
}

/// A section, or a part of one.
#[derive(Debug, Clone)]
pub struct Section {
    /// The fragment of its address: `purposes`.
    pub anchor: String,
    /// 2 for a section, 3 for a part of one, as HTML headings count.
    pub level: u8,
    /// Its heading, plain text.
    pub heading: String,
    /// The bytes of its heading.
    pub label: Label,
    /// What stands in it, parts of it left out.
    pub blocks: Vec<Block>,
    /// The rules that its sentences say they state, by `{see …}`, each with the bytes that say so.
    pub states: Vec<(Rule, Label)>,
}

/// A piece of a section.
#[derive(Debug, Clone)]
pub enum Block {
    /// Prose; [`render_prose`] makes HTML of it.
    Prose(Vec<Piece>),
    /// A table or a list made from the policy.
    Directive(Directive, Label),
}

/// A piece of prose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Escaped HTML.
    Html(String),
    /// A link to a document, by name.
    Document(String),
    /// The date from which the version is in force.
    Effective,
    /// The date on which it was announced.
    Announced,
    /// The version's name.
    Version,
    /// The controller's name.
    Controller,
}
