//! Entry bundles: the leaves of a tile, each after its length.

use std::fmt;

use crate::hash::Hash;

/// Leaves, one after the other, as they are served.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bundle {
    bytes: Vec<u8>,
}

/// What is wrong with a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BundleError {
    /// A leaf is longer than the two bytes of its length can tell.
    LongLeaf {
        /// How long it is.
        n_bytes: usize,
    },
    /// The bytes end within a leaf.
    CutOff,
}

impl fmt::Display for BundleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LongLeaf { n_bytes } => {
                write!(f, "a leaf has {n_bytes} bytes, and a bundle holds such of at most 65535")
            }
            Self::CutOff => f.write_str("the bundle ends within a leaf"),
        }
    }
}

impl std::error::Error for BundleError {}

impl Bundle {
    /// Adds a leaf.
    ///
    /// # Errors
    /// [`BundleError::LongLeaf`] where it is too long.
    pub fn push(&mut self, leaf: &[u8]) -> Result<(), BundleError> {
        let length = u16::try_from(leaf.len()).map_err(|_| BundleError::LongLeaf { n_bytes: leaf.len() })?;
        self.bytes.extend(length.to_be_bytes());
        self.bytes.extend(leaf);
        Ok(())
    }

    /// The bytes that are served.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The leaves of a bundle that was served.
    ///
    /// # Errors
    /// [`BundleError::CutOff`].
    pub fn leaves(mut bytes: &[u8]) -> Result<Vec<&[u8]>, BundleError> {
        let mut leaves = Vec::new();
        while !bytes.is_empty() {
            let (length, rest) = bytes.split_first_chunk::<2>().ok_or(BundleError::CutOff)?;
            let length = usize::from(u16::from_be_bytes(*length));
            let (leaf, rest) = rest.split_at_checked(length).ok_or(BundleError::CutOff)?;
            leaves.push(leaf);
            bytes = rest;
        }
        Ok(leaves)
    }

    /// The hashes of the leaves of a bundle that was served: what its tile of level 0 holds.
    ///
    /// # Errors
    /// [`BundleError::CutOff`].
    pub fn hashes(bytes: &[u8]) -> Result<Vec<Hash>, BundleError> {
        Ok(Self::leaves(bytes)?.into_iter().map(Hash::of_leaf).collect())
    }
}
