//! Reading the fields of a resource: what has the wrong form is a fault, what is not carried over is noted.

use nattoku_model::name::nearest;
use nattoku_policy::Words;

use super::apart;
use super::report::{Kind, Report};
use crate::place::{Fault, Place};
use crate::yaml::{Key, Node, Value, short};

/// A text with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) text: String,
    pub(super) place: Place,
}

/// The fields of one resource.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'n> {
    /// The kind of resource: `system`.
    pub(super) of: &'static str,
    entries: &'n [(Key, Node)],
    pub(super) place: &'n Place,
}

impl<'n> Fields<'n> {
    /// A field that says something.
    pub(super) fn get(&self, name: &str) -> Option<&'n Node> {
        let found = self.entries.iter().find(|(key, _)| key.name == name);
        found.map(|(_, node)| node).filter(|node| !matches!(node.value, Value::Null))
    }
}

/// Collects faults and notes while manifests are read.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pub(super) faults: Vec<Fault>,
    pub(super) report: Report,
}

impl Reader {
    /// The fields of a node, which must be a mapping.
    pub(super) fn fields<'n>(&mut self, of: &'static str, node: &'n Node) -> Option<Fields<'n>> {
        if let Value::Map(entries) = &node.value {
            return Some(Fields { of, entries, place: &node.place });
        }
        self.wrong(of, node, "対応表（キーと値）", "a mapping of fields");
        None
    }

    /// The items of a field, which must be a list.
    pub(super) fn list<'n>(&mut self, fields: Fields<'n>, name: &str) -> &'n [Node] {
        match fields.get(name).map(|node| (&node.value, node)) {
            None => &[],
            Some((Value::List(items), _)) => items,
            Some((_, node)) => {
                self.wrong(name, node, "リスト", "a list");
                &[]
            }
        }
    }

    /// A field that must be a text.
    pub(super) fn text(&mut self, fields: Fields<'_>, name: &str) -> Option<Said> {
        let node = fields.get(name)?;
        self.said(name, node).filter(|said| !said.text.trim().is_empty())
    }

    /// A field that must be a list of texts.
    pub(super) fn texts(&mut self, fields: Fields<'_>, name: &str) -> Vec<Said> {
        self.list(fields, name).iter().filter_map(|node| self.said(name, node)).collect()
    }

    /// A field that must be `true` or `false`.
    pub(super) fn flag(&mut self, fields: Fields<'_>, name: &str) -> bool {
        let Some(node) = fields.get(name) else { return false };
        match self.said(name, node).map(|said| said.text.to_lowercase()).as_deref() {
            Some("true" | "yes" | "on") => true,
            Some("false" | "no" | "off") | None => false,
            Some(_) => {
                self.wrong(name, node, " `true` か `false`", "`true` or `false`");
                false
            }
        }
    }

    /// The key that every resource has.
    pub(super) fn key(&mut self, fields: Fields<'_>) -> Option<Said> {
        let Some(said) = self.text(fields, "fides_key") else {
            let of = fields.of;
            self.faults.push(Fault::new(
                fields.place.clone(),
                format!("`{of}` に `fides_key` がありません"),
                format!("this `{of}` has no `fides_key`"),
            ));
            return None;
        };
        self.keyed(said)
    }

    /// Holds a key against the form that fideslang gives it.
    pub(super) fn keyed(&mut self, said: Said) -> Option<Said> {
        let is_key = |c: char| c.is_ascii_alphanumeric() || "_.<>-".contains(c);
        if said.text.len() <= 1_000 && said.text.chars().all(is_key) {
            return Some(said);
        }
        let shown = short(&said.text);
        self.faults.push(Fault::new(
            said.place,
            format!("`{shown}` はキーではありません。英数字と `_` `.` `-` `<` `>` で書いてください"),
            format!("`{shown}` is no key: letters, digits, `_`, `.`, `-`, `<` and `>` are allowed"),
        ));
        None
    }

    /// Notes every field that says something and is not among those carried over.
    pub(super) fn rest(&mut self, fields: Fields<'_>, carried: &[&str]) {
        for (key, node) in fields.entries {
            if carried.contains(&key.name.as_str()) || node.is_nothing() {
                continue;
            }
            let what = format!("{}.{}", fields.of, short(&key.name));
            let why =
                apart::reason(fields.of, &key.name).unwrap_or_else(|| unknown(fields.of, &key.name, carried));
            self.report.note(Kind::LeftOut, &what, &key.place, why);
        }
    }

    fn said(&mut self, name: &str, node: &Node) -> Option<Said> {
        match &node.value {
            Value::Text(text) => Some(Said { text: text.clone(), place: node.place.clone() }),
            Value::Null => None,
            _ => {
                self.wrong(name, node, "文字列", "a text");
                None
            }
        }
    }

    fn wrong(&mut self, name: &str, node: &Node, ja: &str, en: &str) {
        let place = node.place.clone();
        self.faults.push(Fault::new(
            place,
            format!("`{name}` は{ja}で書いてください"),
            format!("`{name}` must be {en}"),
        ));
    }
}

/// What is said of a field that fideslang does not have.
fn unknown(of: &str, name: &str, carried: &[&str]) -> Words {
    let mut known = carried.to_vec();
    for field in apart::fields(of) {
        known.push(field);
    }
    let near = nearest(name, known);
    let (ja, en) = near.map_or_else(Default::default, |near| {
        (format!("。`{near}` のことでしょうか"), format!("; did you mean `{near}`?"))
    });
    Words::new(
        format!("fideslang の `{of}` にない項目です{ja}"),
        format!("fideslang has no such field in `{of}`{en}"),
    )
}
