//! A proof that a leaf is in a log, in one file (C2SP tlog-proof): checked without asking anybody.

use std::fmt;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::hash::Hash;
use crate::inclusion;
use crate::key::VerifyingKey;
use crate::note::Verified;
use crate::proof::ProofError;
use crate::text::{self, decode, encode};

/// The first line.
const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// Most hashes: no tree is higher.
pub(crate) const HASHES_MAX: usize = 63;

/// The place of a leaf, the way from it to the root, and the checkpoint that has the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogProof {
    /// What an application adds; nobody signs it.
    pub extra: Option<Vec<u8>>,
    /// The leaf's index, from 0.
    pub index: u64,
    /// The inclusion proof, the hash nearest to the leaf first.
    pub hashes: Vec<Hash>,
    /// The signed checkpoint, as it was signed.
    pub checkpoint: String,
}

impl LogProof {
    /// Reads a file.
    ///
    /// # Errors
    /// [`LogProofError::Shape`] with what was expected.
    pub fn parse(file: &str) -> Result<Self, LogProofError> {
        let (head, checkpoint) = file.split_once("\n\n").ok_or(LogProofError::Shape(ProofPart::EmptyLine))?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(LogProofError::Shape(ProofPart::FirstLine));
        }
        let extra = match lines.next_if(|line| line.starts_with("extra ")) {
            Some(line) => {
                let written = line.trim_start_matches("extra ");
                Some(decode(written).ok_or(LogProofError::Shape(ProofPart::Extra))?)
            }
            None => None,
        };
        let index = lines.next().and_then(|line| line.strip_prefix("index ")).and_then(text::number);
        let index = index.ok_or(LogProofError::Shape(ProofPart::Index))?;
        let hashes: Option<Vec<Hash>> = lines.map(text::hash).collect();
        let hashes = hashes
            .filter(|hashes| hashes.len() <= HASHES_MAX)
            .ok_or(LogProofError::Shape(ProofPart::Hashes))?;
        Ok(Self { extra, index, hashes, checkpoint: checkpoint.to_owned() })
    }

    /// Checks that the leaf with this hash is in the log whose key is given, and tells the checkpoint and which of the
    /// witnesses cosigned it.
    ///
    /// # Errors
    /// The checkpoint is not the log's, or the proof does not lead to its root.
    pub fn verify(
        &self,
        leaf: Hash,
        log: &VerifyingKey,
        witnesses: &[VerifyingKey],
    ) -> Result<(Checkpoint, Vec<Verified>), LogProofError> {
        let (checkpoint, cosigned) = Checkpoint::open(self.checkpoint.as_bytes(), log, witnesses)?;
        inclusion::verify(leaf, self.index, checkpoint.size, &self.hashes, checkpoint.root)?;
        Ok((checkpoint, cosigned))
    }
}

impl fmt::Display for LogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.hashes.iter().try_for_each(|hash| writeln!(f, "{}", encode(&hash.0)))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

/// A part that such a proof has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofPart {
    /// What parts the proof from the checkpoint.
    EmptyLine,
    /// The line that names the format.
    FirstLine,
    /// What an application adds.
    Extra,
    /// The leaf's place.
    Index,
    /// The way to the root.
    Hashes,
}

impl ProofPart {
    /// Every part.
    pub const ALL: [Self; 5] = [Self::EmptyLine, Self::FirstLine, Self::Extra, Self::Index, Self::Hashes];

    /// What is expected of it, in Japanese.
    #[must_use]
    pub fn japanese(self) -> String {
        match self {
            Self::EmptyLine => "空行".to_owned(),
            Self::FirstLine => format!("1行目の `{HEADER}`"),
            Self::Extra => "`extra` のあとのBase64".to_owned(),
            Self::Index => "`index` と番号の行".to_owned(),
            Self::Hashes => format!("32バイトのハッシュのBase64（{HASHES_MAX}個まで）"),
        }
    }
}

impl fmt::Display for ProofPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyLine => f.write_str("an empty line"),
            Self::FirstLine => write!(f, "the first line `{HEADER}`"),
            Self::Extra => f.write_str("Base64 after `extra`"),
            Self::Index => f.write_str("the line `index` with a number"),
            Self::Hashes => write!(f, "hashes of 32 bytes in Base64, at most {HASHES_MAX}"),
        }
    }
}

/// Why such a proof proves nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogProofError {
    /// It is not one; which part was expected.
    Shape(ProofPart),
    /// Its checkpoint is not taken.
    Checkpoint(CheckpointError),
    /// It does not lead to the checkpoint's root.
    Proof(ProofError),
}

impl From<CheckpointError> for LogProofError {
    fn from(error: CheckpointError) -> Self {
        Self::Checkpoint(error)
    }
}

impl From<ProofError> for LogProofError {
    fn from(error: ProofError) -> Self {
        Self::Proof(error)
    }
}

impl fmt::Display for LogProofError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape(expected) => write!(f, "not a proof of C2SP tlog-proof: expected {expected}"),
            Self::Checkpoint(error) => write!(f, "the checkpoint: {error}"),
            Self::Proof(error) => error.fmt(f),
        }
    }
}

impl LogProofError {
    /// The same in Japanese.
    #[must_use]
    pub fn japanese(&self) -> String {
        match self {
            Self::Shape(expected) => {
                format!("C2SP tlog-proof の証明ではありません（必要なもの: {}）", expected.japanese())
            }
            Self::Checkpoint(error) => format!("確認点: {}", error.japanese()),
            Self::Proof(error) => error.japanese(),
        }
    }
}

impl std::error::Error for LogProofError {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each part, in its turn, is what is wrong, and is told in the language of whoever reads it.
    #[test]
    fn what_is_expected_is_told_in_both_languages() {
        let hash = encode(&[7; 32]);
        let files = [
            format!("{HEADER}\nindex 0\n{hash}\n"),
            format!("something\nindex 0\n{hash}\n\nx"),
            format!("{HEADER}\nextra ?\nindex 0\n{hash}\n\nx"),
            format!("{HEADER}\nindex x\n{hash}\n\nx"),
            format!("{HEADER}\nindex 0\nx\n\nx"),
        ];
        for (file, part) in files.iter().zip(ProofPart::ALL) {
            let error = LogProof::parse(file).unwrap_err();
            assert_eq!(error, LogProofError::Shape(part));
            assert!(error.to_string().ends_with(&part.to_string()), "{error}");
            let japanese = part.japanese();
            assert!(error.japanese().contains(&japanese), "{}", error.japanese());
            // But for what stands in the file itself.
            let own: String = japanese.split('`').step_by(2).collect::<String>().replace("Base64", "");
            assert!(!own.chars().any(|c| c.is_ascii_alphabetic()), "{japanese}");
        }
    }
}
