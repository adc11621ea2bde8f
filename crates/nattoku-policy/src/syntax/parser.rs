//! Tokens to nodes. What cannot be read is reported once and skipped up to the end of its line.

mod messages;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::lexer::{Kind, Token, lex};
use super::width::narrowed;
use super::{DEPTH_MAX, literal};
use crate::ast::{Node, Spanned, Value};
use crate::diagnostic::{Diagnostic, Label, Words};
use crate::language_rules::SYNTAX;
use crate::report::Report;
use crate::source::FileId;

/// Reads a file's nodes, and tells whether some could not be read, so that what they declare is not known.
pub(crate) fn parse(file: FileId, text: &str, report: &mut Report) -> (Vec<Node>, bool) {
    let (tokens, faults) = lex(text);
    let mut parser =
        Parser { file, text, tokens, at: 0, report, depth: 0, is_cut_off: false, is_partial: false, end: 0 };
    for (fault, span) in faults {
        parser.lexical(fault, span);
    }
    let nodes = parser.nodes();
    (nodes, parser.is_partial || parser.is_cut_off)
}

struct Parser<'t, 'r> {
    file: FileId,
    text: &'t str,
    tokens: Vec<Token>,
    at: usize,
    report: &'r mut Report,
    depth: usize,
    /// Whether an error was met after which the rest of the file is not read.
    is_cut_off: bool,
    /// Whether a line or a node was skipped.
    is_partial: bool,
    /// Where the last token that belongs to a node ends.
    end: usize,
}

impl Parser<'_, '_> {
    fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied().filter(|_| !self.is_cut_off)
    }

    fn kind(&self) -> Option<Kind> {
        self.peek().map(|t| t.kind)
    }

    fn take(&mut self) {
        if let Some(token) = self.peek() {
            self.end = token.span().end;
        }
        self.at += 1;
    }

    fn slice(&self, span: &Range<usize>) -> &str {
        self.text.get(span.clone()).unwrap_or("")
    }

    fn label(&self, span: Range<usize>) -> Label {
        Label::new(self.file, span)
    }

    fn error(&mut self, span: Range<usize>, message: Words) {
        let diagnostic = Diagnostic::error(SYNTAX.name, self.label(span), message);
        self.report.push(diagnostic);
    }

    /// Steps over space within a line; whether there was any.
    fn skip_space(&mut self) -> bool {
        let from = self.at;
        while matches!(self.kind(), Some(Kind::Space | Kind::BlockComment | Kind::Escline)) {
            self.at += 1;
        }
        self.at > from
    }

    /// Steps over space, line ends and comments.
    fn skip_lines(&mut self) {
        while self.skip_space() || matches!(self.kind(), Some(Kind::Newline | Kind::LineComment)) {
            if matches!(self.kind(), Some(Kind::Newline | Kind::LineComment)) {
                self.at += 1;
            }
        }
    }

    /// The nodes up to a closing brace, which is left in place, or the end of the file.
    fn nodes(&mut self) -> Vec<Node> {
        let mut nodes = Vec::new();
        loop {
            self.skip_lines();
            match self.peek() {
                None => return nodes,
                Some(t) if t.kind == Kind::Close && self.depth > 0 => return nodes,
                Some(t) if t.kind == Kind::Close => {
                    self.error(
                        t.span(),
                        Words::new("この `}` に対応する `{` がありません", "no `{` stands before this `}`"),
                    );
                    self.take();
                }
                Some(t) if t.kind == Kind::Semicolon => {
                    self.error(
                        t.span(),
                        Words::new("この `;` の前にノードがありません", "no node stands before this `;`"),
                    );
                    self.take();
                }
                Some(t) if t.kind == Kind::Slashdash => {
                    self.take();
                    self.skip_lines();
                    if matches!(self.kind(), None | Some(Kind::Close)) {
                        self.nothing_behind_slashdash(t);
                    } else {
                        self.node();
                    }
                }
                Some(_) => nodes.extend(self.node()),
            }
        }
    }

    /// One node with all that belongs to it; none where it has no name that could be read.
    fn node(&mut self) -> Option<Node> {
        self.type_annotation();
        let start = self.peek()?.span();
        let Some(name) = self.text_value() else {
            self.no_name(start);
            self.skip_rest();
            return None;
        };
        let mut node = Node {
            head: name.span.clone(),
            span: name.span.clone(),
            name,
            args: Vec::new(),
            props: Vec::new(),
            children: Vec::new(),
            file: self.file,
        };
        self.entries(&mut node);
        node.span.end = self.end.max(node.head.end);
        Some(node)
    }

    /// Reads what stands behind a node's name up to the end of the node.
    fn entries(&mut self, node: &mut Node) {
        loop {
            let spaced = self.skip_space();
            let Some(token) = self.peek() else { return };
            match token.kind {
                Kind::Newline | Kind::LineComment | Kind::Close => return,
                Kind::Semicolon => {
                    self.at += 1;
                    return;
                }
                Kind::Open => {
                    node.children = self.children(token);
                    self.after_children();
                    return;
                }
                Kind::Slashdash => {
                    self.take();
                    self.skip_lines();
                    match self.peek() {
                        Some(open) if open.kind == Kind::Open => drop(self.children(open)),
                        Some(t) if is_value(t.kind) || t.kind == Kind::ParenOpen => drop(self.entry()),
                        _ => self.nothing_behind_slashdash(token),
                    }
                }
                kind if is_value(kind) || kind == Kind::ParenOpen => {
                    if !spaced {
                        let message = Words::new("この前に空白が必要です", "expected a space before this");
                        self.error(token.span(), message);
                    }
                    match self.entry() {
                        Some((Some(key), value)) => node.props.push((key, value)),
                        Some((None, value)) => node.args.push(value),
                        None => {}
                    }
                    node.head.end = self.end;
                }
                kind => {
                    if kind != Kind::Bad {
                        let found = self.slice(&token.span()).to_owned();
                        self.error(
                            token.span(),
                            Words::new(
                                format!("ここに `{found}` は書けません"),
                                format!("`{found}` cannot stand here"),
                            ),
                        );
                    }
                    self.skip_rest();
                    return;
                }
            }
        }
    }

    /// What may stand between a closing brace and the end of its node.
    fn after_children(&mut self) {
        loop {
            self.skip_space();
            match self.peek() {
                None => return,
                Some(t) if matches!(t.kind, Kind::Newline | Kind::LineComment | Kind::Close) => return,
                Some(t) if t.kind == Kind::Semicolon => {
                    self.at += 1;
                    return;
                }
                Some(t) if t.kind == Kind::Slashdash => {
                    self.take();
                    self.skip_lines();
                    match self.peek() {
                        Some(open) if open.kind == Kind::Open => drop(self.children(open)),
                        _ => self.nothing_behind_slashdash(t),
                    }
                }
                Some(t) => {
                    self.error(
                        t.span(),
                        Words::new(
                            "`}` の後は改行するか `;` を書いてください",
                            "expected a new line or `;` after `}`",
                        ),
                    );
                    // What stands here is read as a node of its own, to find what else is wrong.
                    return;
                }
            }
        }
    }

    /// The nodes between braces.
    fn children(&mut self, open: Token) -> Vec<Node> {
        if self.depth == DEPTH_MAX {
            self.error(
                open.span(),
                Words::new(
                    format!("入れ子が深すぎます。{DEPTH_MAX} 段までです。ここから先は読みません"),
                    format!("nested more than {DEPTH_MAX} levels deep; the file is not read beyond this"),
                ),
            );
            self.is_cut_off = true;
            return Vec::new();
        }
        self.take();
        self.depth += 1;
        let nodes = self.nodes();
        self.depth -= 1;
        if self.kind() == Some(Kind::Close) {
            self.take();
        } else if !self.is_cut_off {
            self.error(
                open.span(),
                Words::new("この `{` に対応する `}` がありません", "no `}` closes this `{`"),
            );
            // The braces around it are open for the same reason.
            self.is_cut_off = true;
        }
        nodes
    }

    /// An argument, or a property with its key. None where it could not be read, which is reported.
    fn entry(&mut self) -> Option<(Option<Spanned<String>>, Spanned<Value>)> {
        self.type_annotation();
        let first = self.peek()?;
        if !matches!(first.kind, Kind::Word | Kind::Quoted | Kind::Raw | Kind::WideQuoted) {
            return self.value().map(|value| (None, value));
        }
        let key = self.text_value()?;
        let (at, end) = (self.at, self.end);
        self.skip_space();
        if self.kind() != Some(Kind::Equals) {
            (self.at, self.end) = (at, end);
            return Some((None, Spanned { value: Value::String(key.value), span: key.span }));
        }
        let equals = self.peek()?;
        self.take();
        self.skip_space();
        self.type_annotation();
        if self.kind().is_some_and(is_value) {
            return self.value().map(|value| (Some(key), value));
        }
        if self.kind() != Some(Kind::Bad) {
            let message = Words::new(
                format!("`{}=` の後に値が必要です", key.value),
                format!("expected a value after `{}=`", key.value),
            );
            self.error(equals.span(), message);
        }
        None
    }

    /// A value of any type; none where it could not be read, which is reported.
    fn value(&mut self) -> Option<Spanned<Value>> {
        let token = self.peek()?;
        let span = token.span();
        match token.kind {
            Kind::Number => {
                self.take();
                let text = self.slice(&span);
                if let Some(value) = narrowed(text).as_deref().or(Some(text)).and_then(literal::number) {
                    return Some(Spanned { value, span });
                }
                let text = text.to_owned();
                self.needs_quotes(&text, &span);
                // Read as if quoted, so that nothing else is said about it.
                Some(Spanned { value: Value::String(text), span })
            }
            Kind::Keyword => {
                self.take();
                let text = self.slice(&span).to_owned();
                let value = literal::keyword(&text);
                if value.is_none() {
                    let message = Words::new(
                        format!("`#true`、`#false`、`#null` のいずれかが必要ですが `{text}` があります"),
                        format!("expected `#true`, `#false` or `#null`, not `{text}`"),
                    );
                    self.error(span.clone(), message);
                }
                value.map(|value| Spanned { value, span })
            }
            _ => self.text_value().map(|s| Spanned { value: Value::String(s.value), span: s.span }),
        }
    }

    /// A word or a string. None where there is neither; a string that could not be read is reported and is empty.
    fn text_value(&mut self) -> Option<Spanned<String>> {
        let token = self.peek()?;
        let span = token.span();
        let text = self.slice(&span).to_owned();
        let value = match token.kind {
            Kind::Word => {
                let word = narrowed(&text).unwrap_or(text);
                if matches!(word.as_str(), "true" | "false" | "null" | "inf" | "-inf" | "nan") {
                    self.needs_hash(&word, &span);
                }
                word
            }
            Kind::WideQuoted => {
                let inner = text.chars().next().map_or(0, char::len_utf8);
                let body = text.get(inner..).unwrap_or("");
                let close = body
                    .chars()
                    .next_back()
                    .filter(|c| matches!(c, '“' | '”' | '＂' | '〟' | '」' | '』' | '"'));
                body.get(..body.len() - close.map_or(0, char::len_utf8)).unwrap_or(body).to_owned()
            }
            Kind::Quoted | Kind::Raw => {
                let read = if token.kind == Kind::Raw { literal::raw(&text) } else { literal::quoted(&text) };
                read.unwrap_or_else(|(fault, within)| {
                    self.literal(&fault, span.start + within.start..span.start + within.end);
                    String::new()
                })
            }
            _ => return None,
        };
        self.take();
        Some(Spanned { value, span })
    }

    /// Reports and steps over a type annotation: policies use none.
    fn type_annotation(&mut self) {
        let Some(open) = self.peek().filter(|t| t.kind == Kind::ParenOpen) else { return };
        self.take();
        while self.kind().is_some_and(|k| is_value(k) || matches!(k, Kind::Space | Kind::BlockComment)) {
            self.take();
        }
        if self.kind() == Some(Kind::ParenClose) {
            self.take();
        }
        let span = open.span().start..self.end;
        self.error(span, Words::new("ポリシーでは型注釈を使いません", "policies use no type annotations"));
        self.skip_space();
    }

    /// Steps over the rest of a line that could not be read; what stands in braces is read all the same.
    fn skip_rest(&mut self) {
        self.is_partial = true;
        while let Some(token) = self.peek() {
            match token.kind {
                Kind::Newline | Kind::LineComment | Kind::Close => return,
                Kind::Semicolon => {
                    self.at += 1;
                    return;
                }
                Kind::Open => {
                    self.children(token);
                    return;
                }
                _ => self.at += 1,
            }
        }
    }
}

const fn is_value(kind: Kind) -> bool {
    matches!(kind, Kind::Word | Kind::Quoted | Kind::Raw | Kind::WideQuoted | Kind::Number | Kind::Keyword)
}
