//! The nodes of the document, and how names, texts and lengths of time are written in it.

use nattoku_model::language::Text;
use nattoku_model::policy::Period;
use nattoku_policy::Words;
use serde_json::{Map, Value, json};

/// What is exported so far.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Value>,
    pub(super) notes: Vec<Words>,
}

/// A node in the making.
#[derive(Debug)]
pub(super) struct Node(Map<String, Value>);

impl Node {
    /// A node with its name and its classes.
    pub(super) fn new(id: &str, types: &[&str]) -> Self {
        let mut node = Map::new();
        node.insert("@id".to_owned(), json!(id));
        node.insert("@type".to_owned(), json!(types));
        Self(node)
    }

    /// Says something of it; an empty list says nothing.
    pub(super) fn with(mut self, property: &str, values: Vec<Value>) -> Self {
        if !values.is_empty() {
            self.0.insert(property.to_owned(), Value::Array(values));
        }
        self
    }

    /// Says a text of it, in each language it is in.
    pub(super) fn text(self, property: &str, text: &Text) -> Self {
        let texts =
            text.0.iter().map(|(language, text)| json!({"@language": language.tag(), "@value": text}));
        self.with(property, texts.collect())
    }

    pub(super) fn value(self) -> Value {
        Value::Object(self.0)
    }
}

/// The name of something that the policy declares: `policy:purpose.contract`.
pub(super) fn own(kind: &str, name: &str) -> String {
    format!("policy:{kind}.{name}")
}

/// References to nodes.
pub(super) fn refs<T: AsRef<str>>(ids: impl IntoIterator<Item = T>) -> Vec<Value> {
    ids.into_iter().map(|id| json!({"@id": id.as_ref()})).collect()
}

/// A length of time as a duration of DPV, in the form of XML Schema.
pub(super) fn duration(period: Period) -> Value {
    let shown = period.to_string();
    let (count, unit) = shown.split_once(' ').unwrap_or((&shown, "days"));
    let letter = unit.chars().next().unwrap_or('d').to_ascii_uppercase();
    json!({
        "@type": ["dpv:TemporalDuration"],
        "rdf:value": [{"@type": "xsd:duration", "@value": format!("P{count}{letter}")}],
    })
}

/// A country. DPV names each in an extension; its code says as much.
pub(super) fn country(code: &str) -> Vec<Value> {
    if code.is_empty() {
        return Vec::new();
    }
    vec![json!({"@type": ["dpv:Country"], "dct:identifier": [code]})]
}
