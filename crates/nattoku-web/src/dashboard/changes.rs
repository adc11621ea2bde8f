//! What today's text of a consent changed of the one that a person answered, told by word.

use crate::compare::{Fate, compare};

/// A piece of text with what became of it.
pub(crate) struct Piece {
    pub(crate) is_gone: bool,
    pub(crate) is_new: bool,
    pub(crate) text: String,
}

/// The lines of both texts in one order.
pub(super) fn changes(older: &str, newer: &str) -> Vec<Vec<Piece>> {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let piece = |(fate, text)| Piece { is_gone: fate == Fate::Removed, is_new: fate == Fate::Added, text };
    let compared = compare(&lines(older), &lines(newer)).into_iter();
    compared.map(|line| line.pieces.into_iter().map(piece).collect()).collect()
}
