//! The id of a key that is not in a file, and the head of what it wraps.

use sha2::{Digest, Sha256};

/// The id of the key of a name: the first half of the name's SHA-256.
pub(crate) fn id_of(name: &str) -> [u8; 16] {
    let [id @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = Sha256::digest(name).0;
    id
}

/// What a keeper wrapped, with its byte and the version of the key in front.
pub(crate) fn with_head(keeper: u8, version: u32, rest: &[&[u8]]) -> Vec<u8> {
    let mut bytes = vec![keeper];
    bytes.extend_from_slice(&version.to_be_bytes());
    for part in rest {
        bytes.extend_from_slice(part);
    }
    bytes
}

/// The version of the key, and what follows, if these bytes are of that keeper.
pub(crate) fn split_head(keeper: u8, wrapped: &[u8]) -> Option<(u32, &[u8])> {
    let (head, rest) = wrapped.split_first_chunk::<5>()?;
    let [found, version @ ..] = head;
    (*found == keeper).then_some((u32::from_be_bytes(*version), rest))
}
