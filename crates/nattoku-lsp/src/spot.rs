//! What of the language stands at a byte: a node's word, the name of a property, or a value.

use std::ops::Range;

use nattoku_policy::ast::{Spanned, Value as Written};
use nattoku_policy::index::Index;
use nattoku_policy::source::FileId;
use nattoku_policy::vocabulary::{self, Node, Prop, Value};

/// A part of a node.
#[derive(Debug)]
pub(crate) enum Spot<'i> {
    /// The word that the node begins with.
    Word(&'static Node),
    /// The name of a property.
    Key(&'static Prop),
    /// An argument or the value of a property.
    Value(Value, &'i Spanned<Written>),
}

/// What stands there, with its bytes; none where the language has no word for it.
pub(crate) fn at(index: &Index, file: FileId, offset: usize) -> Option<(Spot<'_>, Range<usize>)> {
    let path = index.path_at(file, offset);
    let node = path.last()?;
    let meaning = vocabulary::find(path.iter().map(|n| n.name.value.as_str()))?;
    let is_here = |span: &Range<usize>| span.start <= offset && offset <= span.end;
    if is_here(&node.name.span) {
        return Some((Spot::Word(meaning), node.name.span.clone()));
    }
    for (key, value) in &node.props {
        let Some(prop) = meaning.prop(&key.value) else { continue };
        if is_here(&key.span) {
            return Some((Spot::Key(prop), key.span.clone()));
        }
        if is_here(&value.span) {
            return Some((Spot::Value(prop.value, value), value.span.clone()));
        }
    }
    let (number, arg) = node.args.iter().enumerate().find(|(_, arg)| is_here(&arg.span))?;
    Some((Spot::Value(meaning.arg(number)?, arg), arg.span.clone()))
}
