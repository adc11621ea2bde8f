//! Formatting changes the layout and nothing else.

use proptest::prelude::*;

use super::*;
use crate::ast::{Node, Value};

fn formatted(text: &str) -> String {
    let once = format("a.kdl", text).unwrap();
    assert_eq!(format("a.kdl", &once).unwrap(), once, "formatting twice changes {text:?}");
    once
}

#[test]
fn one_layout_for_all_ways_of_writing() {
    let text = "\n\npolicy   carrier version = \"1\"{\n  a;b  ;\n\n\n c { ja \"x\" ;en \"y\"; }\n d {}\n\n}\n\n\n\ne\n";
    let expected =
        "policy carrier version=\"1\" {\n    a; b\n\n    c { ja \"x\"; en \"y\" }\n    d {}\n}\n\ne\n";
    assert_eq!(formatted(text), expected);
    assert_eq!(formatted(""), "");
    assert_eq!(formatted("a {\n}"), "a {}\n");
    assert_eq!(formatted("　a　b"), "a b\n");
}

#[test]
fn comments_stay_where_they_are() {
    for kept in [
        "// one\na // two\n// three\n",
        "a { // open\n    b // inner\n    // last\n} // close\n",
        "/* one */ a /* two */ b /* three */\n",
        "a { /* x */ b; /* y */ c /* z */ }\n",
        "/* of\n  two lines */\na\n",
        "a { // nothing else\n}\n",
        "a \\ // why\n    b\n",
        "a \\\n    b\n",
        "/-a { b }\na /-b c=1 /-d=2 /-{ e } { f }\n",
        "a \"\"\"\n    x\n    \"\"\" b\n",
    ] {
        assert_eq!(formatted(kept), kept);
    }
    assert_eq!(formatted("a; // x\nb"), "a // x\nb\n");
    assert_eq!(formatted("/-  \n a"), "/-a\n");
    assert_eq!(formatted("a \\\n\nb"), "a\nb\n");
    assert_eq!(formatted("a { b\n c }"), "a {\n    b\n    c\n}\n");
}

#[test]
fn what_cannot_be_read_is_not_formatted() {
    assert_eq!(format("a.kdl", "a {").unwrap_err().diagnostics.len(), 1);
}

/// What a text says, without where it says it.
#[derive(Debug, PartialEq)]
struct Said(String, Vec<String>, Vec<(String, String)>, Vec<Said>);

fn said(nodes: &[Node]) -> Vec<Said> {
    let value = |v: &Value| format!("{v:?}");
    nodes
        .iter()
        .map(|n| {
            Said(
                n.name.value.clone(),
                n.args.iter().map(|a| value(&a.value)).collect(),
                n.props.iter().map(|(k, v)| (k.value.clone(), value(&v.value))).collect(),
                said(&n.children),
            )
        })
        .collect()
}

fn read(text: &str) -> (Vec<Said>, Vec<String>) {
    let mut files = Files::default();
    let file = files.add("a.kdl", text);
    let mut report = Report::default();
    let nodes = syntax::parse(file, text, &mut report).0;
    assert_eq!(report.n_errors(), 0, "{text:?}");
    let comments = lex(text).0.into_iter().filter_map(|t| {
        let token = text.get(t.span())?;
        let is_comment = matches!(t.kind, Kind::LineComment | Kind::BlockComment)
            || t.kind == Kind::Escline && token.contains("//");
        is_comment.then(|| token.trim_start_matches('\\').trim().to_owned())
    });
    (said(&nodes), comments.collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, max_global_rejects: 200_000, ..ProptestConfig::default() })]

    #[test]
    fn any_readable_text_keeps_its_content_and_comments(
        parts in prop::collection::vec(prop::sample::select(vec![
            "a", "b", "\"x y\"", "k=1", "k = #true", " ", " ", " ", "\n", "\n", "\n\n\n", ";", "; ", " {", " { ", "}", " }", "}\n",
            "// c\n", " // d \n", "/* e */", "/* f\n g */", " \\\n", " \\ // h\n", "/-", "/- ", "\"\"\"\n  i\n  \"\"\"",
            "#\"j\"#", "\u{3000}", "\t", "\r\n", "/-{ b }",
        ]), 0..24)
    ) {
        let text = parts.concat();
        if let Ok(once) = format("a.kdl", &text) {
            prop_assert_eq!(read(&once), read(&text), "{:?} became {:?}", text, once);
            let twice = format("a.kdl", &once).expect("what is formatted can be read");
            prop_assert_eq!(&twice, &once, "{:?}", text);
        }
    }
}
