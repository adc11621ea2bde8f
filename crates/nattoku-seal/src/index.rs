//! Finding a principal by an identifier that is not kept in the clear.

use crate::Key;
use crate::mac::hmac_sha256;

/// The rule by which an identifier is taken: as it is written.
const AS_WRITTEN: u8 = 1;

/// What an identifier is found by. Without the key it says nothing about the identifier.
#[must_use]
pub fn blind_index(key: &Key, identifier: &str) -> [u8; 16] {
    let [lookup @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] =
        hmac_sha256(key.bytes(), &[&[AS_WRITTEN], identifier.as_bytes()]);
    lookup
}
