//! Characters that nobody sees and that would reach pages, feeds and terminals all the same: those that steer a terminal,
//! those that turn text around, and those without width within a name.
//!
//! KDL refuses most of them as they stand. An escape writes them nevertheless, and so does a character reference of Markdown; and
//! whoever reads a policy reads its comments too.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag};

use crate::ast::{Node, Spanned, Value};
use crate::diagnostic::{Diagnostic, Label, Words};
use crate::language_rules::INVISIBLE_CHARACTER;
use crate::report::Report;
use crate::source::FileId;
use crate::syntax::lexer::{Kind, is_forbidden, is_newline, lex};

/// Why a character may not stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unseen {
    /// It is no part of any text: a control character other than the tabulator and the line end, a byte order mark.
    Control,
    /// It is a tag: a second, unseen alphabet, in which whole sentences can stand behind a word. What it is for, the flags of
    /// a few regions, no policy says anything with, so that it is refused in texts too.
    Tag,
    /// It turns the direction of writing, so that what is read is not what is written.
    Turning,
    /// It has no width: in a text it guides where lines break and how signs are joined, and two names that look the same
    /// are not.
    Widthless,
}

impl Unseen {
    const fn of(c: char) -> Option<Self> {
        match c {
            '\t' | '\n' => None,
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{feff}' => Some(Self::Control),
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                Some(Self::Turning)
            }
            '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' => Some(Self::Widthless),
            '\u{e0000}'..='\u{e007f}' => Some(Self::Tag),
            _ => None,
        }
    }

    /// The reason for which a character may not stand in a text, which people read, or in anything else.
    fn within(c: char, is_text: bool) -> Option<Self> {
        Self::of(c).filter(|unseen| !is_text || *unseen != Self::Widthless)
    }
}

/// Whether the character has no place in a message, nor in the name of a file.
#[must_use]
pub const fn is_unseen(c: char) -> bool {
    matches!(c, '\t' | '\n') || Unseen::of(c).is_some()
}

/// Whether a policy that holds the character is refused (`invisible-character`): in a text, which people read, or in anything
/// else. Whoever writes a policy leaves these out.
#[must_use]
pub fn is_refused(c: char, is_text: bool) -> bool {
    Unseen::within(c, is_text).is_some()
}

/// Reports the unseen characters of a file of the policy: those of all values, which are taken out of the tree, so that nothing
/// else is said about them, and those of what is in no node.
pub(crate) fn refuse(nodes: &mut [Node], file: FileId, text: &str, report: &mut Report) {
    let mut told = BTreeSet::new();
    in_values(nodes, text, &mut told, report);
    in_no_node(file, text, &told, report);
}

/// Reports the unseen characters of all values. `told` are the bytes at which the values begin that have some.
fn in_values(nodes: &mut [Node], text: &str, told: &mut BTreeSet<usize>, report: &mut Report) {
    for node in nodes {
        let (file, is_text) = (node.file, matches!(node.name.value.as_str(), "ja" | "en"));
        let mut clean = |value: &mut String, span: &Range<usize>, is_text: bool| {
            if value.chars().any(|c| is_refused(c, is_text)) {
                value.retain(|c| !is_refused(c, is_text));
                report_within(text, file, span, is_text, report);
                told.insert(span.start);
            }
        };
        clean(&mut node.name.value, &node.name.span, false);
        for (key, _) in &mut node.props {
            clean(&mut key.value, &key.span, false);
        }
        for Spanned { value, span } in node.args.iter_mut().chain(node.props.iter_mut().map(|(_, v)| v)) {
            if let Value::String(value) = value {
                clean(value, span, is_text);
            }
        }
        in_values(&mut node.children, text, told, report);
    }
}

/// Reports the unseen characters of comments and of what `/-` takes out, as they stand.
fn in_no_node(file: FileId, text: &str, told: &BTreeSet<usize>, report: &mut Report) {
    let within = |c: char| Unseen::within(c, true).filter(|_| !is_newline(c));
    if !text.chars().any(|c| within(c).is_some()) {
        return;
    }
    for token in lex(text).0.into_iter().filter(|token| !told.contains(&token.span().start)) {
        // Outside of comments KDL has refused some of them already.
        let is_comment = matches!(token.kind, Kind::LineComment | Kind::BlockComment | Kind::Escline);
        let start = token.span().start;
        let found = text
            .get(token.span())
            .unwrap_or("")
            .char_indices()
            .filter(|(_, c)| is_comment || !is_forbidden(*c))
            .filter_map(|(at, c)| Some((start + at..start + at + c.len_utf8(), c, within(c)?)));
        for (at, c, unseen) in runs(found) {
            let at = Label::new(file, at);
            report.push(removing(refused(at.clone(), c), &at, unseen));
        }
    }
}

/// Reports the unseen characters of a value, those that stand beside each other together.
fn report_within(text: &str, file: FileId, span: &Range<usize>, is_text: bool, report: &mut Report) {
    let token = text.get(span.clone()).unwrap_or("");
    let found = written(token).into_iter().filter_map(|(at, c)| Some((at, c, Unseen::within(c, is_text)?)));
    for (at, c, unseen) in runs(found) {
        let at = Label::new(file, span.start + at.start..span.start + at.end);
        report.push(removing(refused(at.clone(), c), &at, unseen));
    }
}

/// The characters of a value with the bytes of its token that write them: by themselves, or as an escape.
fn written(token: &str) -> Vec<(Range<usize>, char)> {
    let is_raw = token.starts_with('#');
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = token.get(at..).filter(|rest| !rest.is_empty()) {
        let (len, c) = match rest.chars().next() {
            Some('\\') if !is_raw => escape(rest.get(1..).unwrap_or("")),
            // A line end in a text over several lines is read as `\n`, whatever it is written as.
            Some(c) if is_newline(c) => (c.len_utf8(), '\n'),
            Some(c) => (c.len_utf8(), c),
            None => break,
        };
        found.push((at..at + len, c));
        at += len;
    }
    found
}

/// The length of an escape whose backslash stands before `after`, and what it writes.
fn escape(after: &str) -> (usize, char) {
    match after.chars().next() {
        Some('b') => (2, '\u{8}'),
        Some('f') => (2, '\u{c}'),
        Some('r') => (2, '\r'),
        Some('u') => {
            let digits =
                after.strip_prefix("u{").and_then(|r| r.split_once('}')).map_or("", |(digits, _)| digits);
            let c = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
            c.map_or((2, 'u'), |c| (digits.len() + "\\u{}".len(), c))
        }
        Some(c) => (1 + c.len_utf8(), ' '),
        None => (1, ' '),
    }
}

/// Joins characters that stand beside each other and are refused for the same reason; the first of them stands for all.
fn runs(found: impl Iterator<Item = (Range<usize>, char, Unseen)>) -> Vec<(Range<usize>, char, Unseen)> {
    let mut runs: Vec<(Range<usize>, char, Unseen)> = Vec::new();
    for (at, c, unseen) in found {
        match runs.last_mut() {
            Some((last, _, why)) if last.end == at.start && *why == unseen => last.end = at.end,
            _ => runs.push((at, c, unseen)),
        }
    }
    runs
}

/// Reports the unseen characters that a notice holds as they stand.
pub(crate) fn in_notice(text: &str, file: FileId, report: &mut Report) {
    let found = text
        .char_indices()
        .filter(|(_, c)| *c != '\r')
        .filter_map(|(at, c)| Some((at..at + c.len_utf8(), c, Unseen::within(c, true)?)));
    for (at, c, unseen) in runs(found) {
        let at = Label::new(file, at);
        report.push(removing(refused(at.clone(), c), &at, unseen));
    }
}

/// Reports an unseen character that a part of a notice has by a character reference: `&#x202e;`.
pub(crate) fn referenced(
    event: &Event<'_>,
    text: &str,
    file: FileId,
    range: &Range<usize>,
    report: &mut Report,
) {
    let parts: [&str; 2] = match event {
        Event::Text(text) => [text, ""],
        Event::Start(Tag::Link { dest_url, title, .. } | Tag::Image { dest_url, title, .. }) => {
            [dest_url, title]
        }
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => [language, ""],
        _ => return,
    };
    let source = text.get(range.clone()).unwrap_or("");
    // What stands there as it is has been reported already.
    let unseen = |c: char| Some((c, Unseen::within(c, true).filter(|_| c != '\r' && !source.contains(c))?));
    let Some((c, unseen)) = parts.iter().flat_map(|part| part.chars()).find_map(unseen) else { return };
    let at = Label::new(file, range.clone());
    let diagnostic = refused(at.clone(), c);
    let is_reference = source.starts_with('&') && source.find(';') == Some(source.len() - 1);
    report.push(if is_reference { removing(diagnostic, &at, unseen) } else { diagnostic.help(help(unseen)) });
}

fn refused(at: Label, c: char) -> Diagnostic {
    let message = Words::new(
        format!("目に見えない文字 U+{:04X} は使えません", u32::from(c)),
        format!("the invisible character U+{:04X} may not be used", u32::from(c)),
    );
    Diagnostic::error(INVISIBLE_CHARACTER.name, at, message)
}

/// With what mends it. Without a character that turns text around the rest may have to be written in another order.
fn removing(diagnostic: Diagnostic, at: &Label, unseen: Unseen) -> Diagnostic {
    let diagnostic = diagnostic.help(help(unseen));
    if unseen == Unseen::Turning { diagnostic.suggest(at, "") } else { diagnostic.fix(at, "") }
}

fn help(unseen: Unseen) -> Words {
    match unseen {
        Unseen::Turning => Words::new(
            "文字の向きを変えています。消して、読む順に書いてください",
            "it turns the direction of writing: take it out, and write in the order in which it is read",
        ),
        Unseen::Control | Unseen::Tag | Unseen::Widthless => Words::new("消してください", "take it out"),
    }
}
