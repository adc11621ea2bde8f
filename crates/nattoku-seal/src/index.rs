//! Finding a principal by an identifier that is not kept in the clear.

use crate::Key;
use crate::mac::hmac_sha256;

/// The rule by which an identifier is taken: as it is written.
const AS_WRITTEN: u8 = 1;
/// What is looked for is no identifier, but whose sessions they are.
const OF_SESSIONS: u8 = 2;

/// What an identifier is found by. Without the key it says nothing about the identifier.
#[must_use]
pub fn blind_index(key: &Key, identifier: &str) -> [u8; 16] {
    half(hmac_sha256(key.bytes(), &[&[AS_WRITTEN], identifier.as_bytes()]))
}

/// What the sessions of a principal are found by. Without the key it says nothing about whose they are.
#[must_use]
pub fn session_owner(key: &Key, principal: &[u8; 16]) -> [u8; 16] {
    half(hmac_sha256(key.bytes(), &[&[OF_SESSIONS], principal]))
}

const fn half(whole: [u8; 32]) -> [u8; 16] {
    let [half @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = whole;
    half
}
