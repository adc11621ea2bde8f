//! Where in a text a cursor stands, as far as what stands before it tells: an editor asks while a line is half typed,
//! when no tree can tell yet.

use std::ops::Range;

use crate::syntax::lexer::{Kind, Token, lex};

/// A place in which something is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The nodes around it, from the top; the node that is being typed is the last, unless its name is.
    pub path: Vec<String>,
    /// What is being typed.
    pub spot: Spot,
    /// The bytes of what is there of it already.
    pub word: Range<usize>,
}

/// What is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spot {
    /// The name of a node.
    Node,
    /// An argument, or the name of a property.
    Entry {
        /// The arguments before it.
        args: Vec<String>,
        /// The properties that are there already.
        keys: Vec<String>,
        /// Whether it is in quotes, so that it can only be an argument.
        is_quoted: bool,
    },
    /// The value of a property.
    Value {
        /// The property.
        key: String,
    },
}

/// The place of a byte in the text of a `.kdl` file; none within a comment or a text of several lines.
#[must_use]
pub fn cursor(text: &str, offset: usize) -> Option<Cursor> {
    let before = text.get(..offset)?;
    let tokens = lex(before).0;
    let (done, typed) = match tokens.split_last() {
        Some((last, rest)) => match typed(before, *last)? {
            Some(typed) => (rest, typed),
            None => (tokens.as_slice(), Typed { start: offset, is_quoted: false }),
        },
        None => (&[][..], Typed { start: offset, is_quoted: false }),
    };
    let mut reader = Reader::default();
    for token in done {
        reader.token(token.kind, before.get(token.span()).unwrap_or(""));
    }
    let after = text.get(offset..).unwrap_or("");
    let rest = after.find(|c: char| !is_part(c)).unwrap_or(after.len());
    let word = typed.start..offset + rest;
    let (path, spot) = reader.finish(typed.is_quoted)?;
    Some(Cursor { path, spot, word })
}

/// What stands before the cursor of the word that is being typed.
struct Typed {
    start: usize,
    is_quoted: bool,
}

/// The word that the last token is the beginning of, if it is of any; none at all where nothing can be typed.
#[expect(clippy::option_option, reason = "nothing typed yet is another thing than nowhere to type")]
fn typed(before: &str, token: Token) -> Option<Option<Typed>> {
    let span = token.span();
    let text = before.get(span.clone())?;
    match token.kind {
        Kind::Word | Kind::Number | Kind::Keyword => {
            Some(Some(Typed { start: span.start, is_quoted: false }))
        }
        Kind::LineComment => None,
        // An open comment reaches to the end of what is read.
        Kind::BlockComment if !text.ends_with("*/") || text.len() < 4 => None,
        Kind::Bad if text.starts_with('"') && !text.starts_with("\"\"\"") => {
            let inner = text.rfind([' ', '　', '"']).map_or(0, |i| i + text.get(i..).map_or(1, first_len));
            Some(Some(Typed { start: span.start + inner, is_quoted: true }))
        }
        Kind::Bad if text.starts_with(['"', '#']) && text.len() > 1 => None,
        _ => Some(None),
    }
}

fn first_len(text: &str) -> usize {
    text.chars().next().map_or(1, char::len_utf8)
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-')
}

/// Takes in what is complete, and knows what comes next.
#[derive(Debug, Default)]
struct Reader {
    /// The nodes whose braces are open.
    path: Vec<String>,
    /// The node that has begun on this line.
    node: Option<Begun>,
}

#[derive(Debug, Default)]
struct Begun {
    name: String,
    args: Vec<String>,
    keys: Vec<String>,
    /// The property whose value comes next.
    key: Option<String>,
    /// Whether its braces were closed.
    is_closed: bool,
}

impl Reader {
    fn token(&mut self, kind: Kind, text: &str) {
        match kind {
            Kind::Newline | Kind::Semicolon | Kind::LineComment => self.node = None,
            Kind::Open => self.path.push(self.node.take().map_or_else(String::new, |node| node.name)),
            Kind::Close => {
                let name = self.path.pop().unwrap_or_default();
                self.node = Some(Begun { name, is_closed: true, ..Begun::default() });
            }
            Kind::Word | Kind::Number | Kind::Keyword | Kind::Quoted | Kind::Raw | Kind::WideQuoted => {
                let word = text.trim_matches(['"', '#']).to_owned();
                match &mut self.node {
                    None => self.node = Some(Begun { name: word, ..Begun::default() }),
                    Some(node) => match node.key.take() {
                        Some(key) => node.keys.push(key),
                        None => node.args.push(word),
                    },
                }
            }
            Kind::Equals => {
                if let Some(node) = &mut self.node {
                    node.key = node.args.pop();
                }
            }
            _ => {}
        }
    }

    fn finish(mut self, is_quoted: bool) -> Option<(Vec<String>, Spot)> {
        let Some(node) = self.node else { return Some((self.path, Spot::Node)) };
        if node.is_closed {
            return None;
        }
        self.path.push(node.name);
        let spot = match node.key {
            Some(key) => Spot::Value { key },
            None => Spot::Entry { args: node.args, keys: node.keys, is_quoted },
        };
        Some((self.path, spot))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cursor at `|`, as path, spot and what is there of the word.
    fn at(text: &str) -> Option<(String, Spot, String)> {
        let offset = text.find('|').unwrap();
        let text = text.replacen('|', "", 1);
        let cursor = cursor(&text, offset)?;
        Some((cursor.path.join(" "), cursor.spot, text[cursor.word].to_owned()))
    }

    fn entry(args: &[&str], keys: &[&str], is_quoted: bool) -> Spot {
        let owned = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
        Spot::Entry { args: owned(args), keys: owned(keys), is_quoted }
    }

    fn found(path: &str, spot: Spot, word: &str) -> (String, Spot, String) {
        (path.to_owned(), spot, word.to_owned())
    }

    #[test]
    fn the_name_of_a_node_is_typed_at_the_beginning() {
        assert_eq!(at("|").unwrap(), found("", Spot::Node, ""));
        assert_eq!(at("act|").unwrap(), found("", Spot::Node, "act"));
        assert_eq!(at("activity a {\n    ne|eds\n}").unwrap(), found("activity", Spot::Node, "needs"));
        assert_eq!(at("activity a { needs b; | }").unwrap(), found("activity", Spot::Node, ""));
        assert_eq!(at("a { b { c {} }\n|").unwrap(), found("a", Spot::Node, ""));
        assert_eq!(at("a {} // why\n|").unwrap(), found("", Spot::Node, ""));
    }

    #[test]
    fn what_follows_is_an_argument_or_a_property() {
        assert_eq!(at("activity |").unwrap(), found("activity", entry(&[], &[], false), ""));
        assert_eq!(at("a { needs b loc|").unwrap(), found("a needs", entry(&["b"], &[], false), "loc"));
        assert_eq!(at("a b c=1 d|").unwrap(), found("a", entry(&["b"], &["c"], false), "d"));
        assert_eq!(at("a \\\n  b|").unwrap(), found("a", entry(&[], &[], false), "b"));
        assert_eq!(at("cite \"R1\" \"AP|").unwrap(), found("cite", entry(&["R1"], &[], true), "AP"));
    }

    #[test]
    fn what_follows_an_equals_sign_is_its_value() {
        let value = |key: &str| Spot::Value { key: key.to_owned() };
        assert_eq!(at("activity a purpose=|").unwrap(), found("activity", value("purpose"), ""));
        assert_eq!(at("activity a purpose=of|f x=1").unwrap(), found("activity", value("purpose"), "off"));
        assert_eq!(at("activity a purpose=\"of sa|").unwrap(), found("activity", value("purpose"), "sa"));
        assert_eq!(
            at("activity a purpose = \"文　sa|fety\"").unwrap(),
            found("activity", value("purpose"), "safety")
        );
    }

    #[test]
    fn nothing_is_typed_in_comments_long_texts_and_behind_braces() {
        for text in ["// a|", "a // b|", "/* a |", "ja \"\"\"\n  text|", "a {} |", "#\"raw|"] {
            assert_eq!(at(text), None, "{text}");
        }
        assert_eq!(at("/* a */ b|").unwrap(), found("", Spot::Node, "b"));
    }
}
