//! Which shapes were asked of which nodes, so that a test can hold the vocabulary against them.

use std::cell::RefCell;

use super::Shape;
use crate::ast::Node;
use crate::source::FileId;

thread_local! {
    static ASKED: RefCell<Vec<Asked>> = const { RefCell::new(Vec::new()) };
}

/// A shape, and the node it was asked of.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) file: FileId,
    pub(crate) at: usize,
    pub(crate) name: String,
    pub(crate) args: (usize, usize),
    pub(crate) props: Vec<&'static str>,
    pub(crate) needs_props: Vec<&'static str>,
    pub(crate) nodes: Vec<&'static str>,
    pub(crate) needs: Vec<&'static str>,
    pub(crate) is_open: bool,
}

/// Takes down that a shape was asked.
pub(super) fn take(node: &Node, shape: &Shape) {
    let asked = Asked {
        file: node.file,
        at: node.span.start,
        name: node.name.value.clone(),
        args: shape.args,
        props: shape.props.to_vec(),
        needs_props: shape.needs_props.to_vec(),
        nodes: shape.nodes().collect(),
        needs: shape.needs.to_vec(),
        is_open: shape.open,
    };
    ASKED.with_borrow_mut(|all| all.push(asked));
}

/// Every shape asked on this thread since the last time.
pub(crate) fn asked() -> Vec<Asked> {
    ASKED.take()
}
