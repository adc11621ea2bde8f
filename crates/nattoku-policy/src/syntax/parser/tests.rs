//! What is read, and what is said about what cannot be.

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
    let said = report.finish().0.iter().map(|d| format!("{:?} {}", d.primary.span, d.message.en)).collect();
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
