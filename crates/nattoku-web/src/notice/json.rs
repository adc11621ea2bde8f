//! The whole notice as JSON, in the shape that `docs/reference/policy-render.md` describes.

use nattoku_model::Language;
use nattoku_model::policy::Policy;
use serde_json::{Map, Value, json};

use super::block::{self, Block, BlockSection, Span};
use super::page::sections_of;
use crate::reading::Reading;

/// The name of the shape; it changes when a reader of the old one would be misled.
const FORMAT: &str = "nattoku-notice/1";

/// The notice of a version in the language of the reading; none where its text is not at hand.
pub(crate) fn notice(reading: &Reading<'_>, policy: &Policy) -> Option<Value> {
    let (title, before, sections) = sections_of(reading, policy)?;
    let language = reading.language;
    let controller = &policy.controller;
    let documents = policy.documents.iter().map(|document| {
        json!({
            "name": document.name,
            "title": document.title.get(language),
            "address": document.address,
            "only": document.only.map(Language::tag),
            "is_parent": document.is_parent,
        })
    });
    Some(json!({
        "format": FORMAT,
        "language": language.tag(),
        "title": title,
        "policy": policy.name,
        "version": policy.version.as_str(),
        "announced": policy.announced.map(|d| d.to_string()),
        "effective": policy.local(policy.effective),
        "languages": policy.languages.iter().map(|l| l.tag()).collect::<Vec<_>>(),
        "prevails": policy.prevails.tag(),
        "content_hash": reading.publication.digest(&policy.version).map(|d| format!("sha256:{d}")),
        "controller": {
            "name": controller.name.get(language),
            "address": controller.address.get(language),
            "representative": controller.representative.get(language),
            "country": controller.country,
        },
        "intro": blocks(&block::blocks(&before)),
        "sections": block::sections(&sections).iter().map(|s| section(s, 2)).collect::<Vec<_>>(),
        "documents": documents.collect::<Vec<_>>(),
    }))
}

fn section(section: &BlockSection, level: u8) -> Value {
    json!({
        "anchor": section.anchor,
        "level": level,
        "heading": section.heading,
        "blocks": blocks(&section.blocks),
        "parts": section.parts.iter().map(|p| self::section(p, level.saturating_add(1))).collect::<Vec<_>>(),
    })
}

fn blocks(blocks: &[Block]) -> Value {
    blocks.iter().map(block).collect()
}

fn block(block: &Block) -> Value {
    match block {
        Block::Paragraph { spans } => json!({
            "kind": "paragraph",
            "spans": spans.iter().map(span).collect::<Vec<_>>(),
        }),
        Block::List { is_ordered, items } => json!({
            "kind": "list",
            "ordered": is_ordered,
            "items": items.iter().map(|item| blocks(item)).collect::<Vec<_>>(),
        }),
        Block::Facts { facts } => json!({
            "kind": "facts",
            "facts": facts.iter().map(|(word, text)| json!({"word": word, "text": text})).collect::<Vec<_>>(),
        }),
        Block::Table { caption, head, rows } => json!({
            "kind": "table",
            "caption": caption,
            "head": head,
            "rows": rows,
        }),
        Block::Group { title, inside } => json!({
            "kind": "group",
            "title": title,
            "blocks": blocks(inside),
        }),
    }
}

/// A piece of text; what it does not have is left out.
fn span(span: &Span) -> Value {
    let mut value = Map::from_iter([("text".to_owned(), Value::from(span.text.as_str()))]);
    if span.is_strong {
        value.insert("strong".to_owned(), Value::from(true));
    }
    if let Some(link) = &span.link {
        value.insert("link".to_owned(), Value::from(link.as_str()));
    }
    Value::Object(value)
}
