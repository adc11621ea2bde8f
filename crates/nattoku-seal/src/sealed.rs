//! Sealed bytes: AES-256-GCM-SIV with a commitment to the key.

use std::fmt;

use aes_gcm_siv::aead::AeadInOut;
use aes_gcm_siv::{Aes256GcmSiv, KeyInit};
use zeroize::Zeroizing;

use crate::Key;
use crate::mac::hmac_sha256;
use crate::place::Place;

/// The suite that is written: AES-256-GCM-SIV, with a key commitment by HMAC-SHA256.
pub const SUITE: u8 = 1;
/// How many bytes sealing adds to a text.
pub const OVERHEAD: usize = HEADER + 16;

/// Suite, version of the key, nonce, key commitment.
const HEADER: usize = 1 + 4 + 12 + 32;

/// 12 random bytes.
pub type Nonce = [u8; 12];

/// Why sealed bytes do not open. Neither key nor text is part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// There are fewer bytes than any sealed text has.
    #[error("the sealed bytes are cut off")]
    Short,
    /// They are of a suite that this version does not know.
    #[error("the suite byte is {0:02x}, not 01")]
    Suite(u8),
    /// Another key sealed them, or they belong to another place.
    #[error("another key sealed them, or they belong elsewhere")]
    Elsewhere,
    /// The text was changed.
    #[error("the sealed text was changed")]
    Changed,
    /// What was opened is not of the kind that belongs there.
    #[error("what is sealed there is of another length")]
    Length,
}

/// A key made ready to seal and to open.
///
/// What the cipher makes of a key is many times as long, and is made for each text: of hundreds of thousands of principals whose
/// keys are remembered, the keys alone are.
#[derive(Clone)]
pub struct SealingKey {
    encryption: Key,
    commitment: Key,
    version: u32,
}

impl SealingKey {
    /// Makes a key of some version ready.
    #[must_use]
    pub fn new(key: &Key, version: u32) -> Self {
        let subkey = |name: &[u8]| Key::new(*Zeroizing::new(hmac_sha256(key.bytes(), &[name])));
        let (encryption, commitment) =
            (subkey(b"nattoku seal 1 encryption"), subkey(b"nattoku seal 1 commitment"));
        Self { encryption, commitment, version }
    }

    fn cipher(&self) -> Aes256GcmSiv {
        Aes256GcmSiv::new(self.encryption.bytes().into())
    }

    /// The version of the key.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// The version of the key that sealed some bytes, if they are long enough to say.
    #[must_use]
    pub fn version_of(sealed: &[u8]) -> Option<u32> {
        Some(u32::from_be_bytes(*sealed.get(1..)?.first_chunk()?))
    }

    /// Seals a text for a place. The nonce must be random.
    #[must_use]
    pub fn seal(&self, place: &Place, nonce: &Nonce, text: &[u8]) -> Vec<u8> {
        let place = place.bytes(SUITE, self.version);
        let mut sealed = Vec::with_capacity(text.len() + OVERHEAD);
        sealed.push(SUITE);
        sealed.extend_from_slice(&self.version.to_be_bytes());
        sealed.extend_from_slice(nonce);
        sealed.extend_from_slice(&hmac_sha256(self.commitment.bytes(), &[nonce, &place]));
        let mut text = text.to_vec();
        // It fails for texts of more than 64 GiB alone; such a one would be sealed as nothing that opens.
        let sealing = self.cipher().encrypt_inout_detached(nonce.into(), &place, text.as_mut_slice().into());
        if let Ok(tag) = sealing {
            sealed.extend_from_slice(&text);
            sealed.extend_from_slice(&tag);
        }
        sealed
    }

    /// Opens what was sealed with this key for this place.
    ///
    /// # Errors
    /// The bytes were sealed otherwise, for another place, or were changed.
    pub fn open(&self, place: &Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let (header, text) = sealed.split_first_chunk::<HEADER>().ok_or(OpenError::Short)?;
        let [suite, v0, v1, v2, v3, rest @ ..] = header;
        if *suite != SUITE {
            return Err(OpenError::Suite(*suite));
        }
        let version = u32::from_be_bytes([*v0, *v1, *v2, *v3]);
        let (nonce, committed) = rest.split_first_chunk::<12>().ok_or(OpenError::Short)?;
        let place = place.bytes(SUITE, version);
        // The commitment is no secret: it stands in the clear beside the text, so the time of comparing it says nothing.
        if version != self.version || hmac_sha256(self.commitment.bytes(), &[nonce, &place]) != *committed {
            return Err(OpenError::Elsewhere);
        }
        let (text, tag) = text.split_last_chunk::<16>().ok_or(OpenError::Short)?;
        let mut text = Zeroizing::new(text.to_vec());
        self.cipher()
            .decrypt_inout_detached(nonce.into(), &place, text.as_mut_slice().into(), tag.into())
            .map_err(|_| OpenError::Changed)?;
        Ok(text)
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealingKey").field("version", &self.version).finish_non_exhaustive()
    }
}
