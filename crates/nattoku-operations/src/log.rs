//! The ledger as a public log: what may be signed of it, and what is served of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nattoku_ledger::{Checkpoint, Note, ProofError, SigningKey, Tile, VerifyingKey, consistency};
use nattoku_policy::diagnostic::Words;
use nattoku_store::{Store, StoreError};

use crate::nattoku::Nattoku;

/// The checkpoint of a ledger as it stands, to be signed next: on disk, and a continuation of the one signed `last`.
///
/// # Errors
/// The tree does not continue the one signed last: signing it would be a fork that nothing mends.
pub fn next_checkpoint(
    store: &dyn Store,
    origin: &str,
    last: Option<&Checkpoint>,
) -> Result<Checkpoint, LogError> {
    let tree = store.durable_tree()?;
    if let Some(last) = last {
        if last.origin != origin {
            let (signed, asked) = (last.origin.clone(), origin.to_owned());
            return Err(LogError::OtherLog { signed, asked });
        }
        continues(store, last, tree.size)?;
        // The head is held against the proof as well: its root is what would be signed.
        let proof = store.consistency_proof(last.size, tree.size)?.unwrap_or_default();
        consistency::verify(last.tree(), tree, &proof)
            .map_err(|why| LogError::Forked { size: last.size, why })?;
    }
    Ok(Checkpoint::of(origin, tree))
}

/// Sees that a ledger of `size` events or more continues what a checkpoint says.
///
/// # Errors
/// It does not: it is shorter, or its first events hash to another root.
pub fn continues(store: &dyn Store, checkpoint: &Checkpoint, size: u64) -> Result<(), LogError> {
    let root = store.root_at(checkpoint.size)?.filter(|_| checkpoint.size <= size);
    let root = root.ok_or(LogError::Shorter { signed: checkpoint.size, size })?;
    if root == checkpoint.root {
        return Ok(());
    }
    Err(LogError::Forked { size: checkpoint.size, why: ProofError::WrongRoot })
}

/// Why the ledger is not what was signed of it.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The ledger cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was signed last is of another log.
    #[error("the checkpoint signed last is of `{signed}`, not of `{asked}`")]
    OtherLog {
        /// The log signed for.
        signed: String,
        /// The log asked for.
        asked: String,
    },
    /// The ledger has fewer events than were signed.
    #[error("a tree of {signed} events was signed, and the ledger has {size}")]
    Shorter {
        /// How many were signed.
        signed: u64,
        /// How many there are.
        size: u64,
    },
    /// The first events of the ledger are not those that were signed.
    #[error("the first {size} events are not those that were signed: {why}")]
    Forked {
        /// How many were signed.
        size: u64,
        /// What does not hold.
        why: ProofError,
    },
}

impl LogError {
    /// What is wrong, and what to do about it.
    #[must_use]
    pub fn words(&self) -> (Words, Words) {
        let restore = Words::new(
            "署名したときの内容に戻してください。戻せなければ、新しい名前の記録を始め、それまでの確認点を公表したまま残してください",
            "restore what was signed; where that is lost, begin a log of another origin and leave what was signed public",
        );
        match self {
            Self::Store(error) => (
                Words::new(
                    error.message(nattoku_model::Language::Ja),
                    error.message(nattoku_model::Language::En),
                ),
                Words::new("台帳を確かめてください", "look at the ledger"),
            ),
            Self::OtherLog { signed, asked } => (
                Words::new(
                    format!(
                        "この鍵で最後に署名した確認点は `{signed}` のもので、`{asked}` のものではありません"
                    ),
                    format!("the checkpoint signed last by this key is of `{signed}`, not of `{asked}`"),
                ),
                Words::new(
                    "台帳ごとに別の鍵を使ってください。origin は nattoku.toml の [ledger] にあります",
                    "use a key of its own for each ledger; the origin stands in [ledger] of nattoku.toml",
                ),
            ),
            Self::Shorter { signed, size } => (
                Words::new(
                    format!(
                        "{signed} 件までの確認点に署名しましたが、台帳には {size} 件しかありません。署名しません"
                    ),
                    format!(
                        "a checkpoint of {signed} events was signed, and the ledger has {size}; nothing is signed"
                    ),
                ),
                restore,
            ),
            Self::Forked { size, .. } => (
                Words::new(
                    format!("台帳の最初の {size} 件が、署名した確認点と違います。署名しません"),
                    format!(
                        "the first {size} events are not those of the checkpoint that was signed; nothing is signed"
                    ),
                ),
                restore,
            ),
        }
    }
}

/// What is served of the ledger below `/log/`: the newest checkpoint that was signed, from the file in which it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedLog {
    checkpoint: PathBuf,
}

impl PublishedLog {
    /// The log whose newest signed checkpoint is kept in a file.
    #[must_use]
    pub fn new(checkpoint: impl AsRef<Path>) -> Self {
        Self { checkpoint: checkpoint.as_ref().to_owned() }
    }

    /// The signed checkpoint with what it says; none while nothing was signed.
    #[must_use]
    pub fn checkpoint(&self) -> Option<(String, Checkpoint)> {
        let signed = std::fs::read(&self.checkpoint).ok()?;
        let note = Note::parse(&signed).ok()?;
        Some((note.to_string(), Checkpoint::parse(note.text()).ok()?))
    }
}

impl Nattoku {
    /// The same with its ledger published as a log.
    #[must_use]
    pub fn with_log(mut self, log: PublishedLog) -> Self {
        self.log = Some(log);
        self
    }

    /// The same with the key of its log, by which receipts are signed and checked.
    #[must_use]
    pub fn with_log_key(mut self, key: Arc<SigningKey>) -> Self {
        self.log_key = Some(key);
        self
    }

    /// The public key of the log; none where the ledger is not signed here.
    #[must_use]
    pub fn log_key(&self) -> Option<&VerifyingKey> {
        self.log_key.as_deref().map(SigningKey::verifying_key)
    }

    /// What is published of the ledger; none where nothing is.
    #[must_use]
    pub const fn log(&self) -> Option<&PublishedLog> {
        self.log.as_ref()
    }

    /// A tile or a bundle of leaves, as far as the newest signed checkpoint goes; none beyond it.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn log_tile(&self, tile: Tile) -> Result<Option<Vec<u8>>, StoreError> {
        let Some((_, checkpoint)) = self.log().and_then(PublishedLog::checkpoint) else { return Ok(None) };
        if tile.is_of(checkpoint.size) { self.store.tile(tile) } else { Ok(None) }
    }
}
