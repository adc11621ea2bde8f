//! Private keys of notes.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::Signer as _;
use ml_dsa::{Keypair as _, MlDsa44};

use super::{KEY_BYTES, KeyError, KeyName, Kind, VerifyingKey, is_key_name, parts};
use crate::text::encode;

/// What the text of a private key begins with.
pub(super) const BEFORE: &str = "PRIVATE+KEY+";

/// A private key. It is shown nowhere but by [`SigningKey::to_private_text`].
pub struct SigningKey {
    public: VerifyingKey,
    secret: Secret,
}

enum Secret {
    Ed25519(Box<ed25519_dalek::SigningKey>),
    MlDsa44(Box<ml_dsa::SigningKey<MlDsa44>>),
}

impl SigningKey {
    /// The key of a seed, which must be 32 bytes that nobody can guess.
    ///
    /// # Errors
    /// [`KeyError::Name`] where the name cannot be one.
    pub fn new(name: &str, kind: Kind, seed: [u8; KEY_BYTES]) -> Result<Self, KeyError> {
        if !is_key_name(name) {
            return Err(KeyError::Name);
        }
        let (secret, public) = match kind {
            Kind::Ed25519 | Kind::CosignatureEd25519 => {
                let key = ed25519_dalek::SigningKey::from_bytes(&seed);
                let public = key.verifying_key().to_bytes().to_vec();
                (Secret::Ed25519(Box::new(key)), public)
            }
            Kind::CosignatureMlDsa44 => {
                let key = ml_dsa::SigningKey::<MlDsa44>::from_seed(&seed.into());
                let public = key.verifying_key().encode().to_vec();
                (Secret::MlDsa44(Box::new(key)), public)
            }
        };
        Ok(Self { public: VerifyingKey::new(name, kind, &public)?, secret })
    }

    /// The public key.
    #[must_use]
    pub const fn verifying_key(&self) -> &VerifyingKey {
        &self.public
    }

    /// The key as one line of text: whoever reads it can sign.
    #[must_use]
    pub fn to_private_text(&self) -> String {
        let KeyName { name, id } = self.public.name();
        let seed: [u8; KEY_BYTES] = match &self.secret {
            Secret::Ed25519(key) => key.to_bytes(),
            Secret::MlDsa44(key) => key.to_seed().into(),
        };
        let key = [&[self.public.kind().byte()], seed.as_slice()].concat();
        format!("{BEFORE}{name}+{id:08x}+{}", encode(&key))
    }

    /// Signs a message; the same message gives the same signature.
    pub(crate) fn sign_message(&self, message: &[u8]) -> Vec<u8> {
        match &self.secret {
            Secret::Ed25519(key) => key.sign(message).to_bytes().to_vec(),
            // Only a context of more than 255 bytes is refused, and there is none.
            Secret::MlDsa44(key) => key
                .expanded_key()
                .sign_deterministic(message, &[])
                .map(|signature| signature.encode().to_vec())
                .unwrap_or_default(),
        }
    }
}

impl FromStr for SigningKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let Some(rest) = text.strip_prefix(BEFORE) else {
            return Err(if text.parse::<VerifyingKey>().is_ok() {
                KeyError::Public
            } else {
                KeyError::Shape
            });
        };
        let (name, id, kind, seed) = parts(rest)?;
        let key = Self::new(name, kind, seed.try_into().map_err(|_| KeyError::Key)?)?;
        if key.public.name().id == id { Ok(key) } else { Err(KeyError::Id) }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey(of {})", self.public)
    }
}
