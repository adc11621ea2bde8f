//! Text to tokens. The tokens cover the text without a gap, so that the formatter loses nothing.

use std::ops::Range;

use super::width::{closing_quote, half_width};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Spaces and tabs, the full-width space among them.
    Space,
    /// One line end.
    Newline,
    /// `// …` up to the line end.
    LineComment,
    /// `/* … */`, nested ones included.
    BlockComment,
    /// `\`, spaces, perhaps a comment, and the line end that it takes back.
    Escline,
    /// `/-`
    Slashdash,
    /// `{`
    Open,
    /// `}`
    Close,
    /// `(` of a type annotation.
    ParenOpen,
    /// `)`
    ParenClose,
    /// `=`
    Equals,
    /// `;`
    Semicolon,
    /// A bare word.
    Word,
    /// What begins like a number.
    Number,
    /// `"…"`, or `"""` over several lines.
    Quoted,
    /// `#"…"#`, or over several lines.
    Raw,
    /// A text in full-width quotes; reported, and read as if quoted.
    WideQuoted,
    /// `#true` and the like.
    Keyword,
    /// What fits nothing; reported.
    Bad,
}

/// A token with its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    start: u32,
    end: u32,
}

impl Token {
    fn new(kind: Kind, span: &Range<usize>) -> Self {
        // Files are limited to a few MiB before they come here.
        let offset = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { kind, start: offset(span.start), end: offset(span.end) }
    }

    /// Its bytes.
    pub(crate) fn span(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// What is wrong with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A string that does not end on its line, or before the file does.
    UnclosedString,
    /// `"""` with text behind it on its line.
    TextAfterTripleQuote,
    /// A block comment that does not end.
    UnclosedComment,
    /// A control or invisible character.
    Forbidden,
    /// A sign that has no place outside quotes.
    Stray,
    /// `\` that is not followed by the line end.
    StrayBackslash,
    /// A full-width sign where the language wants its ASCII sign.
    FullWidth,
}

/// Splits a text into tokens, and tells what is wrong with some.
pub(crate) fn lex(text: &str) -> (Vec<Token>, Vec<(Fault, Range<usize>)>) {
    let mut lexer = Lexer { text, at: 0, tokens: Vec::new(), faults: Vec::new() };
    while let Some(c) = lexer.peek() {
        let start = lexer.at;
        let kind = lexer.token(c);
        if lexer.at == start {
            // Never reached with the branches below; moving on is what keeps this loop finite whatever they do.
            lexer.bump(c);
        }
        lexer.tokens.push(Token::new(kind, &(start..lexer.at)));
    }
    (lexer.tokens, lexer.faults)
}

/// Whether KDL counts the character as a line end.
pub(crate) const fn is_newline(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether KDL counts the character as a space within a line.
pub(crate) const fn is_space(c: char) -> bool {
    matches!(
        c,
        '\t' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

/// Whether the character may not stand in a file at all: control characters, and those that turn text around unseen.
pub(crate) const fn is_forbidden(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{8}'
            | '\u{e}'..='\u{1f}'
            | '\u{7f}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}'
    )
}

const fn is_word(c: char) -> bool {
    !is_newline(c)
        && !is_space(c)
        && !is_forbidden(c)
        && !matches!(c, '\\' | '/' | '(' | ')' | '{' | '}' | ';' | '[' | ']' | '"' | '#' | '=')
        && !matches!(
            c,
            '｛' | '｝' | '；' | '＝' | '＂' | '“' | '”' | '「' | '」' | '，' | '、' | '（' | '）' | '＃'
        )
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token>,
    faults: Vec<(Fault, Range<usize>)>,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    const fn bump(&mut self, c: char) {
        self.at += c.len_utf8();
    }

    fn take_while(&mut self, accept: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.find(|c| !accept(c)).unwrap_or(rest.len());
    }

    fn fault(&mut self, fault: Fault, span: Range<usize>) {
        self.faults.push((fault, span));
    }

    /// Reads one token that begins with `c`.
    fn token(&mut self, c: char) -> Kind {
        let start = self.at;
        match c {
            c if is_newline(c) => {
                self.at += if self.rest().starts_with("\r\n") { 2 } else { c.len_utf8() };
                Kind::Newline
            }
            c if is_space(c) => {
                self.take_while(is_space);
                Kind::Space
            }
            '/' => self.slash(),
            '\\' => self.escline(),
            '"' => self.quoted(0),
            '#' => self.hash(),
            '“' | '”' | '„' | '＂' | '〝' | '「' | '『' => self.wide_quoted(c),
            '{' | '}' | '(' | ')' | '=' | ';' => {
                self.bump(c);
                sign(c)
            }
            '｛' | '｝' | '（' | '）' | '＝' | '；' => {
                self.bump(c);
                self.fault(Fault::FullWidth, start..self.at);
                half_width(c).map_or(Kind::Bad, sign)
            }
            '，' | '、' => {
                self.bump(c);
                self.fault(Fault::FullWidth, start..self.at);
                Kind::Space
            }
            c if is_forbidden(c) => {
                self.take_while(is_forbidden);
                self.fault(Fault::Forbidden, start..self.at);
                Kind::Bad
            }
            c if is_word(c) => self.word(c),
            c => {
                self.bump(c);
                self.fault(Fault::Stray, start..self.at);
                Kind::Bad
            }
        }
    }

    fn slash(&mut self) -> Kind {
        let start = self.at;
        let rest = self.rest();
        if rest.starts_with("//") {
            self.take_while(|c| !is_newline(c));
            Kind::LineComment
        } else if rest.starts_with("/*") {
            self.block_comment();
            Kind::BlockComment
        } else if rest.starts_with("/-") {
            self.at += 2;
            Kind::Slashdash
        } else {
            self.at += 1;
            self.fault(Fault::Stray, start..self.at);
            Kind::Bad
        }
    }

    fn block_comment(&mut self) {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut depth = 0_usize;
        while let Some(pair) = bytes.get(self.at..self.at + 2) {
            match pair {
                b"/*" => {
                    depth += 1;
                    self.at += 2;
                }
                b"*/" => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return;
                    }
                }
                _ => self.at += 1,
            }
        }
        self.at = self.text.len();
        self.fault(Fault::UnclosedComment, start..start + 2);
    }

    fn escline(&mut self) -> Kind {
        let start = self.at;
        self.at += 1;
        self.take_while(is_space);
        if self.rest().starts_with("//") {
            self.take_while(|c| !is_newline(c));
        }
        match self.peek() {
            None => Kind::Escline,
            Some(c) if is_newline(c) => {
                self.at += if self.rest().starts_with("\r\n") { 2 } else { c.len_utf8() };
                Kind::Escline
            }
            Some(_) => {
                self.at = start + 1;
                self.fault(Fault::StrayBackslash, start..self.at);
                Kind::Bad
            }
        }
    }

    fn hash(&mut self) -> Kind {
        let start = self.at;
        let hashes = self.rest().chars().take_while(|c| *c == '#').count();
        if self.text.as_bytes().get(start + hashes) == Some(&b'"') {
            self.at += hashes;
            return self.quoted(hashes);
        }
        self.at += hashes;
        self.take_while(is_word);
        if hashes == 1 && self.at > start + 1 {
            return Kind::Keyword;
        }
        self.fault(Fault::Stray, start..self.at);
        Kind::Bad
    }

    /// A string from its first quote on; `hashes` are behind us for a raw one, 0 for one with escapes.
    fn quoted(&mut self, hashes: usize) -> Kind {
        let start = self.at - hashes;
        let kind = if hashes == 0 { Kind::Quoted } else { Kind::Raw };
        let triple = self.rest().starts_with("\"\"\"");
        // `""` followed by another quote opens a text of several lines; `""` alone is the empty string.
        let quotes = if triple { "\"\"\"" } else { "\"" };
        self.at += quotes.len();
        if triple && !self.peek().is_some_and(is_newline) {
            self.take_while(|c| c != '"' && !is_newline(c));
            self.take_while(|c| c == '"' || c == '#');
            self.fault(Fault::TextAfterTripleQuote, start..self.at);
            return Kind::Bad;
        }
        let close = format!("{quotes}{}", "#".repeat(hashes));
        while let Some(c) = self.peek() {
            if c == '"' && self.rest().starts_with(&close) {
                self.at += close.len();
                return kind;
            }
            if !triple && is_newline(c) {
                self.fault(Fault::UnclosedString, start..self.at);
                return Kind::Bad;
            }
            if is_forbidden(c) {
                self.fault(Fault::Forbidden, self.at..self.at + c.len_utf8());
            }
            self.bump(c);
            if c == '\\' && hashes == 0 {
                self.escape();
            }
        }
        self.fault(Fault::UnclosedString, start..start + hashes + quotes.len());
        Kind::Bad
    }

    /// Steps over what a backslash in a string takes with it: one character, or all space up to the next text.
    fn escape(&mut self) {
        let from = self.at;
        self.take_while(|c| is_space(c) || is_newline(c));
        if self.at == from
            && let Some(c) = self.peek()
        {
            self.bump(c);
        }
    }

    fn wide_quoted(&mut self, open: char) -> Kind {
        let start = self.at;
        self.bump(open);
        let close = closing_quote(open);
        self.take_while(|c| Some(c) != close && c != '"' && !is_newline(c));
        if let Some(c) = self.peek()
            && (Some(c) == close || c == '"')
        {
            self.bump(c);
        }
        self.fault(Fault::FullWidth, start..self.at);
        Kind::WideQuoted
    }

    fn word(&mut self, first: char) -> Kind {
        let start = self.at;
        self.take_while(is_word);
        let word = self.text.get(start..self.at).unwrap_or("");
        if word.chars().any(|c| half_width(c).is_some()) {
            self.fault(Fault::FullWidth, start..self.at);
        }
        let mut after_sign = word.strip_prefix(['+', '-']).unwrap_or(word).chars();
        let lead = after_sign.next();
        let dotted_digit = lead == Some('.') && after_sign.next().is_some_and(|c| c.is_ascii_digit());
        if first.is_ascii_digit() || lead.is_some_and(|c| c.is_ascii_digit()) || dotted_digit {
            Kind::Number
        } else {
            Kind::Word
        }
    }
}

const fn sign(c: char) -> Kind {
    match c {
        '{' => Kind::Open,
        '}' => Kind::Close,
        '(' => Kind::ParenOpen,
        ')' => Kind::ParenClose,
        '=' => Kind::Equals,
        ';' => Kind::Semicolon,
        _ => Kind::Bad,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_cover_the_text_without_a_gap() {
        for text in [
            "policy carrier version=\"1\" { a; b } // c\n/* x /* y */ */ /-d \\ // e\n f #\"g\"# \"\"\"\n h\n \"\"\"",
            "“a” ｛ b＝1 ｝ \u{0} [ ] / \\ x \"open",
            "/* never",
            "\"\"\"x\"\"\" ###x ##\"a\"# 1.5e+3",
        ] {
            let mut at = 0;
            for token in lex(text).0 {
                assert_eq!(token.span().start, at, "{text}");
                at = token.span().end;
            }
            assert_eq!(at, text.len(), "{text}");
        }
    }

    #[test]
    fn full_width_signs_are_read_as_meant_and_reported() {
        let (tokens, faults) = lex("ja＝“位置” ｛");
        let kinds: Vec<Kind> = tokens.iter().map(|t| t.kind).collect();
        assert_eq!(kinds, [Kind::Word, Kind::Equals, Kind::WideQuoted, Kind::Space, Kind::Open]);
        assert_eq!(faults.len(), 3);
        assert!(faults.iter().all(|(f, _)| *f == Fault::FullWidth));
    }
}
