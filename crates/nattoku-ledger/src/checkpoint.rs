//! Checkpoints (C2SP tlog-checkpoint): what a log signs of its tree.

use std::fmt;

use crate::consistency::Tree;
use crate::hash::Hash;
use crate::key::VerifyingKey;
use crate::note::{Note, NoteError, Verified};
use crate::text::{self, encode};

/// A tree of a log, by the log's origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log it is.
    pub origin: String,
    /// How many leaves the tree has.
    pub size: u64,
    /// Its root.
    pub root: Hash,
    /// Further lines, which mean something to others; ours has none.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// The checkpoint of a tree.
    #[must_use]
    pub fn of(origin: &str, tree: Tree) -> Self {
        Self { origin: origin.to_owned(), size: tree.size, root: tree.root, extensions: Vec::new() }
    }

    /// Reads the text of a note.
    ///
    /// # Errors
    /// [`CheckpointError::Shape`] where it is none.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let lines = text.strip_suffix('\n').ok_or(CheckpointError::Shape)?;
        let mut lines = lines.split('\n');
        let mut next = || lines.next().filter(|line| !line.is_empty()).ok_or(CheckpointError::Shape);
        let origin = next()?.to_owned();
        let size = text::number(next()?).ok_or(CheckpointError::Shape)?;
        let root = text::hash(next()?).ok_or(CheckpointError::Shape)?;
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if extensions.iter().any(String::is_empty) {
            return Err(CheckpointError::Shape);
        }
        Ok(Self { origin, size, root, extensions })
    }

    /// The tree.
    #[must_use]
    pub const fn tree(&self) -> Tree {
        Tree { size: self.size, root: self.root }
    }

    /// Reads a signed checkpoint, and tells whether the log and which of the witnesses signed it.
    ///
    /// # Errors
    /// It is none, a signature of a known key is wrong, or `log` did not sign it.
    pub fn open(
        signed: &[u8],
        log: &VerifyingKey,
        witnesses: &[VerifyingKey],
    ) -> Result<(Self, Vec<Verified>), CheckpointError> {
        let note = Note::parse(signed)?;
        let keys: Vec<VerifyingKey> = std::iter::once(log).chain(witnesses).cloned().collect();
        let (by_log, cosigned) =
            note.verify(&keys)?.into_iter().partition::<Vec<_>, _>(|by| by.key == *log.name());
        if by_log.is_empty() {
            return Err(NoteError::NotSignedBy(vec![log.name().name.clone()]).into());
        }
        let checkpoint = Self::parse(note.text())?;
        // A key signs for the log of its own name alone: the key of one log must not speak for another.
        if checkpoint.origin != log.name().name {
            return Err(CheckpointError::OtherLog {
                origin: checkpoint.origin,
                key: log.name().name.clone(),
            });
        }
        Ok((checkpoint, cosigned))
    }
}

/// The text of the note, with the line feed at its end.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}\n", self.origin, self.size, encode(&self.root.0))?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// Why a checkpoint is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckpointError {
    /// The text has not the lines of one.
    Shape,
    /// The note around it is not one, or is not signed as it must be.
    Note(NoteError),
    /// It is of another log than the key.
    OtherLog {
        /// The log it is of.
        origin: String,
        /// The name of the key.
        key: String,
    },
}

impl From<NoteError> for CheckpointError {
    fn from(error: NoteError) -> Self {
        Self::Note(error)
    }
}

impl fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape => f.write_str("expected the lines of a checkpoint: origin, size, root in Base64"),
            Self::Note(error) => error.fmt(f),
            Self::OtherLog { origin, key } => {
                write!(f, "it is of the log `{origin}`, and the key is that of `{key}`")
            }
        }
    }
}

impl CheckpointError {
    /// The same in Japanese.
    #[must_use]
    pub fn japanese(&self) -> String {
        match self {
            Self::Shape => "確認点の行（記録の名前、大きさ、根のBase64）がありません".to_owned(),
            Self::Note(error) => error.japanese(),
            Self::OtherLog { origin, key } => {
                format!("これは記録 `{origin}` の確認点ですが、鍵は `{key}` のものです")
            }
        }
    }
}

impl std::error::Error for CheckpointError {}
