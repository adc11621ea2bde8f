//! The prose of a notice as blocks. What it reads is the HTML that our own Markdown reader writes: few elements, always
//! closed, attributes in double quotes, everything from outside escaped.

use super::block::{Block, Span};

/// The blocks of a piece of prose.
pub(super) fn blocks(html: &str) -> Vec<Block> {
    let mut reader = Reader { rest: html, strong: 0, links: Vec::new() };
    reader.blocks("")
}

struct Reader<'h> {
    rest: &'h str,
    /// How many elements around make the text strong.
    strong: usize,
    /// The addresses of the links around.
    links: Vec<String>,
}

/// What comes next.
enum Token<'h> {
    Text(&'h str),
    Open { name: &'h str, attributes: &'h str },
    Close(&'h str),
}

impl<'h> Reader<'h> {
    fn next(&mut self) -> Option<Token<'h>> {
        if self.rest.is_empty() {
            return None;
        }
        let Some(tag) = self.rest.strip_prefix('<') else {
            let end = self.rest.find('<').unwrap_or(self.rest.len());
            let (text, rest) = self.rest.split_at_checked(end)?;
            self.rest = rest;
            return Some(Token::Text(text));
        };
        let (inside, rest) = tag.split_once('>')?;
        self.rest = rest;
        if let Some(name) = inside.strip_prefix('/') {
            return Some(Token::Close(name));
        }
        let inside = inside.trim_end_matches([' ', '/']);
        let (name, attributes) = inside.split_once(' ').unwrap_or((inside, ""));
        Some(Token::Open { name, attributes })
    }

    /// Blocks up to the end of the element `within`.
    fn blocks(&mut self, within: &str) -> Vec<Block> {
        let mut blocks = Vec::new();
        // What stands in a list item without a paragraph around it.
        let mut loose: Vec<Span> = Vec::new();
        while let Some(token) = self.next() {
            match token {
                Token::Close(name) if name == within => break,
                Token::Open { name: "p" | "pre", .. } => {
                    flush(&mut loose, &mut blocks);
                    let mut spans = Vec::new();
                    self.spans(&mut spans);
                    flush(&mut spans, &mut blocks);
                }
                Token::Open { name: name @ ("ul" | "ol"), .. } => {
                    flush(&mut loose, &mut blocks);
                    blocks.push(Block::List { is_ordered: name == "ol", items: self.items(name) });
                }
                Token::Open { name: "blockquote", .. } => {
                    flush(&mut loose, &mut blocks);
                    blocks.extend(self.blocks("blockquote"));
                }
                Token::Open { name: "table", .. } => {
                    flush(&mut loose, &mut blocks);
                    blocks.push(self.table());
                }
                token => self.inline(&token, &mut loose),
            }
        }
        flush(&mut loose, &mut blocks);
        blocks
    }

    fn items(&mut self, list: &str) -> Vec<Vec<Block>> {
        let mut items = Vec::new();
        while let Some(token) = self.next() {
            match token {
                Token::Close(name) if name == list => break,
                Token::Open { name: "li", .. } => items.push(self.blocks("li")),
                _ => {}
            }
        }
        items
    }

    fn table(&mut self) -> Block {
        let mut rows: Vec<Vec<String>> = Vec::new();
        while let Some(token) = self.next() {
            match token {
                Token::Close("table") => break,
                Token::Open { name: "tr", .. } => rows.push(Vec::new()),
                Token::Open { name: name @ ("th" | "td"), .. } => {
                    let cell: Vec<String> = self.blocks(name).iter().map(Block::plain).collect();
                    if rows.is_empty() {
                        rows.push(Vec::new());
                    }
                    if let Some(row) = rows.last_mut() {
                        row.push(cell.join(" "));
                    }
                }
                _ => {}
            }
        }
        let rows_after = if rows.is_empty() { Vec::new() } else { rows.split_off(1) };
        Block::Table { caption: String::new(), head: rows.pop().unwrap_or_default(), rows: rows_after }
    }

    /// Spans up to the end of the paragraph.
    fn spans(&mut self, spans: &mut Vec<Span>) {
        while let Some(token) = self.next() {
            if matches!(token, Token::Close("p" | "pre")) {
                return;
            }
            self.inline(&token, spans);
        }
    }

    fn inline(&mut self, token: &Token<'_>, spans: &mut Vec<Span>) {
        match token {
            Token::Text(text) => push(
                spans,
                Span {
                    text: unescape(text).replace('\n', " "),
                    is_strong: self.strong > 0,
                    link: self.links.last().cloned(),
                },
            ),
            Token::Open { name: "strong", .. } => self.strong += 1,
            Token::Close("strong") => self.strong = self.strong.saturating_sub(1),
            Token::Open { name: "a", attributes } => {
                self.links.push(attribute(attributes, "href").unwrap_or_default());
            }
            Token::Close("a") => {
                self.links.pop();
            }
            Token::Open { name: "br", .. } => {
                push(spans, Span { text: "\n".to_owned(), is_strong: self.strong > 0, link: None });
            }
            Token::Open { .. } | Token::Close(_) => {}
        }
    }
}

/// Adds a span to those before it, joined where both are alike.
fn push(spans: &mut Vec<Span>, span: Span) {
    match spans.last_mut() {
        Some(last) if last.is_strong == span.is_strong && last.link == span.link => {
            last.text.push_str(&span.text);
        }
        _ => spans.push(span),
    }
}

/// Makes a paragraph of spans, without the white space at its ends; none where nothing is said.
fn flush(spans: &mut Vec<Span>, blocks: &mut Vec<Block>) {
    let mut spans = std::mem::take(spans);
    if let Some(first) = spans.first_mut() {
        first.text = first.text.trim_start().to_owned();
    }
    if let Some(last) = spans.last_mut() {
        last.text = last.text.trim_end().to_owned();
    }
    spans.retain(|span| !span.text.is_empty());
    if !spans.is_empty() {
        blocks.push(Block::Paragraph { spans });
    }
}

/// The value of an attribute.
fn attribute(attributes: &str, name: &str) -> Option<String> {
    let (_, rest) = attributes.split_once(&format!("{name}=\""))?;
    rest.split_once('"').map(|(value, _)| unescape(value))
}

/// Text from HTML: the five escapes that are ever written here.
pub(crate) fn unescape(html: &str) -> String {
    ["&lt;|<", "&gt;|>", "&quot;|\"", "&#34;|\"", "&#39;|'", "&#x27;|'", "&amp;|&"]
        .iter()
        .filter_map(|pair| pair.split_once('|'))
        .fold(html.to_owned(), |text, (escape, c)| text.replace(escape, c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str) -> Span {
        Span { text: text.to_owned(), is_strong: false, link: None }
    }

    #[test]
    fn paragraphs_keep_emphasis_and_links() {
        let html = "<p>a &amp; <strong>b</strong>\n<a href=\"/x?y&amp;z\">c</a></p>\n";
        let b = Span { text: "b".to_owned(), is_strong: true, link: None };
        let c = Span { text: "c".to_owned(), is_strong: false, link: Some("/x?y&z".to_owned()) };
        assert_eq!(blocks(html), [Block::Paragraph { spans: vec![span("a & "), b, span(" "), c] }]);
    }

    #[test]
    fn lists_may_hold_lists() {
        let html = "<ul>\n<li>one\n<ol>\n<li>two</li>\n</ol>\n</li>\n</ul>\n";
        let one = Block::Paragraph { spans: vec![span("one")] };
        let two = Block::Paragraph { spans: vec![span("two")] };
        let inner = Block::List { is_ordered: true, items: vec![vec![two]] };
        assert_eq!(blocks(html), [Block::List { is_ordered: false, items: vec![vec![one, inner]] }]);
    }

    #[test]
    fn the_first_row_of_a_table_is_its_head() {
        let html =
            "<table><thead><tr><th>h</th></tr></thead><tbody>\n<tr><td>c</td></tr>\n</tbody></table>\n";
        let table = Block::Table {
            caption: String::new(),
            head: vec!["h".to_owned()],
            rows: vec![vec!["c".to_owned()]],
        };
        assert_eq!(blocks(html), [table]);
    }
}
