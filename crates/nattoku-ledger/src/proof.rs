//! What inclusion and consistency proofs share: the errors.

use std::fmt;

/// Why a proof proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofError {
    /// The leaf is not in a tree of that size.
    OutsideTheTree {
        /// The leaf's index, from 0.
        index: u64,
        /// How many leaves the tree has.
        size: u64,
    },
    /// The older tree is said to be larger than the newer.
    Shrunk {
        /// The size of the older tree.
        old: u64,
        /// The size of the newer tree.
        new: u64,
    },
    /// The proof has more or fewer hashes than one of such a tree.
    WrongLength {
        /// How many it has.
        found: usize,
    },
    /// Its hashes lead to another root.
    WrongRoot,
}

impl fmt::Display for ProofError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutsideTheTree { index, size } => {
                write!(f, "the leaf of index {index} is not in a tree of {size} leaves")
            }
            Self::Shrunk { old, new } => {
                write!(f, "a tree of {new} leaves cannot continue one of {old}")
            }
            Self::WrongLength { found } => {
                write!(f, "a proof for these sizes does not have {found} hashes")
            }
            Self::WrongRoot => f.write_str("the proof leads to another root"),
        }
    }
}

impl ProofError {
    /// The same in Japanese.
    #[must_use]
    pub fn japanese(&self) -> String {
        match self {
            Self::OutsideTheTree { index, size } => {
                format!("番号 {index} の葉は、葉が {size} 枚の木にはありません")
            }
            Self::Shrunk { old, new } => {
                format!("葉が {new} 枚の木は、{old} 枚の木の続きではありえません")
            }
            Self::WrongLength { found } => {
                format!("この大きさの木の証明に、ハッシュが {found} 個あることはありません")
            }
            Self::WrongRoot => "証明から求めた根が違います".to_owned(),
        }
    }
}

impl std::error::Error for ProofError {}
