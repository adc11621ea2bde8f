//! The key that all others rest on, wherever it is kept.

use crate::Key;
use crate::place::Place;
use crate::sealed::Nonce;

/// A key that a key-encryption key wrapped: bytes that say how, and mean nothing without it.
pub type Wrapped = Vec<u8>;

/// A key-encryption key: it wraps keys and unwraps them again, and may never leave where it is kept.
///
/// It has versions. Wrapping takes the newest; unwrapping takes whichever wrapped, while that one is not destroyed.
pub trait KeyEncryptionKey: Send + Sync + std::fmt::Debug {
    /// The 16 bytes that tell this key from every other; they are no secret.
    fn id(&self) -> [u8; 16];

    /// What it is called, for people: `file:/etc/nattoku/kek`. It is no secret.
    fn name(&self) -> String;

    /// The newest version.
    ///
    /// # Errors
    /// The keeper of the key cannot be reached.
    fn version(&self) -> Result<u32, KekError>;

    /// Wraps a key for a place. The nonce is random, and is used where the keeper draws none itself.
    ///
    /// # Errors
    /// The keeper of the key cannot be reached, or refuses.
    fn wrap(&self, place: &Place, nonce: &Nonce, key: &Key) -> Result<Wrapped, KekError>;

    /// Unwraps a key that was wrapped for a place.
    ///
    /// # Errors
    /// The keeper of the key cannot be reached or refuses; the bytes were wrapped otherwise, or elsewhere.
    fn unwrap(&self, place: &Place, wrapped: &[u8]) -> Result<Key, KekError>;

    /// Makes a new version, of these random bytes where the keeper draws none itself, and tells its number.
    ///
    /// # Errors
    /// The keeper of the key cannot be reached, or refuses.
    fn add_version(&self, random: &Key) -> Result<u32, KekError>;

    /// Destroys every version before this one. What they wrapped is lost for ever, in every copy of it.
    ///
    /// # Errors
    /// The keeper of the key cannot be reached, or refuses.
    fn destroy_before(&self, version: u32) -> Result<(), KekError>;
}

/// Why a key-encryption key did not do what it was asked, in both languages, with what to do about it. No secret is part of
/// it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{en}")]
pub struct KekError {
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
}

impl KekError {
    /// An error in both languages.
    pub fn new(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ja: ja.into(), en: en.into() }
    }
}
