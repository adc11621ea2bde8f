//! What the notice shows as plain blocks: from them come the text, the JSON, the PDF and the comparison of versions, so that
//! all of them say what the page says.

use super::{Shown, ShownSection, markup};

/// A piece of running text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) text: String,
    pub(crate) is_strong: bool,
    /// Where it leads: an address as the page has it.
    pub(crate) link: Option<String>,
}

/// A block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    /// A paragraph.
    Paragraph { spans: Vec<Span> },
    /// A list; an item may hold further blocks.
    List { is_ordered: bool, items: Vec<Vec<Block>> },
    /// Words with what they mean.
    Facts { facts: Vec<(String, String)> },
    /// A table whose first column names the row.
    Table { caption: String, head: Vec<String>, rows: Vec<Vec<String>> },
    /// What stands under a title of its own: a part that opens, a purpose, a desk.
    Group { title: String, inside: Vec<Block> },
}

/// A section with its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BlockSection {
    pub(crate) anchor: String,
    pub(crate) heading: String,
    pub(crate) blocks: Vec<Block>,
    pub(crate) parts: Vec<BlockSection>,
}

impl Block {
    /// A paragraph of plain text.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Paragraph { spans: vec![Span { text: text.into(), is_strong: false, link: None }] }
    }

    /// Its text without any mark, on one line.
    pub(crate) fn plain(&self) -> String {
        let joined = |blocks: &[Self]| blocks.iter().map(Self::plain).collect::<Vec<_>>().join(" ");
        match self {
            Self::Paragraph { spans } => spans.iter().map(|s| s.text.replace('\n', " ")).collect(),
            Self::List { items, .. } => items.iter().map(|item| joined(item)).collect::<Vec<_>>().join(" "),
            Self::Facts { facts } => {
                facts.iter().map(|(word, meaning)| format!("{word}: {meaning}")).collect::<Vec<_>>().join(" ")
            }
            Self::Table { rows, .. } => rows.iter().flatten().cloned().collect::<Vec<_>>().join(" "),
            Self::Group { title, inside } => format!("{title} {}", joined(inside)),
        }
    }
}

/// Sections as blocks.
pub(crate) fn sections(shown: &[ShownSection]) -> Vec<BlockSection> {
    let section = |s: &ShownSection| BlockSection {
        anchor: s.anchor.clone(),
        heading: s.heading.clone(),
        blocks: blocks(&s.content),
        parts: sections(&s.parts),
    };
    shown.iter().map(section).collect()
}

/// What is shown as blocks.
pub(crate) fn blocks(shown: &[Shown]) -> Vec<Block> {
    shown.iter().flat_map(of).collect()
}

fn of(shown: &Shown) -> Vec<Block> {
    match shown {
        Shown::Html { html } => markup::blocks(html),
        Shown::Paragraph { text, .. } => vec![Block::text(text)],
        Shown::List { items } => {
            vec![Block::List {
                is_ordered: false,
                items: items.iter().map(|i| vec![Block::text(i)]).collect(),
            }]
        }
        Shown::Links { items } => {
            let item = |(address, text, remark): &(Option<String>, String, String)| {
                let mut spans = vec![Span { text: text.clone(), is_strong: false, link: address.clone() }];
                if !remark.is_empty() {
                    spans.push(Span { text: format!(" {remark}"), is_strong: false, link: None });
                }
                vec![Block::Paragraph { spans }]
            };
            vec![Block::List { is_ordered: false, items: items.iter().map(item).collect() }]
        }
        Shown::Facts { facts } => vec![Block::Facts { facts: facts.clone() }],
        Shown::Table { caption, head, rows } => {
            vec![Block::Table { caption: caption.clone(), head: head.clone(), rows: rows.clone() }]
        }
        Shown::Details { summary, mark, inside, .. } => {
            // A table that opens says by its caption what it is; the line that opens it would say it again.
            if let [Shown::Table { .. }] = inside.as_slice() {
                return blocks(inside);
            }
            let title = if mark.is_empty() { summary.clone() } else { format!("{summary} [{mark}]") };
            vec![Block::Group { title, inside: blocks(inside) }]
        }
        Shown::Purpose { number, title, benefit, inside } => {
            let mut within = Vec::new();
            if !benefit.is_empty() {
                within.push(Block::text(benefit));
            }
            for shown in inside {
                match shown {
                    // Closed on the page to keep it short; in a text nothing is.
                    Shown::Details { inside, .. } => within.extend(blocks(inside)),
                    shown => within.extend(of(shown)),
                }
            }
            vec![Block::Group { title: format!("({number}) {title}"), inside: within }]
        }
        Shown::Compared { word, pieces, .. } => {
            let text: String = pieces.iter().map(|(_, text)| text.as_str()).collect();
            vec![Block::text(format!("{word}: {text}"))]
        }
        Shown::Place { title, phone, lines, .. } => {
            let mut inside = Vec::new();
            if let Some((dial, number, toll)) = phone {
                let link = Some(format!("tel:{dial}"));
                inside.push(Block::Paragraph {
                    spans: vec![
                        Span { text: number.clone(), is_strong: false, link },
                        Span { text: format!(" {toll}"), is_strong: false, link: None },
                    ],
                });
            }
            inside.extend(lines.iter().map(Block::text));
            vec![Block::Group { title: title.clone(), inside }]
        }
    }
}
