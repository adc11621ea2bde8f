//! Categories as the taxonomy has them, with the classes that the default taxonomy's keys speak of, and what users give.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::super::manifest::{Label, Manifest};
use super::super::names::in_words;
use super::super::report::Kind;
use super::{Writer, origin};
use crate::kdl::words;
use crate::place::Place;

/// Keys of the default taxonomy that say what the law flags. What is below has the class of what is above.
const CLASSES: [(&str, &str); 11] = [
    ("user.biometric", "identifier"),
    ("user.biometric.health", "special_care"),
    ("user.criminal_history", "special_care"),
    ("user.demographic.political_opinion", "special_care"),
    ("user.demographic.race_ethnicity", "special_care"),
    ("user.demographic.religious_belief", "special_care"),
    ("user.financial", "financial"),
    ("user.government_id", "identifier"),
    ("user.health_and_medical", "special_care"),
    ("user.location", "location"),
    ("user.payment", "financial"),
];

/// A category with those below it, by the keys of fideslang.
#[derive(Default)]
struct Tree<'m> {
    label: Option<&'m Label>,
    /// Where it, or something below it, is declared or named first.
    first: Option<&'m Place>,
    below: BTreeMap<&'m str, Tree<'m>>,
}

/// Writes the categories and the sources.
pub(super) fn write(manifest: &Manifest, writer: &mut Writer<'_>) -> String {
    let mut root = Tree::default();
    for label in &manifest.categories {
        let node = root.at(&label.key.text, &label.key.place);
        if node.label.is_some() {
            let what = format!("data_category.{}", label.key.text);
            writer.note(
                Kind::LeftOut,
                &what,
                &label.key.place,
                "同じキーの項目が先にあります。初めのものを使いました",
                "a category of this key stands before it: the first one was taken",
            );
            continue;
        }
        node.label = Some(label);
    }
    for (key, place) in &manifest.named {
        root.at(key, place);
    }
    let mut out = String::new();
    for (key, tree) in &root.below {
        out += &category(key, tree, "category ", writer);
    }
    out + &sources(manifest, writer)
}

impl<'m> Tree<'m> {
    /// The node of a key; those above it come to be with it.
    fn at(&mut self, key: &'m str, place: &'m Place) -> &mut Self {
        let ends = key.match_indices('.').map(|(at, _)| at).chain(std::iter::once(key.len()));
        ends.fold(self, |node, end| {
            let below = node.below.entry(key.get(..end).unwrap_or(key)).or_default();
            below.first.get_or_insert(place);
            below
        })
    }
}

fn category(key: &str, tree: &Tree<'_>, keyword: &str, writer: &mut Writer<'_>) -> String {
    let name = writer.categories.path(key);
    let start = writer.start.clone();
    let place = tree.label.map(|label| &label.key.place).or(tree.first).unwrap_or(&start);
    if tree.label.is_none() {
        writer.note(
            Kind::Missing,
            "data_category",
            place,
            "宣言のない項目です。名前はキーから作りました。分類のファイルも渡すか、名前と説明を書いてください",
            "a category that no file declares: it is named after its key; give the taxonomy's file too, or write its name and description",
        );
    }
    let label = tree.label;
    let mut out = origin(place, key, None);
    // Within a category above it, the last word is its name; one that stands by itself has its whole name.
    let own = name.rsplit_once('.').filter(|_| keyword.is_empty()).map_or(name.as_str(), |(_, last)| last);
    let title = label.and_then(|label| label.name.clone()).unwrap_or_else(|| in_words(key));
    let _ = writeln!(out, "{keyword}{} {{\n{}", words([own]), writer.text(&title));
    if let Some(description) = label.and_then(|label| label.description.as_ref()) {
        let _ = writeln!(out, "description {{ {} }}", writer.text(description));
    }
    if let Some((_, class)) = CLASSES.iter().find(|(flagged, _)| *flagged == key) {
        let _ = writeln!(out, "class {class}");
        writer.note(
            Kind::Assumed,
            "data_category.class",
            place,
            "既定の分類のキーから、法令上の性質 `class` を付けました。確かめてください",
            "its `class` was told from its key in the default taxonomy: see whether it is so",
        );
    }
    let mut beside = String::new();
    for (key, tree) in &tree.below {
        // A path too long for a name is not below it any more.
        if writer.categories.path(key).starts_with(&format!("{name}.")) {
            out += &category(key, tree, "", writer);
        } else {
            beside += &category(key, tree, "category ", writer);
        }
    }
    out + "}\n" + &beside
}

/// A source for each system that says what users give to it.
fn sources(manifest: &Manifest, writer: &mut Writer<'_>) -> String {
    let mut out = String::new();
    let mut names = super::Names::default();
    for system in &manifest.systems {
        let Some(given) = &system.from_users else { continue };
        let declared = system.declarations.iter().flat_map(|declaration| &declaration.categories);
        let mut gives: Vec<String> = if given.is_empty() {
            declared.map(|said| writer.categories.path(&said.text)).collect()
        } else {
            given.iter().map(|said| writer.categories.path(&said.text)).collect()
        };
        gives.sort();
        gives.dedup();
        if gives.is_empty() {
            continue;
        }
        let name = names.of(&format!("{}_users", system.key.text));
        let title = system.name.clone().unwrap_or_else(|| in_words(&system.key.text));
        out += &origin(&system.key.place, &system.key.text, None);
        let _ = writeln!(
            out,
            "source {} channel=direct {{\n{}\ngives {}\n}}",
            words([name.as_str()]),
            writer.text(&title),
            words(gives.iter().map(String::as_str))
        );
    }
    if out.is_empty() && !manifest.systems.is_empty() {
        let start = writer.start.clone();
        writer.note(
            Kind::Missing,
            "source",
            &start,
            "データがどこから来るかは書かれていません。取得元 `source` を書いてください",
            "nothing says where data come from: write each `source`",
        );
    }
    out
}
