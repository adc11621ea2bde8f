//! Ed25519 checked strictly: one signature of one message is never two texts, and no key verifies more than it signed.

use ed25519_dalek::{Signature, VerifyingKey};

/// The prime of the curve's field, 2^255 − 19, the least byte first.
const PRIME: [u8; 32] = {
    let mut prime = [0xff; 32];
    prime[0] = 0xed;
    prime[31] = 0x7f;
    prime
};

/// Whether the bytes are the one encoding of a point: its coordinate is less than the prime.
pub(crate) fn is_canonical(point: &[u8; 32]) -> bool {
    let mut y = *point;
    let [.., last] = &mut y;
    // The highest bit is the sign of the other coordinate.
    *last &= 0x7f;
    y.iter().rev().lt(PRIME.iter().rev())
}

/// Whether the signature is that of the message, by RFC 8032 without the cofactor, and with canonical points of no small order.
pub(crate) fn verifies(key: &VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    let Ok(bytes) = <&[u8; 64]>::try_from(signature) else { return false };
    let (point, _) = bytes.split_at(32);
    let is_canonical = point.try_into().is_ok_and(is_canonical);
    is_canonical && key.verify_strict(message, &Signature::from_bytes(bytes)).is_ok()
}
