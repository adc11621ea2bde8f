//! The append-only log over opaque bytes: leaf hashes and the Merkle tree. Pure.
