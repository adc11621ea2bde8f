//! What is promised about any text that somebody calls a notice.

use std::sync::LazyLock;

use nattoku_model::{Language, Policy};
use nattoku_policy::notice::{Block, is_address, render_prose};
use nattoku_policy::{Checked, Notice, Source, check};

/// A policy to be told about, with something of each kind that a notice may name.
const POLICY: &str = r#"
policy shop version="2020-01-01" {
    effective "2020-01-01T00:00:00+09:00"
    announced "2019-12-01"
    timezone "Asia/Tokyo"
    languages en prevails=en
    controller country=JP { en "Nattoku <Shop> & Sons" }
}
document charter address="https://a.example/charter?a=1&b=2" { en "Charter <1>" }
document card { en "Rules of the card" }
work sales { en "Sales" }
prohibit unfair { en "Unfair" ; outcome refuse_service }
"#;

/// The elements that Markdown makes.
const ELEMENTS: [&str; 25] = [
    "a",
    "blockquote",
    "br",
    "cite",
    "code",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Attributes that run nothing.
const ATTRIBUTES: [&str; 6] = ["class", "href", "hreflang", "start", "style", "title"];

static PLAIN: LazyLock<Checked> = LazyLock::new(|| with(b"# Privacy\n"));

fn with(notice: &[u8]) -> Checked {
    check(&[Source::new("policy.kdl", POLICY), Source::new("notice.en.md", notice)])
}

/// Reading answers; what a browser would get is whole elements of Markdown, and links lead where a browser opens.
pub(crate) fn hold(bytes: &[u8]) {
    let checked = with(bytes);
    let links_are_refused = checked.diagnostics.iter().any(|d| d.rule == "malformed-notice");
    let plain = PLAIN.versions.as_ref().expect("the policy of the promise has no errors").current();
    let policy = checked.versions.as_ref().map_or(plain, |versions| versions.current());
    for notice in checked.notices.values() {
        for html in prose(notice, policy) {
            is_harmless(&html, !links_are_refused);
        }
    }
}

fn prose<'a>(notice: &'a Notice, policy: &'a Policy) -> impl Iterator<Item = String> + 'a {
    let blocks = notice.intro.iter().chain(notice.sections.iter().flat_map(|s| &s.blocks));
    blocks.filter_map(move |block| match block {
        Block::Prose(pieces) => Some(render_prose(pieces, policy, Language::En)),
        Block::Directive(..) => None,
    })
}

fn is_harmless(html: &str, links_were_looked_at: bool) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some((_, from)) = rest.split_once('<') {
        let (tag, after) =
            from.split_once('>').unwrap_or_else(|| panic!("a tag without its end in {html:?}"));
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "elements overlap in {html:?}");
            continue;
        }
        let tag = tag.strip_suffix('/').unwrap_or(tag).trim_end();
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(ELEMENTS.contains(&name), "an element <{name}> in {html:?}");
        if !matches!(name, "br" | "hr") {
            open.push(name);
        }
        harmless_attributes(attributes, links_were_looked_at, html);
    }
    assert!(open.is_empty(), "{open:?} stay open in {html:?}");
    assert!(!html.contains(['\u{e000}', '\u{e001}']), "a mark is left in {html:?}");
}

fn harmless_attributes(attributes: &str, links_were_looked_at: bool, html: &str) {
    let mut rest = attributes;
    while let Some((name, from)) = rest.split_once("=\"") {
        assert!(ATTRIBUTES.contains(&name.trim()), "an attribute {name:?} in {html:?}");
        let (value, after) = from.split_once('"').unwrap_or_else(|| panic!("an open attribute in {html:?}"));
        if name.trim() == "href" && links_were_looked_at {
            let address = unescape(value);
            assert!(is_address(&address) || address.contains('@'), "a link to {address:?} in {html:?}");
        }
        rest = after;
    }
    assert!(rest.trim().is_empty(), "{rest:?} beside the attributes in {html:?}");
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
}
