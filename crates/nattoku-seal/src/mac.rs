//! HMAC-SHA256, and the commitment that stands in a leaf.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// HMAC-SHA256 (RFC 2104) with a key of 32 bytes over the parts of a message, one after the other.
#[must_use]
pub fn hmac_sha256(key: &[u8; 32], message: &[&[u8]]) -> [u8; 32] {
    // HMAC fills a short key up with zeros to the block's 64 bytes; doing so here leaves nothing that could fail.
    let mut block = zeroize::Zeroizing::new([0; 64]);
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    for part in message {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// What a leaf holds of a payload: whoever has key and payload can check it, whoever lacks the key can guess nothing.
#[must_use]
pub fn commitment(key: &crate::Key, payload: &[u8]) -> [u8; 32] {
    hmac_sha256(key.bytes(), &[payload])
}
