//! The append-only log over opaque bytes: leaf hashes and the Merkle tree.
//!
//! What a leaf means is none of this crate's business: it sees bytes and gives hashes, exactly as RFC 6962 section 2.1
//! defines them, so that public tools can check a ledger. Pure: no I/O, no clock, no randomness.

pub mod hash;
pub mod tree;

pub use hash::Hash;
pub use tree::{Frontier, FrontierError};
