//! The notice as plain text: one line a paragraph, item or cell, so that it can be read aloud, searched and compared.

use super::block::{Block, BlockSection, Span};

/// What goes in for every level of a list.
const STEP: &str = "  ";

/// A whole document: its title, what stands before the first section, the sections.
pub(crate) fn document(title: &str, before: &[Block], sections: &[BlockSection]) -> String {
    let mut text = Text::default();
    text.heading(title, '=');
    text.blocks(before, 0);
    for section in sections {
        text.section(section, '-');
    }
    text.out
}

/// The lines of blocks, for a comparison: what stands before the items of a list is left out.
pub(crate) fn lines(blocks: &[Block]) -> Vec<String> {
    let mut text = Text::default();
    text.blocks(blocks, 0);
    let lines = text.out.lines().map(|line| line.trim().trim_start_matches("- ").to_owned());
    lines.filter(|line| !line.is_empty()).collect()
}

#[derive(Default)]
struct Text {
    out: String,
}

impl Text {
    fn heading(&mut self, heading: &str, line: char) {
        self.gap();
        self.line(0, heading);
        self.line(0, &line.to_string().repeat(20));
    }

    fn section(&mut self, section: &BlockSection, line: char) {
        self.heading(&section.heading, line);
        self.blocks(&section.blocks, 0);
        for part in &section.parts {
            self.section(part, '.');
        }
    }

    fn blocks(&mut self, blocks: &[Block], depth: usize) {
        for block in blocks {
            self.gap();
            self.block(block, depth);
        }
    }

    fn block(&mut self, block: &Block, depth: usize) {
        match block {
            Block::Paragraph { spans } => self.line(depth, &running(spans)),
            Block::List { is_ordered, items } => {
                for (at, item) in items.iter().enumerate() {
                    let sign =
                        if *is_ordered { format!("{}. ", at.saturating_add(1)) } else { "- ".to_owned() };
                    self.item(&sign, item, depth);
                }
            }
            Block::Facts { facts } => {
                for (word, meaning) in facts {
                    self.line(depth, &format!("{word}: {meaning}"));
                }
            }
            Block::Table { caption, head, rows } => {
                if !caption.is_empty() {
                    self.line(depth, caption);
                }
                for row in rows {
                    self.row(head, row, depth);
                }
            }
            Block::Group { title, inside } => {
                self.line(depth, title);
                for block in inside {
                    self.block(block, depth.saturating_add(1));
                }
            }
        }
    }

    fn item(&mut self, sign: &str, item: &[Block], depth: usize) {
        let mut blocks = item.iter();
        match blocks.next() {
            Some(Block::Paragraph { spans }) => self.line(depth, &format!("{sign}{}", running(spans))),
            Some(block) => self.block(block, depth),
            None => {}
        }
        for block in blocks {
            self.block(block, depth.saturating_add(1));
        }
    }

    /// The first cell names the row; the others follow under the heads of their columns.
    fn row(&mut self, head: &[String], row: &[String], depth: usize) {
        for (at, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            match head.get(at) {
                Some(column) if at > 0 => {
                    self.line(depth.saturating_add(1), &format!("{column}: {cell}"));
                }
                _ => self.line(depth, &format!("- {cell}")),
            }
        }
    }

    fn line(&mut self, depth: usize, line: &str) {
        for part in line.lines() {
            self.out.push_str(&STEP.repeat(depth));
            self.out.push_str(part);
            self.out.push('\n');
        }
    }

    fn gap(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }
}

/// Running text, with the address after a link that leads away from the notice.
fn running(spans: &[Span]) -> String {
    let mut text = String::new();
    for span in spans {
        text.push_str(&span.text);
        if let Some(link) = span.link.as_deref().filter(|l| l.starts_with("http") || l.starts_with("mailto:"))
        {
            text.push_str(" <");
            text.push_str(link);
            text.push('>');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_read_row_by_row_under_the_heads_of_their_columns() {
        let table = Block::Table {
            caption: "Kept".to_owned(),
            head: vec!["Kind".to_owned(), "How long".to_owned()],
            rows: vec![vec!["Purchases".to_owned(), "3 years".to_owned()]],
        };
        let section = BlockSection {
            anchor: "kept".to_owned(),
            heading: "1. Keeping".to_owned(),
            blocks: vec![table],
            parts: Vec::new(),
        };
        let text = document("Policy", &[], &[section]);
        let rule = "=".repeat(20);
        let line = "-".repeat(20);
        assert_eq!(
            text,
            format!("Policy\n{rule}\n\n1. Keeping\n{line}\n\nKept\n- Purchases\n  How long: 3 years\n")
        );
    }
}
