//! What a witness is asked, and what it answers (C2SP tlog-witness). Where it keeps its state is for others to see to.

use std::fmt;

use crate::checkpoint::Checkpoint;
use crate::consistency::{self, Tree};
use crate::hash::Hash;
use crate::key::VerifyingKey;
use crate::log_proof::HASHES_MAX;
use crate::note::Note;
use crate::proof::ProofError;
use crate::text::{self, encode};

/// A request to cosign a checkpoint, with the proof that it continues the one cosigned last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size that the witness is thought to have cosigned last.
    pub old: u64,
    /// The consistency proof from there.
    pub proof: Vec<Hash>,
    /// The signed checkpoint.
    pub note: Note,
    /// What the checkpoint says; nothing has checked who signed it.
    pub checkpoint: Checkpoint,
}

impl AddCheckpoint {
    /// Reads a request.
    ///
    /// # Errors
    /// [`Refusal::Unreadable`].
    pub fn parse(body: &[u8]) -> Result<Self, Refusal> {
        let unreadable = || {
            Refusal::Unreadable(
                "the line `old` with a number, a proof of at most 63 hashes, an empty line and a checkpoint",
            )
        };
        let body = std::str::from_utf8(body).map_err(|_| unreadable())?;
        let (head, note) = body.split_once("\n\n").ok_or_else(unreadable)?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old ")).and_then(text::number);
        let old = old.ok_or_else(unreadable)?;
        let proof: Option<Vec<Hash>> = lines.map(text::hash).collect();
        let proof = proof.filter(|proof| proof.len() <= HASHES_MAX).ok_or_else(unreadable)?;
        let note = Note::parse(note.as_bytes()).map_err(|_| Refusal::Unreadable("a signed checkpoint"))?;
        let checkpoint = Checkpoint::parse(note.text());
        let checkpoint = checkpoint.map_err(|_| Refusal::Unreadable("the lines of a checkpoint"))?;
        if old > checkpoint.size {
            return Err(Refusal::Unreadable("an old size that is not more than the checkpoint's"));
        }
        Ok(Self { old, proof, note, checkpoint })
    }

    /// What a witness answers that knows these keys of the log and cosigned `latest` of it last: to cosign, or why not.
    /// Before anybody is shown the cosignature, the checkpoint must have taken the place of `latest`, in one step with this.
    ///
    /// # Errors
    /// Why it does not cosign.
    pub fn judge(&self, keys: &[VerifyingKey], latest: Option<Tree>) -> Result<(), Refusal> {
        let keys: Vec<VerifyingKey> =
            keys.iter().filter(|key| key.name().name == self.checkpoint.origin).cloned().collect();
        if keys.is_empty() {
            return Err(Refusal::UnknownLog { origin: self.checkpoint.origin.clone() });
        }
        self.note.verify(&keys).map_err(|_| Refusal::InvalidSignature)?;
        let latest = latest.unwrap_or(Tree { size: 0, root: Hash::of_empty_tree() });
        if self.old != latest.size {
            return Err(Refusal::OtherSize { size: latest.size });
        }
        if self.checkpoint.size == latest.size && self.checkpoint.root != latest.root {
            return Err(Refusal::Fork { size: latest.size });
        }
        consistency::verify(latest, self.checkpoint.tree(), &self.proof).map_err(Refusal::InvalidProof)
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{}", encode(&hash.0)))?;
        write!(f, "\n{}", self.note)
    }
}

/// Why a witness does not cosign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The request cannot be read; what was expected.
    Unreadable(&'static str),
    /// The witness knows no key of that log.
    UnknownLog {
        /// The log.
        origin: String,
    },
    /// The checkpoint is not signed by the log.
    InvalidSignature,
    /// The witness cosigned another size last.
    OtherSize {
        /// The size it cosigned last.
        size: u64,
    },
    /// The log signed two trees of one size: proof that it shows different things to different people.
    Fork {
        /// The size.
        size: u64,
    },
    /// The checkpoint does not continue the one cosigned last, as far as the proof shows.
    InvalidProof(ProofError),
}

impl Refusal {
    /// The status of the answer.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Unreadable(_) => 400,
            Self::UnknownLog { .. } => 404,
            Self::InvalidSignature => 403,
            Self::OtherSize { .. } | Self::Fork { .. } => 409,
            Self::InvalidProof(_) => 422,
        }
    }

    /// The size that stands in the answer, where one does.
    #[must_use]
    pub const fn size(&self) -> Option<u64> {
        match self {
            Self::OtherSize { size } | Self::Fork { size } => Some(*size),
            _ => None,
        }
    }

    /// The same in Japanese.
    #[must_use]
    pub fn japanese(&self) -> String {
        match self {
            Self::Unreadable(expected) => format!("依頼を読めません（必要なもの: {expected}）"),
            Self::UnknownLog { origin } => {
                format!("記録 `{origin}` の鍵を知りません。--log で指定してください")
            }
            Self::InvalidSignature => "確認点に、その記録の正しい署名がありません".to_owned(),
            Self::OtherSize { size } => {
                format!("最後に連署した大きさは {size} です。そこからの整合証明を付けてください")
            }
            Self::Fork { size } => format!(
                "大きさ {size} の確認点に、異なる根のものが二つあります。記録が分岐しています。両方を保存してください"
            ),
            Self::InvalidProof(why) => format!("整合証明が成り立ちません: {}", why.japanese()),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(expected) => write!(f, "the request cannot be read: expected {expected}"),
            Self::UnknownLog { origin } => write!(f, "unknown log `{origin}`; name its key by --log"),
            Self::InvalidSignature => f.write_str("invalid signature: the log did not sign the checkpoint"),
            Self::OtherSize { size } => {
                write!(f, "the size cosigned last is {size}; prove the consistency from there")
            }
            Self::Fork { size } => {
                write!(
                    f,
                    "there are two checkpoints of size {size} with different roots: the log has forked; keep both"
                )
            }
            Self::InvalidProof(why) => write!(f, "the consistency proof does not hold: {why}"),
        }
    }
}

impl std::error::Error for Refusal {}
