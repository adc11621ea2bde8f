//! By which algorithms a token may be signed: those where whoever checks cannot sign.
//!
//! There is no value for `none` and none for HMAC, so neither can be allowed, by a setting or by a token's own word.

use std::fmt;

use nattoku_model::name::nearest;

/// An algorithm of RFC 7518 or RFC 8037.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA with PKCS #1 v1.5 and SHA-256.
    Rs256,
    /// The same with SHA-384.
    Rs384,
    /// The same with SHA-512.
    Rs512,
    /// RSA-PSS with SHA-256.
    Ps256,
    /// The same with SHA-384.
    Ps384,
    /// The same with SHA-512.
    Ps512,
    /// ECDSA over P-256.
    Es256,
    /// ECDSA over P-384.
    Es384,
    /// Ed25519.
    EdDsa,
}

/// What an algorithm signs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Rsa,
    P256,
    P384,
    Ed25519,
}

impl Algorithm {
    /// Every one.
    pub const ALL: [Self; 9] = [
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Es256,
        Self::Es384,
        Self::EdDsa,
    ];

    /// By what is signed unless somebody says otherwise.
    pub const USUAL: [Self; 5] = [Self::Rs256, Self::Ps256, Self::Es256, Self::Es384, Self::EdDsa];

    /// Its name in a token's header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
        }
    }

    /// The algorithm of a name.
    ///
    /// # Errors
    /// There is none; the nearest, where one is near.
    pub fn named(name: &str) -> Result<Self, Option<&'static str>> {
        let found = Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == name);
        found.ok_or_else(|| nearest(name, Self::ALL.map(Self::as_str)))
    }

    /// The one that a token's header names.
    pub(crate) fn of(named: jsonwebtoken::Algorithm) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.outer() == named)
    }

    pub(crate) const fn outer(self) -> jsonwebtoken::Algorithm {
        use jsonwebtoken::Algorithm as Outer;
        match self {
            Self::Rs256 => Outer::RS256,
            Self::Rs384 => Outer::RS384,
            Self::Rs512 => Outer::RS512,
            Self::Ps256 => Outer::PS256,
            Self::Ps384 => Outer::PS384,
            Self::Ps512 => Outer::PS512,
            Self::Es256 => Outer::ES256,
            Self::Es384 => Outer::ES384,
            Self::EdDsa => Outer::EdDSA,
        }
    }

    pub(crate) const fn family(self) -> Family {
        match self {
            Self::Rs256 | Self::Rs384 | Self::Rs512 | Self::Ps256 | Self::Ps384 | Self::Ps512 => Family::Rsa,
            Self::Es256 => Family::P256,
            Self::Es384 => Family::P384,
            Self::EdDsa => Family::Ed25519,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_a_shared_secret_or_none_at_all_cannot_be_named() {
        for algorithm in Algorithm::ALL {
            assert_eq!(Algorithm::named(algorithm.as_str()), Ok(algorithm));
            assert_eq!(Algorithm::of(algorithm.outer()), Some(algorithm));
        }
        for refused in ["none", "None", "HS256", "HS384", "HS512", "rs256", ""] {
            assert!(Algorithm::named(refused).is_err(), "{refused}");
        }
        for outer in jsonwebtoken::AlgorithmFamily::Hmac.algorithms() {
            assert_eq!(Algorithm::of(*outer), None);
        }
    }
}
