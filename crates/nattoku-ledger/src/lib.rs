//! The append-only log over opaque bytes: leaf hashes and the Merkle tree, proofs, tiles, checkpoints and receipts.
//!
//! What a leaf means is none of this crate's business, but for the few fields that a receipt shows: it sees bytes and gives
//! hashes, exactly as RFC 6962 section 2.1 defines them, and writes what the specifications of C2SP define, so that public
//! tools can check a ledger. Pure: no I/O, no clock, no randomness. `docs/reference/ledger-format.md` tells every byte.
//!
//! ```text
//! hash ─▶ tree, node ─▶ inclusion, consistency ─▶ log_proof ─▶ receipt
//!                 └─▶ tile                          ▲
//! key ─▶ note, cosignature ─▶ checkpoint ───────────┴─▶ witness
//! ```

pub mod hash;
pub mod tree;

pub mod consistency;
pub mod inclusion;
pub mod node;
pub mod proof;

pub mod tile;

pub mod checkpoint;
mod cosignature;
mod ed25519;
pub mod key;
pub mod note;
mod text;

pub mod log_proof;
pub mod witness;

pub mod json;
pub mod receipt;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use consistency::Tree;
pub use hash::Hash;
pub use json::Json;
pub use key::{KeyError, KeyName, Kind, SigningKey, VerifyingKey};
pub use log_proof::{LogProof, LogProofError, ProofPart};
pub use node::{Node, Nodes};
pub use note::{Note, NoteError, Verified};
pub use proof::ProofError;
pub use receipt::{Opening, Receipt, ReceiptError, VerifiedReceipt};
pub use tile::{Bundle, BundleError, Row, Tile, TileNodes, TileNodesError};
pub use tree::{Frontier, FrontierError};
pub use witness::{AddCheckpoint, Refusal};
