//! The keys of one principal.

use zeroize::Zeroizing;

use crate::place::{Kind, Place};
use crate::sealed::{Nonce, OpenError, SealingKey};
use crate::{Key, mac};

/// The version of every data key.
const DATA_KEY_VERSION: u32 = 1;

/// The keys of one principal, made ready. Destroying them is what erases the principal.
#[derive(Debug, Clone)]
pub struct PrincipalKeys {
    data: Key,
    commitment: Key,
    sealing: SealingKey,
}

impl PrincipalKeys {
    /// Keys of random bytes.
    #[must_use]
    pub fn new(data: Key, commitment: Key) -> Self {
        let sealing = SealingKey::new(&data, DATA_KEY_VERSION);
        Self { data, commitment, sealing }
    }

    /// What seals payloads and the identifier.
    #[must_use]
    pub const fn sealing(&self) -> &SealingKey {
        &self.sealing
    }

    /// The key of the commitments in leaves, for whoever is to check a payload against one.
    #[must_use]
    pub const fn commitment_key(&self) -> &Key {
        &self.commitment
    }

    /// What a leaf holds of a payload of this principal.
    #[must_use]
    pub fn commitment(&self, payload: &[u8]) -> [u8; 32] {
        mac::commitment(&self.commitment, payload)
    }

    /// Seals the keys by the key of the principal's group.
    #[must_use]
    pub fn wrap(&self, group: &SealingKey, ledger: [u8; 16], principal: [u8; 16], nonce: &Nonce) -> Vec<u8> {
        let mut pair = Zeroizing::new(Vec::with_capacity(64));
        pair.extend_from_slice(self.data.bytes());
        pair.extend_from_slice(self.commitment.bytes());
        group.seal(&place(ledger, principal), nonce, &pair)
    }

    /// Opens keys that were sealed by the key of the principal's group.
    ///
    /// # Errors
    /// They were sealed by another key, for somebody else, or were changed.
    pub fn unwrap(
        group: &SealingKey,
        ledger: [u8; 16],
        principal: [u8; 16],
        wrapped: &[u8],
    ) -> Result<Self, OpenError> {
        let pair = group.open(&place(ledger, principal), wrapped)?;
        let (data, commitment) = pair.split_at_checked(32).ok_or(OpenError::Length)?;
        let key = |bytes| Key::from_slice(bytes).ok_or(OpenError::Length);
        Ok(Self::new(key(data)?, key(commitment)?))
    }
}

fn place(ledger: [u8; 16], principal: [u8; 16]) -> Place {
    Place { kind: Kind::PrincipalKeys, ledger, subject: principal, number: u64::from(DATA_KEY_VERSION) }
}
