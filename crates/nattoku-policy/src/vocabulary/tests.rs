//! The table says what lowering enforces: every shape that is asked of a node in any policy or case of this repository
//! is the table's entry for that node, and the table has nothing that no shape was asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::*;
use crate::check::check;
use crate::resolve::shape::record::{Asked, asked};
use crate::source::Source;

/// Where a node stands, as the names from the top: `activity needs`. Categories below others are all `NAME`.
type Place = Vec<&'static str>;

fn place_of(path: &[&crate::ast::Node]) -> Option<Place> {
    let mut place = Vec::new();
    let mut node = &TOP;
    for one in path {
        node = node.node(&one.name.value)?;
        // A category in a category is at the same place as its parent: the table is the same.
        if place.last() != Some(&"NAME") || node.name != "NAME" {
            place.push(node.name);
        }
    }
    Some(place)
}

/// Every shape asked while sources are checked, by place, variants told apart by the first argument.
fn collect(sources: &[Source], out: &mut BTreeMap<(Place, String), Vec<Asked>>) {
    let _ = asked();
    let checked = check(sources);
    for asked in asked() {
        let index = checked.indexes.iter().find(|i| !i.path_at(asked.file, asked.at).is_empty());
        let Some(path) = index.map(|i| i.path_at(asked.file, asked.at)) else { continue };
        let depth = path.iter().position(|n| n.span.start == asked.at && n.name.value == asked.name);
        let Some(path) = depth.and_then(|d| path.get(..=d)) else { continue };
        let Some(place) = place_of(path) else { continue };
        let first = path.last().and_then(|n| n.declared()).unwrap_or("").to_owned();
        let spec = find(path.iter().map(|n| n.name.value.as_str()));
        let variant = if spec.is_some_and(|s| !s.variants.is_empty()) { first } else { String::new() };
        out.entry((place, variant)).or_default().push(asked);
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}

/// Everything of this repository that is read as a policy: the reference policy, and each piece of the cases by itself.
fn everything() -> BTreeMap<(Place, String), Vec<Asked>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut all = BTreeMap::new();
    let mut files = Vec::new();
    for folder in ["policies", "cases", "docs/reference"] {
        walk(&root.join(folder), &mut files);
    }
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    let carrier = root.join("policies/carrier");
    let sources: Vec<Source> = files
        .iter()
        .filter(|f| f.starts_with(&carrier))
        .map(|f| Source::new(f.strip_prefix(&carrier).unwrap().to_str().unwrap(), read(f)))
        .collect();
    collect(&sources, &mut all);
    for file in files.iter().filter(|f| !f.starts_with(&carrier)) {
        let text = read(file);
        for block in text.split("```kdl").skip(1).filter_map(|b| b.split_once('\n')?.1.split_once("```")) {
            collect(&[Source::new("a.kdl", block.0)], &mut all);
        }
    }
    all
}

#[test]
fn the_table_says_what_is_enforced() {
    let all = everything();
    for ((place, variant), shapes) in &all {
        let node = find(place.iter().copied()).unwrap();
        let at = format!("{} {variant}", place.join(" "));
        let variant = node.variants.iter().find(|(word, ..)| word == variant);
        for shape in shapes {
            let needs: BTreeSet<_> = shape.needs_props.iter().copied().collect();
            let props: BTreeSet<_> = shape.props.iter().copied().filter(|p| !needs.contains(p)).collect();
            if let Some((_, needed, may)) = variant {
                assert_eq!(needs, needed.iter().copied().collect(), "{at} needs");
                assert_eq!(props, may.iter().copied().collect(), "{at} may have");
            } else {
                let said = |needed| node.props.iter().filter(move |p| p.is_needed == needed).map(|p| p.name);
                assert_eq!(needs, said(true).collect(), "{at} needs");
                assert_eq!(props, said(false).collect(), "{at} may have");
                assert_eq!(shape.args, (node.args.0, node.args.1), "{at} arguments");
            }
            let nodes: BTreeSet<_> = shape.nodes.iter().copied().collect();
            assert_eq!(nodes, node.nodes.iter().map(|c| c.node.name).collect(), "{at} holds");
            assert_eq!(shape.is_open, node.other.is_some(), "{at} is open");
            let needed: BTreeSet<_> = shape.needs.iter().copied().collect();
            let said = node.nodes.iter().filter(|c| matches!(c.times, Times::Needed | Times::NeededMany));
            assert_eq!(needed, said.map(|c| c.node.name).collect(), "{at} needs within");
        }
    }
}

#[test]
fn everything_in_the_table_is_used_somewhere() {
    let all = everything();
    // A node that may stand in several places is one entry, wherever it was seen.
    let seen: Vec<&Node> = all.keys().filter_map(|(place, _)| find(place.iter().copied())).collect();
    let mut unseen = Vec::new();
    let mut todo: Vec<(Place, &'static Node)> = vec![(Vec::new(), &TOP)];
    while let Some((place, node)) = todo.pop() {
        if !place.is_empty() && !seen.iter().any(|one| std::ptr::eq(*one, node)) {
            unseen.push(place.join(" "));
        }
        for child in node.nodes.iter().map(|c| c.node).chain(node.other.filter(|o| o.name != node.name)) {
            todo.push((place.iter().copied().chain([child.name]).collect(), child));
        }
    }
    assert_eq!(unseen, Vec::<String>::new(), "in the table, and in no policy or case");
}

#[test]
fn every_word_of_the_table_is_told_in_both_languages() {
    let mut todo: Vec<&'static Node> = vec![&TOP];
    let mut n = 0;
    while let Some(node) = todo.pop() {
        n += 1;
        for language in Language::ALL {
            assert!(!node.about(language).is_empty(), "{}", node.name);
            for prop in node.props {
                assert!(!prop.about(language).is_empty(), "{} {}", node.name, prop.name);
                assert!(!prop.value.about(language).is_empty() || prop.value.words().is_empty());
            }
        }
        assert!(!node.about(Language::Ja).is_ascii(), "{}", node.name);
        assert!(node.about(Language::En).is_ascii(), "{}", node.name);
        todo.extend(node.nodes.iter().map(|c| c.node));
    }
    assert!(n > 100, "{n}");
}
