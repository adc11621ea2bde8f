//! What the parser says.

use std::ops::Range;

use super::Parser;
use crate::diagnostic::{Diagnostic, Words};
use crate::language_rules::{FULL_WIDTH_PUNCTUATION, SYNTAX};
use crate::syntax::lexer::{Fault, Kind, Token};
use crate::syntax::literal;
use crate::syntax::width::{closing_quote, narrowed};

impl Parser<'_, '_> {
    pub(super) fn nothing_behind_slashdash(&mut self, slashdash: Token) {
        self.error(
            slashdash.span(),
            Words::new("`/-` の後に無効にするものがありません", "nothing stands behind this `/-`"),
        );
    }

    pub(super) fn no_name(&mut self, span: Range<usize>) {
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

    pub(super) fn needs_quotes(&mut self, text: &str, span: &Range<usize>) {
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

    pub(super) fn needs_hash(&mut self, word: &str, span: &Range<usize>) {
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
        .suggest(&label, format!("#{word}"));
        self.report.push(diagnostic);
    }

    pub(super) fn literal(&mut self, fault: &literal::Fault, span: Range<usize>) {
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

    pub(super) fn lexical(&mut self, fault: Fault, span: Range<usize>) {
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

    pub(super) fn full_width(&mut self, span: &Range<usize>) {
        let text = self.slice(span);
        let shown: String = text.chars().take(40).collect();
        let replacement = match text.chars().next().map(|open| (open, closing_quote(open))) {
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
