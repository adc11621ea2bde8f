//! Notices: sections, directives, what sentences state, and what of them a browser gets.

use nattoku_model::Language;
use nattoku_model::policy::Rule;
use nattoku_policy::mend::mend;
use nattoku_policy::notice::{Block, Directive, render_prose};
use nattoku_policy::{Checked, Source, check};

use crate::reading::{HEADER, said};

const RULES: &str = "document charter address=\"https://a.example/charter\" { ja \"憲章\"; en \"Charter <1>\" }\nprohibit \
                     unfair { ja \"あ\"; en \"a\"; outcome refuse_service }\nwork sales { ja \"あ\"; en \"a\" }";

fn with(notice: &str) -> Checked {
    let sources = [
        Source::new("policy.kdl", HEADER),
        Source::new("rules.kdl", RULES),
        Source::new("notice.en.md", notice),
    ];
    check(&sources)
}

#[test]
fn a_notice_becomes_sections_blocks_and_statements() {
    let checked = with(
        "# Privacy policy\n\nIn force from {effective}, under the {document charter}.\n\n## 3. Works {#works}\n\n{works}\n\n\
         ### Never {#never}\n\nWe refuse nobody. {see prohibit.unfair} <b>Raw</b> & {braces} stay [here](#works).\n\n{see \
         prohibit.unfair}\n",
    );
    assert_eq!(said(&checked).len(), 1, "{:?}", said(&checked));
    assert!(said(&checked)[0].contains("no directive `{braces}`"), "{:?}", said(&checked));

    let checked = with(
        "# Privacy policy\n\nIn force from {effective}, under the {document charter}.\n\n## 3. Works {#works}\n\n{works}\n\n\
         ### Never {#never}\n\nWe refuse nobody. {see prohibit.unfair} <b>Raw</b> stays [here](#works).\n\n{see \
         prohibit.unfair}\n",
    );
    assert_eq!(said(&checked), [""; 0]);
    let notice = &checked.notices[&Language::En];
    assert_eq!(notice.title, "Privacy policy");
    let versions = checked.versions.as_ref().unwrap();
    let policy = versions.current();
    let prose = |block: &Block| match block {
        Block::Prose(pieces) => render_prose(pieces, policy, Language::En),
        Block::Directive(directive, _) => format!("{directive:?}"),
    };
    assert_eq!(
        prose(&notice.intro[0]),
        "<p>In force from 1 January 2020, under the <a href=\"https://a.example/charter\">Charter &lt;1&gt;</a>.</p>\n"
    );
    let [works, never] = notice.sections.as_slice() else { panic!() };
    assert_eq!((works.anchor.as_str(), works.level, works.heading.as_str()), ("works", 2, "3. Works"));
    assert!(matches!(works.blocks[0], Block::Directive(Directive::Works, _)));
    assert_eq!(
        prose(&never.blocks[0]),
        "<p>We refuse nobody.  &lt;b&gt;Raw&lt;/b&gt; stays <a href=\"#works\">here</a>.</p>\n"
    );
    // A paragraph that only states is not shown.
    assert_eq!((never.blocks.len(), never.states.len()), (1, 2));
    let section = |rule: Rule| policy.place_of(&rule).and_then(|p| p.section.clone());
    assert_eq!(section(Rule::new("prohibition", "unfair")).as_deref(), Some("never"));
    assert_eq!(section(Rule::new("work", "sales")).as_deref(), Some("works"));
    assert_eq!(section(Rule::new("document", "charter")), None);
}

#[test]
fn a_directive_may_stand_between_the_lines_of_a_paragraph() {
    let checked = with("# P\n\n## W {#w}\nBefore\nit\n{works}\n{see work.sales} after *it\nalso*\n");
    assert_eq!(said(&checked), [""; 0]);
    let versions = checked.versions.as_ref().unwrap();
    let section = &checked.notices[&Language::En].sections[0];
    let [Block::Prose(before), Block::Directive(Directive::Works, _), Block::Prose(after)] =
        section.blocks.as_slice()
    else {
        panic!("{:?}", section.blocks)
    };
    let html = |pieces| render_prose(pieces, versions.current(), Language::En);
    assert_eq!(html(before), "<p>Before\nit</p>\n");
    assert_eq!(html(after), "<p> after <em>it\nalso</em></p>\n");
    assert_eq!(section.states.len(), 1);
}

#[test]
fn what_is_wrong_with_a_notice_is_placed() {
    let checked = with(
        "## Works\n\nSee {document chartr} and {works} here.\n\n{see prohibt.unfair} {see prohibit.unfare}\n\n\
         [x](javascript:alert)\n\n## A {#a}\n\n## B {#a}\n\n#### C {#c}\n",
    );
    let said = said(&checked);
    for (line, part) in [
        "notice.en.md:1:1: error[malformed-notice]: the heading `Works` has no anchor",
        "notice.en.md:1:1: error[malformed-notice]: the notice has no title",
        "notice.en.md:3:15: error[undeclared-name]: the document `chartr` is not declared (did you mean `charter`?)",
        "notice.en.md:3:27: error[malformed-notice]: `{works}` expands to a table and cannot stand within a sentence",
        "notice.en.md:5:6: error[undeclared-name]: the kind of rule `prohibt` is not declared (did you mean `prohibit`?)",
        "notice.en.md:5:27: error[undeclared-name]: the prohibition `prohibit.unfare` is not declared (did you mean \
         `prohibit.unfair`?)",
        "notice.en.md:7:1: error[malformed-notice]: a link cannot point to `javascript:alert`",
        "notice.en.md:11:1: error[duplicate-name]: the anchor `a` is used twice",
        "notice.en.md:13:1: error[malformed-notice]: this heading is too deep",
    ]
    .iter()
    .enumerate()
    {
        assert!(said.get(line).is_some_and(|s| s.starts_with(part)), "{part}\n{said:#?}");
    }
}

/// The prose of a notice that may have errors, as a browser would get it.
fn html_of(notice: &str) -> String {
    let clean = with("# P\n");
    let policy = clean.versions.as_ref().unwrap().current();
    let checked = with(notice);
    let blocks = checked.notices[&Language::En].intro.iter();
    let prose = blocks.filter_map(|block| match block {
        Block::Prose(pieces) => Some(render_prose(pieces, policy, Language::En)),
        Block::Directive(..) => None,
    });
    prose.collect()
}

#[test]
fn a_refused_link_leaves_whole_elements() {
    assert_eq!(html_of("# P\n\n[x](javascript:a) [y](#b)\n"), "<p>x <a href=\"#b\">y</a></p>\n");
    assert_eq!(html_of("# P\n\n[x <javascript:a> y](javascript:b)\n"), "<p>x javascript:a y</p>\n");
}

#[test]
fn a_heading_within_a_quotation_has_no_attributes() {
    let html = html_of("# P\n\n> ## x {#id .class onclick=alert}\n");
    assert_eq!(html, "<blockquote>\n<h2>x</h2>\n</blockquote>\n");
}

#[test]
fn what_looks_like_the_mark_of_a_value_is_no_mark() {
    let html = html_of(
        "# P\n\n{version} \u{e000}0\u{e001} `\u{e000}0\u{e001}` [a](#b \"&#xe000;0&#xe001;\")\n\n```&#xe000;0&#xe001;\n\u{e000}0\u{e001}\n```\n",
    );
    assert_eq!(html.matches("2020-01-01").count(), 1, "{html}");
    assert!(!html.contains(['\u{e000}', '\u{e001}']), "{html}");
}

#[test]
fn what_is_nested_too_deeply_is_refused_where_it_begins() {
    for deep in ["- ".repeat(2000) + "x", "> ".repeat(2000) + "x"] {
        let checked = with(&format!("# Privacy policy\n\n## 1. Works {{#works}}\n\n{{works}}\n\n{deep}\n"));
        let said = said(&checked);
        assert!(said.iter().any(|line| line.contains("nested more than 64 deep")), "{said:?}");
    }
}

/// What a browser shows must be what is written, and nothing may steer a terminal.
#[test]
fn what_nobody_sees_is_refused_as_it_stands_and_as_a_reference() {
    let mends = |line: &str, expected: &[&str], mended: &str| {
        let notice = format!("# P\r\n\r\n{line}\r\n");
        let checked = with(&notice);
        assert_eq!(said(&checked), expected, "{line:?}");
        let sources = [
            Source::new("policy.kdl", HEADER),
            Source::new("rules.kdl", RULES),
            Source::new("notice.en.md", notice),
        ];
        let text = String::from_utf8(mend(&sources, check).sources[2].bytes.clone()).unwrap();
        assert_eq!(text, format!("# P\r\n\r\n{mended}\r\n"));
    };
    let error = |at: &str, c: &str, help: &str| {
        format!(
            "notice.en.md:3:{at}: error[invisible-character]: the invisible character U+{c} may not be used ({help})"
        )
    };
    let turns = "it turns the direction of writing: take it out, and write in the order in which it is read";
    mends(
        "a\u{9b}\u{1b}b \u{7f}",
        &[&error("2", "009B", "take it out"), &error("6", "007F", "take it out")],
        "ab ",
    );
    mends("a\u{202e}b", &[&error("2", "202E", turns)], "a\u{202e}b");
    mends(
        "a&#7;b&#x202e;c",
        &[&error("2", "0007", "take it out"), &error("7", "202E", turns)],
        "ab&#x202e;c",
    );
    mends(
        "[a](https://a.example \"b&rlm;\")",
        &[&error("1", "200F", turns)],
        "[a](https://a.example \"b&rlm;\")",
    );
    mends("a\u{61c}b", &[&error("2", "061C", turns)], "a\u{61c}b");
    // Of what is hidden in tags nothing stays; the sign before it does.
    mends("🏴\u{e0067}\u{e0062}\u{e007f}b", &[&error("2", "E0067", "take it out")], "🏴b");
    let widthless = "`&#7;` a\u{200b}b\u{ad}\u{200d}\tc";
    mends(widthless, &[], widthless);
}
