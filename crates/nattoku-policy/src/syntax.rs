//! Text to tree: KDL 2, read by hand so that every message exists in both languages and every input, however broken or
//! deep, is read in one pass.
//!
//! Reading never fails: it gives the nodes that could be made out, and diagnostics for the rest. What KDL leaves to the
//! application is narrowed here: a policy uses no type annotations.

pub(crate) mod lexer;
mod literal;
mod parser;
#[cfg(test)]
pub(crate) mod reference;
pub(crate) mod width;

pub(crate) use parser::parse;

/// Deepest nesting of braces. The vocabulary needs four levels, trees of categories a few more.
pub(crate) const DEPTH_MAX: usize = 64;
