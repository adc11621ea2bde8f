//! Tokens to nodes. What cannot be read is reported once and skipped up to the end of its line.

use std::ops::Range;

use super::lexer::{Fault, Kind, Token, lex};
use super::width::narrowed;
use super::{DEPTH_MAX, literal};
use crate::ast::{Node, Spanned, Value};
use crate::diagnostic::{Diagnostic, Label, Words};
use crate::language_rules::{FULL_WIDTH_PUNCTUATION, SYNTAX};
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

    fn nothing_behind_slashdash(&mut self, slashdash: Token) {
        self.error(
            slashdash.span(),
            Words::new("`/-` の後に無効にするものがありません", "nothing stands behind this `/-`"),
        );
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

    fn no_name(&mut self, span: Range<usize>) {
        // A token that the lexer has reported already is not reported again.
        if self.kind() != Some(Kind::Bad) {
            let found = self.slice(&span).chars().take(40).collect::<String>();
            self.error(
                span,
                Words::new(
                    format!("ノードの名前が必要ですが `{found}` があります"),
                    format!("expected the name of a node, not `{found}`"),
                ),
            );
        }
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

    fn needs_quotes(&mut self, text: &str, span: &Range<usize>) {
        let label = self.label(span.clone());
        let diagnostic = Diagnostic::error(
            SYNTAX.name,
            label.clone(),
            Words::new(format!("`{text}` は数ではありません"), format!("`{text}` is not a number")),
        )
        .help(Words::new("引用符で囲んでください", "put it in quotes"))
        .fix(&label, format!("\"{text}\""));
        self.report.push(diagnostic);
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

    fn needs_hash(&mut self, word: &str, span: &Range<usize>) {
        let label = self.label(span.clone());
        let diagnostic = Diagnostic::error(
            SYNTAX.name,
            label.clone(),
            Words::new(format!("`{word}` には `#` が必要です"), format!("`{word}` needs a `#`")),
        )
        .help(Words::new(
            format!("値なら `#{word}`、文字なら引用符で囲んで書いてください"),
            format!("write `#{word}` for the value, or put the word in quotes"),
        ))
        .fix(&label, format!("#{word}"));
        self.report.push(diagnostic);
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

    fn literal(&mut self, fault: &literal::Fault, span: Range<usize>) {
        let words = match fault {
            literal::Fault::Escape => Words::new(
                r"`\` の後には `n` `t` `r` `s` `b` `f` `u{…}` `\` `\x22` のいずれかが必要です"
                    .replace(r"\x22", "\""),
                r"expected one of `n` `t` `r` `s` `b` `f` `u{…}` `\` `\x22` after `\`".replace(r"\x22", "\""),
            ),
            literal::Fault::CodePoint => Words::new(
                r"`\u{…}` には 16 進 1〜6 桁の文字番号が必要です",
                r"expected the number of a character in `\u{…}`, 1 to 6 hexadecimal digits",
            ),
            literal::Fault::Indent => Words::new(
                "閉じる `\"\"\"` より左から始まる行があります",
                "a line begins left of the closing `\"\"\"`",
            ),
            literal::Fault::ClosingLine => Words::new(
                "閉じる `\"\"\"` は行の最初に書いてください",
                "the closing `\"\"\"` must stand first on its line",
            ),
        };
        self.error(span, words);
    }

    fn lexical(&mut self, fault: Fault, span: Range<usize>) {
        let text = self.slice(&span).chars().take(40).collect::<String>();
        let words = match fault {
            Fault::FullWidth => return self.full_width(&span),
            Fault::UnclosedComment => {
                self.is_partial = true;
                Words::new("この注釈に対応する `*/` がありません", "no `*/` closes this comment")
            }
            Fault::UnclosedString => Words::new("引用符が閉じられていません", "this quotation is not closed"),
            Fault::TextAfterTripleQuote => {
                Words::new("`\"\"\"` の後は改行してください", "expected a new line after `\"\"\"`")
            }
            Fault::Forbidden => Words::new(
                format!("目に見えない文字 U+{:04X} は使えません", text.chars().next().map_or(0, u32::from)),
                format!(
                    "the invisible character U+{:04X} may not be used",
                    text.chars().next().map_or(0, u32::from)
                ),
            ),
            Fault::Stray => Words::new(
                format!("引用符の外に `{text}` は書けません"),
                format!("`{text}` cannot stand outside quotes"),
            ),
            Fault::StrayBackslash => {
                Words::new(r"`\` は行の最後にだけ書けます", r"`\` can only stand at the end of a line")
            }
        };
        self.error(span, words);
    }

    fn full_width(&mut self, span: &Range<usize>) {
        let text = self.slice(span);
        let shown: String = text.chars().take(40).collect();
        let replacement = match text.chars().next().map(|open| (open, super::width::closing_quote(open))) {
            Some((open, Some(close))) => {
                let body = text.strip_prefix(open).unwrap_or(text);
                let body = body.strip_suffix([close, '"']).unwrap_or(body);
                format!("\"{body}\"")
            }
            _ if matches!(text, "，" | "、") => " ".to_owned(),
            _ => narrowed(text).unwrap_or_default(),
        };
        let label = self.label(span.clone());
        let diagnostic = Diagnostic::error(
            FULL_WIDTH_PUNCTUATION.name,
            label.clone(),
            Words::new(
                format!("全角の文字が使われています: `{shown}`"),
                format!("a full-width sign is used: `{shown}`"),
            ),
        )
        .help(Words::new("半角で書いてください", "write it half-width"))
        .fix(&label, replacement);
        self.report.push(diagnostic);
    }
}

const fn is_value(kind: Kind) -> bool {
    matches!(kind, Kind::Word | Kind::Quoted | Kind::Raw | Kind::WideQuoted | Kind::Number | Kind::Keyword)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::source::Files;

    fn read(text: &str) -> (String, Vec<String>) {
        let mut files = Files::default();
        let file = files.add("a.kdl", text);
        let mut report = Report::default();
        let nodes = parse(file, text, &mut report).0;
        let mut out = String::new();
        for node in &nodes {
            show(node, &mut out);
        }
        let said =
            report.finish().0.iter().map(|d| format!("{:?} {}", d.primary.span, d.message.en)).collect();
        (out, said)
    }

    fn show(node: &Node, out: &mut String) {
        out.push_str(&node.name.value);
        for arg in &node.args {
            let _ = write!(out, " {:?}", arg.value);
        }
        for (key, value) in &node.props {
            let _ = write!(out, " {}={:?}", key.value, value.value);
        }
        if !node.children.is_empty() {
            out.push('{');
            for child in &node.children {
                show(child, out);
            }
            out.push('}');
        }
        out.push(';');
    }

    #[test]
    fn nodes_are_read_with_arguments_properties_and_children() {
        let (tree, said) = read("a 1 \"x\" k = #true { b; c /-d /-{ e } } // g\n/- h { i }\nj \\\n  k");
        assert_eq!(tree, "a Integer(1) String(\"x\") k=Bool(true){b;c;};j String(\"k\");");
        assert_eq!(said, [""; 0]);
    }

    #[test]
    fn what_is_broken_is_reported_once_and_the_rest_is_read() {
        let (tree, said) = read("a \"x\nb 2019-12-11\nc = 1\nd true { e }\n}");
        assert_eq!(tree, "a;b String(\"2019-12-11\");c;d String(\"true\"){e;};");
        assert_eq!(
            said,
            [
                "2..4 this quotation is not closed",
                "7..17 `2019-12-11` is not a number",
                "20..21 `=` cannot stand here",
                "26..30 `true` needs a `#`",
                "37..38 no `{` stands before this `}`",
            ]
        );
    }

    #[test]
    fn full_width_signs_break_nothing_else() {
        let (tree, said) = read("a version＝“２” ｛ ja 「位置」； b ｝");
        assert_eq!(tree, "a version=String(\"２\"){ja String(\"位置\");b;};");
        assert!(said.iter().all(|s| s.contains("full-width")), "{said:?}");
    }

    #[test]
    fn depth_and_size_cost_no_stack_and_little_time() {
        let deep = "a {".repeat(200_000);
        assert_eq!(read(&deep).1.len(), 1);
        for hostile in ["}", "/-", "(", "\"", "=", "/*", "{", "\\", "/-{a ", "#\"", "a=", "“", "\u{202e}"] {
            let (_, said) = read(&hostile.repeat(100_000));
            assert!(!said.is_empty(), "{hostile}");
        }
    }
}
