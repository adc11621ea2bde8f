//! Our reader held against the reference implementation of KDL 2.

use kdl::{KdlDocument, KdlNode, KdlValue};
use proptest::prelude::*;

use super::parse;
use crate::ast::{Node, Value};
use crate::report::Report;
use crate::source::Files;

/// What a text says, without where it says it: name, arguments, properties, nodes within.
#[derive(Debug, PartialEq)]
pub(crate) struct Said(String, Vec<String>, Vec<(String, String)>, Vec<Said>);

/// As our reader has it; none where it refuses the text.
pub(crate) fn ours(text: &str) -> Option<Vec<Said>> {
    fn say(node: &Node) -> Said {
        let value = |v: &Value| match v {
            Value::String(s) => format!("s{s}"),
            Value::Integer(n) => format!("n{n}"),
            Value::Decimal(n) => format!("d{n:?}"),
            Value::Bool(b) => format!("b{b}"),
            Value::Null => "null".to_owned(),
        };
        Said(
            node.name.value.clone(),
            node.args.iter().map(|a| value(&a.value)).collect(),
            node.props.iter().map(|(k, v)| (k.value.clone(), value(&v.value))).collect(),
            node.children.iter().map(say).collect(),
        )
    }
    let mut files = Files::default();
    let file = files.add("a.kdl", text);
    let mut report = Report::default();
    let nodes = parse(file, files.text(file), &mut report).0;
    (report.n_errors() == 0).then(|| nodes.iter().map(say).collect())
}

/// As the KDL project's reader has it; none where it refuses the text.
pub(crate) fn theirs(text: &str) -> Option<Vec<Said>> {
    fn say(node: &KdlNode) -> Said {
        let value = |v: &KdlValue| match v {
            KdlValue::String(s) => format!("s{s}"),
            KdlValue::Integer(n) => format!("n{n}"),
            KdlValue::Float(n) => format!("d{n:?}"),
            KdlValue::Bool(b) => format!("b{b}"),
            KdlValue::Null => "null".to_owned(),
        };
        let args = node.entries().iter().filter(|e| e.name().is_none());
        let props =
            node.entries().iter().filter_map(|e| Some((e.name()?.value().to_owned(), value(e.value()))));
        let children = node.children().map(|c| c.nodes().iter().map(say).collect());
        Said(
            node.name().value().to_owned(),
            args.map(|e| value(e.value())).collect(),
            props.collect(),
            children.unwrap_or_default(),
        )
    }
    let document = KdlDocument::parse(text).ok()?;
    Some(document.nodes().iter().map(say).collect())
}

#[test]
fn what_kdl_allows_is_read_as_kdl_reads_it() {
    for text in [
        "",
        "a",
        "a 1 -2 0x1F 0b101 0o17 1_000 1.5 -1.5e10 #true #false #null #inf",
        "a \"x\\n\\\"y\\\"\\s\\u{4f4d}\" #\"raw \"quoted\" \\n\"#",
        "a k=1 \"quoted key\"=2 k2 = 3",
        "a {\n  b\n  c { d; e }\n}",
        "a { b }; c",
        "a{b}",
        "/-a { b }\nc /-d /-e=1 f /-{ g } { h }",
        "a \\\n  b \\ // comment\n  c",
        "// one\na // two\n/* three /* four */ */ b /* five */ c",
        "a \"\"\"\n    x\n\n      y\n    \"\"\"",
        "a #\"\"\"\n  x \\n\n  \"\"\"#",
        "\u{feff}a",
        "a　b",
        "名前 \"位置\"",
        "a-b +c . .d -e",
        "a\r\nb\u{85}c\u{2028}d",
        "a <b> ,c",
        "\"a b\" c",
        "a \"x\\\n   y\"",
    ] {
        assert_eq!(ours(text), theirs(text), "{text:?}");
        assert!(ours(text).is_some(), "{text:?}");
    }
}

#[test]
fn what_kdl_refuses_is_refused() {
    for text in [
        "a {",
        "}",
        "a \"x",
        "a \"x\ny\"",
        "a k=",
        "a =1",
        "a true",
        "null",
        "a 1x",
        "a 2019-12-11",
        "a \"\\q\"",
        "a \"\\u{110000}\"",
        "a /* b",
        "a \\ b",
        "a [b]",
        "a \"x\"\"y\"",
        "a b=1c=2",
        "a { b } c",
        "a #x",
        "{ a }",
        "a \u{202e}b",
        "a \"\"\"x\"\"\"",
        "a \"\"\"\n  x\n    \"\"\"",
        "a .5",
    ] {
        assert_eq!(theirs(text), None, "{text:?}");
        assert_eq!(ours(text), None, "{text:?}");
    }
}

// Without `/-`: the reference refuses some of what the grammar allows around it, such as `/-a ;`.
proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn what_we_read_kdl_reads_the_same(
        parts in prop::collection::vec(prop::sample::select(vec![
            "a", "b", "\"x y\"", "k=1", "k=#true", " ", " ", " ", "\n", "\n", ";", " { ", " }", "}\n",
            "// c\n", "/* e */", " \\\n", "\"\"\"\n  i\n  \"\"\"", "#\"j\"#", "\u{3000}", "\r\n",
        ]), 0..16)
    ) {
        let text = parts.concat();
        if let Some(read) = ours(&text) {
            prop_assert_eq!(Some(read), theirs(&text), "{:?}", text);
        }
    }
}
