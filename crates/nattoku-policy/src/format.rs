//! The one way to lay out a policy: four spaces a level, at most one blank line, one space between words, nothing
//! aligned, lines ended by a line feed. Comments stay, what stands on one line stays on one line, and formatting twice
//! changes nothing.

use std::fmt::Write as _;

use crate::diagnostic::Diagnostic;
use crate::report::Report;
use crate::source::{FILE_BYTES_MAX, Files};
use crate::syntax;
use crate::syntax::lexer::{Kind, Token, lex};

const INDENT: &str = "    ";

/// A file that cannot be formatted because it cannot be read.
#[derive(Debug, Clone)]
pub struct Unreadable {
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
    /// The file, for the renderers.
    pub files: Files,
}

/// Lays out the text of a `.kdl` file. `name` is what diagnostics call it.
///
/// # Errors
///
/// When the text is not KDL; what is wrong is what [`check`](crate::check()) says about it.
pub fn format(name: &str, text: &str) -> Result<String, Unreadable> {
    let mut files = Files::default();
    let mut report = Report::default();
    if text.len() > FILE_BYTES_MAX {
        let source = crate::Source::new(name, text.as_bytes());
        let checked = crate::check(&[source]);
        return Err(Unreadable { diagnostics: checked.diagnostics, files: checked.files });
    }
    let file = files.add(name, text);
    let text = files.text(file);
    syntax::parse(file, text, &mut report);
    if report.n_errors() > 0 {
        return Err(Unreadable { diagnostics: report.finish().0, files });
    }
    let tokens = lex(text).0;
    let mut writer = Writer::new(text, inline_blocks(text, &tokens));
    for (i, token) in tokens.iter().enumerate() {
        writer.token(i, *token);
    }
    Ok(writer.finish())
}

/// For every token whether it opens a block that stands on one line.
fn inline_blocks(text: &str, tokens: &[Token]) -> Vec<bool> {
    let mut is_inline = vec![false; tokens.len()];
    // Each open brace with the number of line ends before it.
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut n_lines = 0;
    for (i, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Open => open.push((i, n_lines)),
            Kind::Close => {
                if let Some((start, lines_before)) = open.pop()
                    && let Some(block) = is_inline.get_mut(start)
                {
                    *block = lines_before == n_lines;
                }
            }
            Kind::Newline | Kind::Escline | Kind::LineComment => n_lines += 1,
            _ if text.get(token.span()).is_some_and(|t| t.contains(['\n', '\r'])) => n_lines += 1,
            _ => {}
        }
    }
    is_inline
}

/// Writes tokens one after the other, deciding only about the space before each.
struct Writer<'t> {
    text: &'t str,
    is_inline: Vec<bool>,
    out: String,
    /// For each open block whether it stands on one line.
    blocks: Vec<bool>,
    /// Line ends since the last thing written.
    n_newlines: usize,
    /// Whether a node has begun that has not ended.
    in_node: bool,
    /// Whether a `;` ended the last node, so that the next one needs a break.
    after_semicolon: bool,
    /// Whether the last thing written was `{`.
    after_open: bool,
    /// Whether the next thing is written without a space before it.
    is_glued: bool,
    /// Whether what `/-` disables is still to come.
    after_slashdash: bool,
    /// Whether the last thing written was a comment that ends its line.
    after_line_comment: bool,
    /// Escaped line ends since the last thing written, each with its comment.
    esclines: Vec<&'t str>,
}

impl<'t> Writer<'t> {
    fn new(text: &'t str, is_inline: Vec<bool>) -> Self {
        Self {
            text,
            is_inline,
            out: String::with_capacity(text.len()),
            blocks: Vec::new(),
            n_newlines: 0,
            in_node: false,
            after_semicolon: false,
            after_open: false,
            is_glued: false,
            after_slashdash: false,
            after_line_comment: false,
            esclines: Vec::new(),
        }
    }

    fn token(&mut self, i: usize, token: Token) {
        let text = self.text.get(token.span()).unwrap_or("");
        match token.kind {
            Kind::Space => {}
            Kind::Newline => {
                self.end_esclines();
                self.n_newlines += 1;
                self.in_node &= self.after_slashdash;
            }
            Kind::Escline => self.escline(text),
            Kind::LineComment => {
                self.end_esclines();
                self.line_comment(text.trim_end());
            }
            Kind::Semicolon => {
                self.end_esclines();
                self.in_node = false;
                self.after_semicolon = true;
            }
            Kind::Equals => self.equals(),
            Kind::Open => {
                self.atom("{");
                self.blocks.push(self.is_inline.get(i).copied().unwrap_or(false));
                self.after_open = true;
                self.in_node = false;
            }
            Kind::Close => self.close(),
            Kind::BlockComment => {
                let in_node = self.in_node;
                let after_slashdash = self.after_slashdash;
                self.atom(text);
                (self.in_node, self.after_slashdash) = (in_node, after_slashdash);
            }
            Kind::Slashdash => {
                self.atom(text);
                self.is_glued = true;
                self.after_slashdash = true;
            }
            _ => self.atom(text),
        }
    }

    /// Nothing stands around the sign, but for what a comment needs.
    fn equals(&mut self) {
        if self.esclines.iter().all(|comment| comment.is_empty()) {
            self.esclines.clear();
            self.out.push('=');
        } else {
            self.atom("=");
        }
        self.is_glued = true;
    }

    fn escline(&mut self, text: &'t str) {
        let comment = text.trim_start_matches('\\').trim();
        if self.in_node {
            self.esclines.push(comment);
        } else if comment.is_empty() {
            self.n_newlines += 1;
        } else {
            // Between nodes nothing is continued, so that what remains is a comment.
            self.line_comment(comment);
            self.n_newlines += 1;
        }
    }

    /// Escaped line ends that nothing follows: only their comments are worth keeping.
    fn end_esclines(&mut self) {
        for comment in std::mem::take(&mut self.esclines) {
            if !comment.is_empty() {
                self.line_comment(comment);
                self.n_newlines += 1;
            }
        }
    }

    fn line_comment(&mut self, text: &str) {
        let is_own_line = self.out.is_empty() || self.n_newlines > 0 || self.after_line_comment;
        if is_own_line {
            self.new_line();
        } else {
            self.out.push(' ');
        }
        self.out.push_str(text);
        self.wrote();
        self.after_line_comment = true;
    }

    /// Writes a word, a value or a sign, with the space or the break that belongs before it.
    fn atom(&mut self, text: &str) {
        let is_inline = self.blocks.last().copied().unwrap_or(false);
        if !self.esclines.is_empty() {
            for comment in std::mem::take(&mut self.esclines) {
                let gap = if comment.is_empty() { "" } else { " " };
                let _ = writeln!(self.out, " \\{gap}{comment}");
                self.indent(self.blocks.len() + 1);
            }
        } else if self.in_node {
            if self.after_line_comment {
                self.out.push('\n');
                self.indent(self.blocks.len() + 1);
            } else if !self.is_glued {
                self.out.push(' ');
            }
        } else if self.after_semicolon && self.n_newlines == 0 {
            self.out.push_str("; ");
        } else if is_inline {
            self.out.push(' ');
        } else if self.out.is_empty() || self.n_newlines > 0 || self.after_open || self.after_line_comment {
            self.new_line();
        } else {
            self.out.push(' ');
        }
        // A text or a comment over several lines keeps its lines, but there is one kind of line end.
        if text.contains("\r\n") {
            self.out.push_str(&text.replace("\r\n", "\n"));
        } else {
            self.out.push_str(text);
        }
        self.wrote();
        self.in_node = true;
    }

    fn close(&mut self) {
        self.end_esclines();
        let is_inline = self.blocks.pop().unwrap_or(false);
        if !self.after_open {
            if is_inline {
                self.out.push(' ');
            } else {
                self.out.push('\n');
                self.indent(self.blocks.len());
            }
        }
        self.out.push('}');
        self.wrote();
        self.in_node = true;
    }

    /// Begins a line, with a blank one before it where the source has any, and not at the beginning of a block.
    fn new_line(&mut self) {
        if self.out.is_empty() {
            return;
        }
        self.out.push('\n');
        if self.n_newlines > 1 && !self.after_open {
            self.out.push('\n');
        }
        let is_continued = self.in_node && self.after_slashdash;
        self.indent(self.blocks.len() + usize::from(is_continued));
    }

    fn indent(&mut self, levels: usize) {
        for _ in 0..levels {
            self.out.push_str(INDENT);
        }
    }

    fn wrote(&mut self) {
        self.n_newlines = 0;
        self.after_semicolon = false;
        self.after_open = false;
        self.is_glued = false;
        self.after_slashdash = false;
        self.after_line_comment = false;
    }

    fn finish(mut self) -> String {
        self.end_esclines();
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out
    }
}

#[cfg(test)]
mod kept;
#[cfg(test)]
mod tests;
