//! Keys of notes, and how they are written (C2SP signed-note and tlog-cosignature).

use std::fmt;
use std::str::FromStr;

use ml_dsa::MlDsa44;
use sha2::{Digest, Sha256};

use crate::text::{decode, encode};

mod error;
mod signing;

pub use error::KeyError;
pub use signing::SigningKey;

/// Length of an Ed25519 public key, and of the seed of any key.
pub(crate) const KEY_BYTES: usize = 32;

/// What a key signs, and by which algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The text of a note, by Ed25519: what logs sign with.
    Ed25519,
    /// That a checkpoint continues all that were seen before, at a time, by Ed25519: what witnesses sign with.
    CosignatureEd25519,
    /// The same by ML-DSA-44 (FIPS 204), which a quantum computer does not break.
    CosignatureMlDsa44,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Ed25519, Self::CosignatureEd25519, Self::CosignatureMlDsa44];

    /// The byte that stands for it.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::CosignatureEd25519 => 0x04,
            Self::CosignatureMlDsa44 => 0x06,
        }
    }

    pub(crate) fn of(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.byte() == byte)
    }
}

/// A key's name and id, by which a signature tells whose it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName {
    /// The name: not empty, without white space and `+`.
    pub name: String,
    /// The first bytes of a hash over name, kind and public key.
    pub id: u32,
}

impl KeyName {
    fn of(name: &str, kind: Kind, public: &[u8]) -> Self {
        let hash: [u8; 32] = Sha256::new()
            .chain_update(name)
            .chain_update([b'\n', kind.byte()])
            .chain_update(public)
            .finalize()
            .into();
        let [a, b, c, d, ..] = hash;
        Self { name: name.to_owned(), id: u32::from_be_bytes([a, b, c, d]) }
    }
}

/// Whether a text can be a key's name.
#[must_use]
pub fn is_key_name(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

/// A public key: what signatures are checked with.
#[derive(Clone, PartialEq)]
pub struct VerifyingKey {
    name: KeyName,
    kind: Kind,
    public: Public,
}

#[derive(Clone, PartialEq)]
pub(crate) enum Public {
    Ed25519(ed25519_dalek::VerifyingKey),
    MlDsa44(Box<ml_dsa::VerifyingKey<MlDsa44>>),
}

impl VerifyingKey {
    /// The key of these bytes, as its kind writes them.
    ///
    /// # Errors
    /// The name cannot be one, or the bytes are no key.
    pub fn new(name: &str, kind: Kind, public: &[u8]) -> Result<Self, KeyError> {
        if !is_key_name(name) {
            return Err(KeyError::Name);
        }
        let key = match kind {
            Kind::Ed25519 | Kind::CosignatureEd25519 => {
                let bytes = public.try_into().map_err(|_| KeyError::Key)?;
                if !crate::ed25519::is_canonical(bytes) {
                    return Err(KeyError::Key);
                }
                let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::Key)?;
                if key.is_weak() {
                    return Err(KeyError::Key);
                }
                Public::Ed25519(key)
            }
            Kind::CosignatureMlDsa44 => {
                let bytes = public.try_into().map_err(|_| KeyError::Key)?;
                Public::MlDsa44(Box::new(ml_dsa::VerifyingKey::decode(&bytes)))
            }
        };
        Ok(Self { name: KeyName::of(name, kind, public), kind, public: key })
    }

    /// Its name and id.
    #[must_use]
    pub const fn name(&self) -> &KeyName {
        &self.name
    }

    /// What it signs.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether `signature` is that of just these bytes; signatures of notes are checked by [`Note::verify`](crate::note::Note).
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.public {
            Public::Ed25519(key) => crate::ed25519::verifies(key, message, signature),
            Public::MlDsa44(key) => ml_dsa::Signature::<MlDsa44>::try_from(signature)
                .is_ok_and(|signature| key.verify_with_context(message, &[], &signature)),
        }
    }

    fn public_bytes(&self) -> Vec<u8> {
        match &self.public {
            Public::Ed25519(key) => key.to_bytes().to_vec(),
            Public::MlDsa44(key) => key.encode().to_vec(),
        }
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let KeyName { name, id } = &self.name;
        let key = [&[self.kind.byte()], self.public_bytes().as_slice()].concat();
        write!(f, "{name}+{id:08x}+{}", encode(&key))
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({self})")
    }
}

impl FromStr for VerifyingKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        if text.starts_with(signing::BEFORE) {
            return Err(KeyError::Private);
        }
        let (name, id, kind, public) = parts(text)?;
        let key = Self::new(name, kind, &public)?;
        if key.name.id == id { Ok(key) } else { Err(KeyError::Id) }
    }
}

/// Name, id, kind and key of `name+id+base64`.
fn parts(text: &str) -> Result<(&str, u32, Kind, Vec<u8>), KeyError> {
    let (name, rest) = text.split_once('+').ok_or(KeyError::Shape)?;
    let (id, key) = rest.split_once('+').ok_or(KeyError::Shape)?;
    if !is_key_name(name) {
        return Err(KeyError::Name);
    }
    let is_id = id.len() == 8 && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let id = u32::from_str_radix(id, 16).ok().filter(|_| is_id).ok_or(KeyError::Id)?;
    let key = decode(key).ok_or(KeyError::Shape)?;
    let (kind, key) = key.split_first().ok_or(KeyError::Shape)?;
    Ok((name, id, Kind::of(*kind).ok_or(KeyError::Kind(*kind))?, key.to_vec()))
}
