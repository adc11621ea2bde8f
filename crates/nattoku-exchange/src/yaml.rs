//! YAML as a tree of our own, every key and value with its place.
//!
//! Scalars stay as they were written: what a text means is for the reader of the field to say. Anchors are followed, and
//! `<<` takes in another mapping, within a budget that no real file comes near.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use crate::place::{Fault, Place};

/// Deepest nesting read.
const DEPTH_MAX: usize = 64;
/// Most nodes of one file, those that aliases repeat counted each time.
const NODES_MAX: usize = 500_000;
/// Largest file read, in bytes.
pub const BYTES_MAX: usize = 8 * 1024 * 1024;

/// A value with its place.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) place: Place,
}

/// What a node holds.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    /// Nothing: left out, `~` or `null`.
    Null,
    /// A scalar, as written.
    Text(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the order written; every key is there once.
    Map(Vec<(Key, Node)>),
}

/// A key of a mapping.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) place: Place,
}

impl Node {
    /// Whether it says nothing: null, an empty text, list or mapping, or `false`.
    pub(crate) fn is_nothing(&self) -> bool {
        match &self.value {
            Value::Null => true,
            Value::Text(text) => text.trim().is_empty() || text.eq_ignore_ascii_case("false"),
            Value::List(items) => items.is_empty(),
            Value::Map(entries) => entries.is_empty(),
        }
    }

    /// How many nodes it is made of.
    fn size(&self) -> usize {
        1 + match &self.value {
            Value::Null | Value::Text(_) => 0,
            Value::List(items) => items.iter().map(Self::size).sum(),
            Value::Map(entries) => entries.iter().map(|(_, node)| node.size()).sum(),
        }
    }
}

/// Reads every document of a file.
///
/// # Errors
/// What keeps it from being read, at its place.
pub(crate) fn read(file: &str, bytes: &[u8]) -> Result<Vec<Node>, Fault> {
    let start = Place { file: file.to_owned(), line: 1, column: 1 };
    if bytes.len() > BYTES_MAX {
        let most = BYTES_MAX / 1024 / 1024;
        return Err(Fault::new(
            start,
            format!("ファイルが大きすぎます。{most} MiB までです"),
            format!("the file is larger than the {most} MiB that are read"),
        ));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before =
            String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default()).into_owned();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
        Fault::new(
            Place { line, column, ..start.clone() },
            "ここから UTF-8 ではありません。文字コードを UTF-8 にして保存し直してください",
            "not UTF-8 from here on; save the file with the encoding UTF-8",
        )
    })?;
    let mut reader = Reader { file, anchors: BTreeMap::new(), n_nodes: 0 };
    reader.documents(text)
}

/// A sequence or mapping that has begun.
struct Open {
    anchor: usize,
    node: Node,
    /// The key whose value comes next.
    key: Option<Key>,
    /// The keys so far, with their lines.
    keys: BTreeMap<String, usize>,
    /// What `<<` takes in, where the mapping itself does not say otherwise.
    taken: Vec<(Key, Node)>,
}

impl Open {
    const fn new(anchor: usize, node: Node) -> Self {
        Self { anchor, node, key: None, keys: BTreeMap::new(), taken: Vec::new() }
    }

    /// Takes in the next node within.
    fn put(&mut self, node: Node) -> Result<(), Fault> {
        match (&mut self.node.value, self.key.take()) {
            (Value::List(items), _) => items.push(node),
            (Value::Map(_), Some(key)) if key.name == "<<" => {
                let Value::Map(taken) = node.value else {
                    return Err(Fault::new(
                        node.place,
                        "`<<` には対応表を書いてください",
                        "`<<` takes in a mapping",
                    ));
                };
                self.taken.extend(taken);
            }
            (Value::Map(entries), Some(key)) => {
                if let Some(line) = self.keys.insert(key.name.clone(), key.place.line) {
                    let name = short(&key.name);
                    return Err(Fault::new(
                        key.place,
                        format!("キー `{name}` が二度書かれています（初めは {line} 行目）"),
                        format!("the key `{name}` is written twice, first in line {line}"),
                    ));
                }
                entries.push((key, node));
            }
            (_, _) => self.key = Some(key_of(node)?),
        }
        Ok(())
    }

    /// The node as a whole.
    fn close(mut self) -> Node {
        if let Value::Map(entries) = &mut self.node.value {
            for (key, node) in self.taken {
                if self.keys.insert(key.name.clone(), key.place.line).is_none() {
                    entries.push((key, node));
                }
            }
        }
        self.node
    }
}

struct Reader<'f> {
    file: &'f str,
    anchors: BTreeMap<usize, Node>,
    n_nodes: usize,
}

impl Reader<'_> {
    fn place(&self, line: usize, column: usize) -> Place {
        Place { file: self.file.to_owned(), line, column: column + 1 }
    }

    fn at(&self, span: &Span) -> Place {
        self.place(span.start.line(), span.start.col())
    }

    fn documents(&mut self, text: &str) -> Result<Vec<Node>, Fault> {
        let (mut documents, mut open): (Vec<Node>, Vec<Open>) = (Vec::new(), Vec::new());
        for event in Parser::new_from_str(text) {
            let (event, span) = event.map_err(|error| {
                let place = self.place(error.marker().line(), error.marker().col());
                let info = error.info();
                Fault::new(place, format!("YAML として読めません: {info}"), format!("not YAML: {info}"))
            })?;
            let place = self.at(&span);
            let (anchor, value) = match event {
                Event::Scalar(text, style, anchor, _) => (anchor, scalar(&text, style)),
                Event::SequenceStart(anchor, _) => {
                    begin(&mut open, anchor, Value::List(Vec::new()), place)?;
                    continue;
                }
                Event::MappingStart(anchor, _) => {
                    begin(&mut open, anchor, Value::Map(Vec::new()), place)?;
                    continue;
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    let Some(closed) = open.pop() else { continue };
                    self.ends(closed.anchor, closed.close(), &mut open, &mut documents)?;
                    continue;
                }
                Event::Alias(anchor) => {
                    let Some(node) = self.anchors.get(&anchor).cloned() else {
                        return Err(Fault::new(
                            place,
                            "自分自身を含むものは指せません",
                            "an alias cannot stand within what it repeats",
                        ));
                    };
                    self.n_nodes += node.size();
                    self.ends(0, Node { place, ..node }, &mut open, &mut documents)?;
                    continue;
                }
                _ => continue,
            };
            self.ends(anchor, Node { value, place }, &mut open, &mut documents)?;
        }
        Ok(documents)
    }

    /// Takes in a node that is whole.
    fn ends(
        &mut self,
        anchor: usize,
        node: Node,
        open: &mut [Open],
        documents: &mut Vec<Node>,
    ) -> Result<(), Fault> {
        self.n_nodes += 1;
        if self.n_nodes > NODES_MAX {
            return Err(Fault::new(
                node.place,
                "別名の展開が多すぎます",
                "there is too much in this file, aliases counted each time",
            ));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(parent) = open.last_mut() else {
            documents.push(node);
            return Ok(());
        };
        parent.put(node)
    }
}

fn begin(open: &mut Vec<Open>, anchor: usize, value: Value, place: Place) -> Result<(), Fault> {
    if open.len() == DEPTH_MAX {
        return Err(Fault::new(
            place,
            format!("入れ子が {DEPTH_MAX} 段より深くなっています"),
            format!("nested deeper than {DEPTH_MAX} levels"),
        ));
    }
    open.push(Open::new(anchor, Node { value, place }));
    Ok(())
}

fn scalar(text: &str, style: ScalarStyle) -> Value {
    if style == ScalarStyle::Plain && matches!(text, "" | "~" | "null" | "Null" | "NULL") {
        Value::Null
    } else {
        Value::Text(text.to_owned())
    }
}

fn key_of(node: Node) -> Result<Key, Fault> {
    match node.value {
        Value::Text(name) => Ok(Key { name, place: node.place }),
        _ => Err(Fault::new(node.place, "キーは文字列で書いてください", "a key must be a text")),
    }
}

/// A text short enough for a message, on one line.
pub(crate) fn short(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let shown: String = line.chars().take(60).collect();
    if shown.len() < line.len() { shown + "…" } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(node: &Node) -> String {
        match &node.value {
            Value::Null => "null".to_owned(),
            Value::Text(text) => format!("{text:?}@{}:{}", node.place.line, node.place.column),
            Value::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
            Value::Map(entries) => {
                let entries: Vec<String> =
                    entries.iter().map(|(k, n)| format!("{}: {}", k.name, shown(n))).collect();
                format!("{{{}}}", entries.join(", "))
            }
        }
    }

    fn problem(text: &str) -> String {
        let fault = read("a.yml", text.as_bytes()).unwrap_err();
        format!("{}: {}", fault.place, fault.problem.en)
    }

    #[test]
    fn scalars_stay_as_written_and_have_their_place() {
        let tree = read("a.yml", "a: 2.10\nb: ['位置', ~]\n".as_bytes()).unwrap();
        assert_eq!(shown(&tree[0]), "{a: \"2.10\"@1:4, b: [\"位置\"@2:5, null]}");
    }

    #[test]
    fn anchors_are_followed_and_merged() {
        let tree = read("a.yml", b"x: &x {a: 1, b: 2}\ny: *x\nz: {<<: *x, b: 3}\n").unwrap();
        let text = shown(&tree[0]);
        assert!(text.contains("y: {a: \"1\"@1:11, b: \"2\"@1:17}"), "{text}");
        assert!(text.contains("z: {b: \"3\"@3:16, a: \"1\"@1:11}"), "{text}");
    }

    #[test]
    fn what_cannot_be_read_is_placed() {
        assert!(problem("a: [").starts_with("a.yml:"));
        assert_eq!(problem("a: 1\na: 2\n"), "a.yml:2:1: the key `a` is written twice, first in line 1");
        assert!(problem(&"[".repeat(100)).contains("deeper than 64"));
        assert!(problem("a: &a [*a]\n").contains("within what it repeats"));
        let bomb: String = (1..12).fold("a0: &a0 [x, x, x, x]\n".to_owned(), |text, n| {
            let one = format!("*a{}", n - 1);
            text + &format!("a{n}: &a{n} [{one}, {one}, {one}, {one}]\n")
        });
        assert!(problem(&bomb).contains("too much"), "{}", problem(&bomb));
        let fault = read("a.yml", b"a: 1\nb: \x88\xca").unwrap_err();
        assert_eq!(fault.place.to_string(), "a.yml:2:4");
    }
}
