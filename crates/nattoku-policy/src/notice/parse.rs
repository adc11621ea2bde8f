//! Markdown to sections and blocks. Raw HTML is text here: a notice has no markup but Markdown's.

use std::collections::BTreeSet;
use std::ops::Range;

use nattoku_model::Language;
use nattoku_model::policy::Rule;
use pulldown_cmark::{
    CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html,
};

use super::prose::is_address;
use super::{Block, Directive, Notice, Piece, Section};
use crate::diagnostic::{Diagnostic, Label, Words};
use crate::index::Use;
use crate::language_rules::{DUPLICATE_NAME, MALFORMED_NOTICE};
use crate::resolve::Scope;
use crate::resolve::names::NameKind;
use crate::resolve::scope::short;
use crate::source::FileId;
use crate::unseen;

/// Marks the place of a value within rendered HTML; no notice's own text keeps these two characters, written as they are or
/// as a character reference.
const MARK_OPEN: char = '\u{e000}';
const MARK_CLOSE: char = '\u{e001}';

/// Deepest nesting of lists, quotations and emphasis that is read; as deep as nodes may stand in one another.
const DEPTH_MAX: usize = 64;

type Events<'t> = Vec<(Event<'t>, Range<usize>)>;

/// Reads a notice; what is wrong with it is reported.
pub(crate) fn parse(language: Language, file: FileId, text: &str, scope: &mut Scope<'_>) -> Notice {
    let notice = Notice {
        language,
        file,
        title: String::new(),
        intro: Vec::new(),
        states: Vec::new(),
        sections: Vec::new(),
    };
    unseen::in_notice(text, file, scope.report);
    // As many bytes as the marks, so that every place stays where it is.
    let text = &text.replace([MARK_OPEN, MARK_CLOSE], "\u{fffd}");
    let mut reader = Reader { file, text, scope, notice, anchors: BTreeSet::new() };
    let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES;
    let mut block: Events<'_> = Vec::new();
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        unseen::referenced(&event, reader.text, file, &range, reader.scope.report);
        match event {
            Event::Start(_) => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        block.push((event, range));
        if depth == 0 {
            let block = std::mem::take(&mut block);
            if std::mem::take(&mut deepest) > DEPTH_MAX {
                reader.too_deep(&block);
            } else {
                reader.block(block);
            }
        }
    }
    reader.finish()
}

struct Reader<'t, 's, 'r> {
    file: FileId,
    text: &'t str,
    scope: &'s mut Scope<'r>,
    notice: Notice,
    anchors: BTreeSet<String>,
}

impl<'t> Reader<'t, '_, '_> {
    fn at(&self, range: &Range<usize>) -> Label {
        let end = range.start + self.text.get(range.clone()).map_or(0, |t| t.trim_end().len());
        Label::new(self.file, range.start..end)
    }

    fn malformed(&mut self, at: Label, message: Words, help: Words) {
        self.scope.report.push(Diagnostic::error(MALFORMED_NOTICE.name, at, message).help(help));
    }

    /// Refuses a block whose parts stand in one another deeper than anybody reads.
    fn too_deep(&mut self, events: &Events<'t>) {
        let Some((_, range)) = events.first() else { return };
        let at = self.at(&(range.start..range.start));
        let message = Words::new(
            format!("この段落は {DEPTH_MAX} 段より深く入れ子になっています"),
            format!("this block is nested more than {DEPTH_MAX} deep"),
        );
        let help = Words::new("入れ子を浅くしてください", "nest lists and quotations less deeply");
        self.malformed(at, message, help);
    }

    /// Takes in one block with everything it holds.
    fn block(&mut self, events: Events<'t>) {
        let Some((first, range)) = events.first() else { return };
        let range = range.clone();
        if let Event::Start(Tag::Heading { level, id, .. }) = first {
            let (level, id) = (*level, id.clone());
            return self.heading(level, id.as_deref(), &events, &range);
        }
        if let Some(directive) = self.text.get(range.clone()).and_then(alone).and_then(find_directive) {
            let at = self.at(&range);
            self.push(Block::Directive(directive, at));
            return;
        }
        for part in parts(events) {
            match part {
                Part::Directive(directive, range) => {
                    let at = self.at(&range);
                    self.push(Block::Directive(directive, at));
                }
                Part::Prose(events) => {
                    let pieces = self.prose(events);
                    if pieces.iter().any(|p| !matches!(p, Piece::Html(h) if is_empty(h))) {
                        self.push(Block::Prose(pieces));
                    }
                }
            }
        }
    }

    fn push(&mut self, block: Block) {
        match self.notice.sections.last_mut() {
            Some(section) => section.blocks.push(block),
            None => self.notice.intro.push(block),
        }
    }

    fn heading(&mut self, level: HeadingLevel, id: Option<&str>, events: &Events<'t>, range: &Range<usize>) {
        let at = self.at(range);
        let heading: String = events
            .iter()
            .filter_map(|(event, _)| match event {
                Event::Text(t) | Event::Code(t) | Event::InlineHtml(t) => Some(t.as_ref()),
                Event::SoftBreak | Event::HardBreak => Some(" "),
                _ => None,
            })
            .collect();
        let heading = heading.trim().to_owned();
        if let Some(word) = words_in_braces(&heading).next() {
            let message = Words::new(
                format!("見出しに `{{{}}}` は使えません", short(word)),
                format!("`{{{}}}` cannot stand in a heading", short(word)),
            );
            let help = Words::new("本文に書いてください", "write it in the text below");
            self.malformed(at.clone(), message, help);
        }
        let level = match level {
            HeadingLevel::H1 => return self.title(heading, at),
            HeadingLevel::H2 => 2,
            HeadingLevel::H3 => 3,
            _ => {
                let message = Words::new("見出しが深すぎます", "this heading is too deep");
                let help = Words::new("`##` か `###` を使ってください", "use `##` or `###`");
                return self.malformed(at, message, help);
            }
        };
        let anchor = id.unwrap_or_default().to_owned();
        if anchor.is_empty()
            || !anchor.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c))
        {
            let message = Words::new(
                format!("見出し「{}」にアンカーがありません", short(&heading)),
                format!("the heading `{}` has no anchor", short(&heading)),
            );
            let help = Words::new(
                "行の最後に `{#purposes}` のように書いてください（英小文字、数字、`-`、`_`）",
                "write one such as `{#purposes}` at the end of the line, with lower-case letters, digits, `-` and `_`",
            );
            self.malformed(at.clone(), message, help);
        } else if !self.anchors.insert(anchor.clone()) {
            let message = Words::new(
                format!("アンカー `{anchor}` が二度使われています"),
                format!("the anchor `{anchor}` is used twice"),
            );
            self.scope.error(DUPLICATE_NAME.name, at.clone(), message);
        }
        self.notice.sections.push(Section {
            anchor,
            level,
            heading,
            label: at,
            blocks: Vec::new(),
            states: Vec::new(),
        });
    }

    fn title(&mut self, title: String, at: Label) {
        if self.notice.title.is_empty() && self.notice.sections.is_empty() {
            self.notice.title = title;
            return;
        }
        let message =
            Words::new("題名 `#` は最初に一つだけ書けます", "a title `#` stands once, at the beginning");
        let help = Words::new("章には `##` を使ってください", "use `##` for a section");
        self.malformed(at, message, help);
    }

    /// The pieces of a block of prose.
    fn prose(&mut self, events: Events<'t>) -> Vec<Piece> {
        let mut values: Vec<Piece> = Vec::new();
        let mut out: Vec<Event<'t>> = Vec::new();
        let mut is_code = false;
        // For each open link whether it is kept: an address in angle brackets may stand within another link.
        let mut links: Vec<bool> = Vec::new();
        for (event, range) in merged(events) {
            match event {
                Event::End(TagEnd::Link) if links.pop() == Some(false) => {}
                Event::Text(text) if !is_code => self.words(&text, &range, &mut values, &mut out),
                Event::Start(Tag::CodeBlock(kind)) => {
                    is_code = true;
                    out.push(Event::Start(Tag::CodeBlock(match kind {
                        CodeBlockKind::Fenced(language) => CodeBlockKind::Fenced(unmarked(&language)),
                        CodeBlockKind::Indented => CodeBlockKind::Indented,
                    })));
                }
                Event::End(TagEnd::CodeBlock) => {
                    is_code = false;
                    out.push(event);
                }
                Event::Start(Tag::Link { link_type, ref dest_url, .. })
                    if !matches!(link_type, LinkType::Email) && !is_address(dest_url) =>
                {
                    let message = Words::new(
                        format!("`{}` へのリンクは書けません", short(dest_url)),
                        format!("a link cannot point to `{}`", short(dest_url)),
                    );
                    let help = Words::new(
                        "`https://`、`mailto:`、`tel:` で始まる、または通知のページに対する相対のアドレスを書いてください",
                        "use an address with `https://`, `mailto:` or `tel:`, or one relative to the notice",
                    );
                    let at = self.at(&range);
                    self.malformed(at, message, help);
                    links.push(false);
                }
                Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                    links.push(true);
                    let title = unmarked(&title);
                    out.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
                }
                // Only sections and their parts have anchors, and no heading has an attribute that a browser would run.
                Event::Start(Tag::Heading { level, .. }) => {
                    out.push(Event::Start(Tag::Heading {
                        level,
                        id: None,
                        classes: Vec::new(),
                        attrs: Vec::new(),
                    }));
                }
                // A picture would have to come from somewhere; its words stand in for it.
                Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
                other => out.push(other),
            }
        }
        let mut rendered = String::new();
        html::push_html(&mut rendered, out.into_iter());
        pieces(&rendered, &values)
    }

    /// Splits a text at its `{…}`.
    fn words(&mut self, text: &str, range: &Range<usize>, values: &mut Vec<Piece>, out: &mut Vec<Event<'t>>) {
        let plain = |s: &str| Event::Text(unmarked(s));
        let mut rest = text;
        let mut from = range.start;
        for word in words_in_braces(text) {
            let whole = format!("{{{word}}}");
            let Some((before, after)) = rest.split_once(&whole) else { continue };
            rest = after;
            // Escapes make text and source differ in length, so that the place is looked up in the source.
            let found =
                self.text.get(from..range.end).and_then(|t| t.find(&whole)).map_or(range.start, |n| from + n);
            from = found + whole.len();
            let at = Label::new(self.file, found..found + whole.len());
            out.push(plain(before));
            if let Some(value) = self.value(word, at) {
                out.push(Event::InlineHtml(format!("{MARK_OPEN}{}{MARK_CLOSE}", values.len()).into()));
                values.push(value);
            }
        }
        out.push(plain(rest));
    }

    /// What stands in the place of `{word}`; nothing where it is not shown, or is reported.
    fn value(&mut self, word: &str, at: Label) -> Option<Piece> {
        match word.split_once(' ').map_or((word, ""), |(first, rest)| (first, rest.trim())) {
            ("effective", "") => Some(Piece::Effective),
            ("announced", "") => Some(Piece::Announced),
            ("version", "") => Some(Piece::Version),
            ("controller", "") => Some(Piece::Controller),
            ("document", name) if !name.is_empty() => self
                .scope
                .is_declared(NameKind::Document, name, &inner(&at, name), false)
                .then(|| Piece::Document(name.to_owned())),
            ("see", target) if !target.is_empty() => {
                self.see(target, at);
                None
            }
            _ => {
                self.not_a_directive(word, at);
                None
            }
        }
    }

    fn not_a_directive(&mut self, word: &str, at: Label) {
        if find_directive(word).is_some() {
            let message = Words::new(
                format!("`{{{word}}}` は表に展開されるため、文の中には書けません"),
                format!("`{{{word}}}` expands to a table and cannot stand within a sentence"),
            );
            let help = Words::new(
                "前後に空行を置いて、一行に単独で書いてください",
                "put it on a line of its own, with an empty line before and after it",
            );
            return self.malformed(at, message, help);
        }
        let message = Words::new(
            format!("`{{{}}}` という指示はありません", short(word)),
            format!("there is no directive `{{{}}}`", short(word)),
        );
        let inline = ["effective", "announced", "version", "controller", "document NAME", "see KIND.NAME"];
        let known: Vec<&str> = Directive::ALL.iter().map(|d| d.as_str()).chain(inline).collect();
        let mut diagnostic = Diagnostic::error(MALFORMED_NOTICE.name, at, message);
        if let Some(nearest) = self.scope.report.nearest(word, known.iter().copied()) {
            diagnostic = diagnostic.help(Words::new(
                format!("`{{{nearest}}}` のことですか"),
                format!("did you mean `{{{nearest}}}`?"),
            ));
        }
        self.scope.report.push(diagnostic);
    }

    /// Takes in `{see KIND.NAME}`.
    fn see(&mut self, target: &str, at: Label) {
        let (kind, name) = target.split_once('.').unwrap_or((target, ""));
        let others = [
            ("retain", "retention"),
            ("transition", "transition"),
            ("policy", "policy"),
            ("ruling", "ruling"),
        ];
        let kinds: Vec<(&'static str, &'static str)> =
            NameKind::ALL.iter().map(|k| (k.node(), k.rule())).chain(others).collect();
        let Some((_, rule)) = kinds.iter().find(|(node, rule)| *node == kind || *rule == kind) else {
            let words = Words::new("規則の種類", "kind of rule");
            let nodes: Vec<&str> = kinds.iter().map(|(node, _)| *node).collect();
            let place = inner(&at, target);
            return self.scope.undeclared(&words, kind, &place, nodes.into_iter(), false);
        };
        let rule = Rule::new(rule, name);
        self.scope.uses.push(Use { rule: rule.clone(), at: inner(&at, name), is_quoted: false });
        let names = self.scope.names;
        if !names.has_rule(&rule) {
            let place = inner(&at, target);
            let known = NameKind::ALL.iter().find(|k| k.rule() == rule.kind);
            let words = known.map_or_else(|| Words::new("規則", "rule"), |k| k.words());
            let declared: Vec<String> = known.map_or_else(
                || {
                    names
                        .others
                        .iter()
                        .filter(|r| r.kind == rule.kind)
                        .map(|r| format!("{kind}.{}", r.name))
                        .collect()
                },
                |k| names.of(*k).map(|n| format!("{kind}.{n}")).collect(),
            );
            let wanted = format!("{kind}.{name}");
            return self.scope.undeclared(
                &words,
                &wanted,
                &place,
                declared.iter().map(String::as_str),
                false,
            );
        }
        match self.notice.sections.last_mut() {
            Some(section) => section.states.push((rule, at)),
            None => self.notice.states.push((rule, at)),
        }
    }

    fn finish(mut self) -> Notice {
        if self.notice.title.is_empty() {
            let at = Label::new(self.file, 0..0);
            let message = Words::new("通知文に題名がありません", "the notice has no title");
            let help = Words::new(
                "最初の行に `# プライバシーポリシー` のように書いてください",
                "write one such as `# Privacy policy` on the first line",
            );
            self.malformed(at, message, help);
        }
        self.notice
    }
}

/// A part of a paragraph: its lines of prose, or a directive alone on its line.
enum Part<'t> {
    Directive(Directive, Range<usize>),
    Prose(Events<'t>),
}

/// Takes a paragraph apart at the lines that are nothing but a directive. Other blocks stay whole.
fn parts(events: Events<'_>) -> Vec<Part<'_>> {
    if !matches!(events.first(), Some((Event::Start(Tag::Paragraph), _))) {
        return vec![Part::Prose(events)];
    }
    let whole = events.first().map_or(0..0, |(_, range)| range.clone());
    let mut parts = Vec::new();
    let mut prose: Events<'_> = Vec::new();
    for line in lines(events) {
        let Some((directive, range)) = directive_of(&line) else {
            if !prose.is_empty() {
                prose.push((Event::SoftBreak, whole.clone()));
            }
            prose.extend(line);
            continue;
        };
        if !prose.is_empty() {
            parts.push(Part::Prose(paragraph(std::mem::take(&mut prose), &whole)));
        }
        parts.push(Part::Directive(directive, range));
    }
    if !prose.is_empty() {
        parts.push(Part::Prose(paragraph(prose, &whole)));
    }
    parts
}

/// The lines of a paragraph, where a line ends outside of emphasis and links.
fn lines(events: Events<'_>) -> Vec<Events<'_>> {
    let mut lines: Vec<Events<'_>> = Vec::new();
    let mut line: Events<'_> = Vec::new();
    let mut depth = 0_usize;
    for (event, range) in merged(events) {
        match &event {
            Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => continue,
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::SoftBreak if depth == 0 => {
                lines.push(std::mem::take(&mut line));
                continue;
            }
            _ => {}
        }
        line.push((event, range));
    }
    lines.push(line);
    lines
}

/// The directive that a line is, if it is nothing else. `{controller}` is left out: within a paragraph it is the name.
fn directive_of(line: &Events<'_>) -> Option<(Directive, Range<usize>)> {
    let [(Event::Text(text), range)] = line.as_slice() else { return None };
    let directive = find_directive(alone(text)?).filter(|d| *d != Directive::Controller)?;
    Some((directive, range.clone()))
}

fn paragraph<'t>(mut inner: Events<'t>, range: &Range<usize>) -> Events<'t> {
    inner.insert(0, (Event::Start(Tag::Paragraph), range.clone()));
    inner.push((Event::End(TagEnd::Paragraph), range.clone()));
    inner
}

/// The place of what stands within `{document …}` and `{see …}`.
fn inner(at: &Label, name: &str) -> Label {
    let end = at.span.end.saturating_sub(1);
    Label::new(at.file, end.saturating_sub(name.len()).max(at.span.start)..end)
}

/// The word of a paragraph that is nothing but `{word}`.
fn alone(block: &str) -> Option<&str> {
    block.trim().strip_prefix('{')?.strip_suffix('}')
}

fn find_directive(word: &str) -> Option<Directive> {
    Directive::ALL.iter().copied().find(|d| d.as_str() == word)
}

/// What stands in braces in a text, where it begins like a directive: other braces are just braces.
fn words_in_braces(text: &str) -> impl Iterator<Item = &str> {
    text.split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}').map(|(word, _)| word))
        .filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase()) && !word.contains('\n'))
}

/// Joins neighbouring texts, which Markdown splits wherever something might have begun, and makes raw HTML text.
fn merged(events: Events<'_>) -> Events<'_> {
    let mut out: Events<'_> = Vec::new();
    let mut run = String::new();
    let mut run_range = 0..0;
    for (event, range) in events {
        let event = match event {
            Event::Html(t) | Event::InlineHtml(t) => Event::Text(t),
            Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
            Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
            other => other,
        };
        if let Event::Text(text) = &event {
            if run.is_empty() {
                run_range = range.clone();
            }
            run.push_str(text);
            run_range.end = range.end;
            continue;
        }
        if !run.is_empty() {
            out.push((Event::Text(std::mem::take(&mut run).into()), run_range.clone()));
        }
        out.push((event, range));
    }
    if !run.is_empty() {
        out.push((Event::Text(run.into()), run_range));
    }
    out
}

/// A text without marks, which a character reference may have brought in.
fn unmarked(text: &str) -> CowStr<'static> {
    CowStr::from(text.replace([MARK_OPEN, MARK_CLOSE], ""))
}

/// Puts the values back where their marks stand.
fn pieces(rendered: &str, values: &[Piece]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = rendered;
    while let Some((before, from)) = rest.split_once(MARK_OPEN) {
        let Some((number, after)) = from.split_once(MARK_CLOSE) else { break };
        pieces.push(Piece::Html(before.to_owned()));
        pieces.extend(number.parse::<usize>().ok().and_then(|n| values.get(n)).cloned());
        rest = after;
    }
    pieces.push(Piece::Html(rest.to_owned()));
    pieces
}

/// Whether HTML shows nothing: a paragraph that held only `{see …}`.
fn is_empty(html: &str) -> bool {
    matches!(html.trim(), "" | "<p></p>")
}
