//! The small notations of notes and proofs: Base64 by RFC 4648 section 4 with padding, plain numbers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::hash::Hash;

/// Takes what others take too: unused bits at the end that are not zero.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

pub(crate) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes, if the text is the only one that stands for them.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// The bytes, and whether the text is the only one that stands for them.
pub(crate) fn decode_any(text: &str) -> Option<(Vec<u8>, bool)> {
    let bytes = LENIENT.decode(text).ok()?;
    let is_canonical = encode(&bytes) == text;
    Some((bytes, is_canonical))
}

pub(crate) fn hash(text: &str) -> Option<Hash> {
    decode(text)?.try_into().ok().map(Hash)
}

/// A number in decimal digits, without a sign and without needless zeros.
pub(crate) fn number(text: &str) -> Option<u64> {
    let is_plain = text == "0" || !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain)
}
