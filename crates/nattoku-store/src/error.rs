//! What can keep the store from doing what it was asked, and what to do about it.

use std::path::PathBuf;

use nattoku_model::Language;
use nattoku_seal::KekError;

use crate::event_json::EventError;
use crate::random::RandomnessError;

mod words;

/// Why the store did not do what it was asked. Nothing of a refused batch is stored.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no store at the path, and none was to be created.
    #[error("{}", self.message(Language::En))]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The folder the store was to be created in does not exist.
    #[error("{}", self.message(Language::En))]
    NoFolder {
        /// The folder.
        folder: PathBuf,
    },
    /// The file is something else; it was left as it is.
    #[error("{}", self.message(Language::En))]
    NotAStore {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by a newer version; it was left as it is.
    #[error("{}", self.message(Language::En))]
    NewerFormat {
        /// The file.
        path: PathBuf,
        /// The file's format.
        format: u32,
        /// The newest format this version knows.
        supported: u32,
    },
    /// The file that was opened is no longer at the path: it was moved away, or another took its place.
    #[error("{}", self.message(Language::En))]
    Moved {
        /// Where it was.
        path: PathBuf,
    },
    /// The ledger was written by an older version that sealed nothing; it was left as it is.
    #[error("{}", self.message(Language::En))]
    OlderFormat {
        /// Where it is, as `--store` takes it.
        place: String,
        /// Its format.
        format: u32,
    },
    /// The ledger's keys are not to be had.
    #[error("{}", self.message(Language::En))]
    Keys(KekError),
    /// Keys were rotated, or somebody was erased, while the ledger was being exported whole.
    #[error("{}", self.message(Language::En))]
    KeysChanged,
    /// The store was opened for reading, or its file may not be written.
    #[error("{}", self.message(Language::En))]
    ReadOnly,
    /// Somebody else has been writing all the time that one is ready to wait.
    #[error("{}", self.message(Language::En))]
    Locked,
    /// Another program has held the right to append all the time that one is ready to wait.
    #[error("{}", self.message(Language::En))]
    Held {
        /// The server's process that serves it.
        process: i32,
        /// What it calls itself.
        program: String,
        /// Where it runs.
        machine: String,
    },
    /// The ledger is being moved here and is not whole yet.
    #[error("{}", self.message(Language::En))]
    Arriving,
    /// Something is where something new was to be made; it was left as it is.
    #[error("{}", self.message(Language::En))]
    NotEmpty {
        /// Where.
        place: String,
    },
    /// What was asked for exists only of ledgers in files.
    #[error("{}", self.message(Language::En))]
    NotAFile,
    /// The disk is full, or the size that the settings allow is reached.
    #[error("{}", self.message(Language::En))]
    Full,
    /// The file cannot be opened, read or written.
    #[error("{}", self.message(Language::En))]
    Unavailable {
        /// What the database or the operating system says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The file does not hold what was stored.
    #[error("{}", self.message(Language::En))]
    Corrupt {
        /// What is wrong, and where.
        what: String,
    },
    /// The `SQLite` compiled in is one that can lose committed writes.
    #[error("{}", self.message(Language::En))]
    OldSqlite {
        /// Its version.
        version: String,
    },
    /// The id of an event of the batch belongs to an event with other content.
    #[error("{}", self.message(Language::En))]
    Conflict {
        /// The event's place in the batch, from 0.
        index: usize,
        /// The id.
        id: String,
        /// The revision of the event that has the id.
        revision: u64,
    },
    /// An event of the batch cannot be stored.
    #[error("{}", self.message(Language::En))]
    Refused {
        /// The event's place in the batch, from 0.
        index: usize,
        /// What is wrong with it.
        error: EventError,
    },
    /// Another event about the principal came since the state was read; nothing was stored.
    #[error("{}", self.message(Language::En))]
    Changed,
    /// Another writer has taken over.
    #[error("{}", self.message(Language::En))]
    Superseded,
    /// The ledger could not be reached to see whether a commit without an answer has come about, or the disk failed during a
    /// commit.
    #[error("{}", self.message(Language::En))]
    Uncertain {
        /// What happened.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The part of the program that writes has ended; nothing was stored.
    #[error("{}", self.message(Language::En))]
    Stopped,
    /// So much is waiting for the ledger that no more is taken on; nothing was done.
    #[error("{}", self.message(Language::En))]
    Busy,
    /// The server cannot be reached, or does not do what it is asked.
    #[error("{}", self.message(Language::En))]
    Unreachable {
        /// What the connection or the server says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The server does not let this user do what is asked, or takes no writes.
    #[error("{}", self.message(Language::En))]
    NotAllowed {
        /// What the server says.
        what: String,
    },
    /// The server cannot be spoken to by TLS, or is not who it should be.
    #[error("{}", self.message(Language::En))]
    Untrusted {
        /// What is wrong.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The database has texts in another encoding than UTF-8; it was left as it is.
    #[error("{}", self.message(Language::En))]
    NotUtf8 {
        /// The database.
        place: String,
        /// Its encoding.
        encoding: String,
    },
    /// No copy of the ledger can be made.
    #[error("{}", self.message(Language::En))]
    NoCopy {
        /// Where it was to be.
        place: String,
        /// What the database or the operating system says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// What is kept beside a ledger is of another ledger; it was left as it is.
    #[error("{}", self.message(Language::En))]
    OtherLedger {
        /// The file, or the schema and its database.
        place: String,
    },
    /// There is a token with that id or that secret already; nothing was stored.
    #[error("{}", self.message(Language::En))]
    TokenThere {
        /// Its id.
        id: String,
    },
    /// No random bytes could be had.
    #[error("{}", self.message(Language::En))]
    Randomness(#[source] RandomnessError),
}

impl StoreError {
    /// The message as one line of `language`; what lies below is in [`std::error::Error::source`].
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        words::of(self).get(language).to_owned()
    }

    /// The same error once more, for another caller of the same group.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Missing { path } => Self::Missing { path: path.clone() },
            Self::NoFolder { folder } => Self::NoFolder { folder: folder.clone() },
            Self::NotAStore { path } => Self::NotAStore { path: path.clone() },
            Self::NewerFormat { path, format, supported } => {
                Self::NewerFormat { path: path.clone(), format: *format, supported: *supported }
            }
            Self::Moved { path } => Self::Moved { path: path.clone() },
            Self::OlderFormat { place, format } => {
                Self::OlderFormat { place: place.clone(), format: *format }
            }
            Self::Keys(error) => Self::Keys(error.clone()),
            Self::KeysChanged => Self::KeysChanged,
            Self::ReadOnly => Self::ReadOnly,
            Self::Locked => Self::Locked,
            Self::Arriving => Self::Arriving,
            Self::NotEmpty { place } => Self::NotEmpty { place: place.clone() },
            Self::NotAFile => Self::NotAFile,
            Self::Held { process, program, machine } => {
                Self::Held { process: *process, program: program.clone(), machine: machine.clone() }
            }
            Self::Full => Self::Full,
            Self::Unavailable { source } => Self::Unavailable { source: source.to_string().into() },
            Self::Corrupt { what } => Self::Corrupt { what: what.clone() },
            Self::OldSqlite { version } => Self::OldSqlite { version: version.clone() },
            Self::Conflict { index, id, revision } => {
                Self::Conflict { index: *index, id: id.clone(), revision: *revision }
            }
            Self::Refused { index, error } => Self::Refused { index: *index, error: error.clone() },
            Self::Changed => Self::Changed,
            Self::Superseded => Self::Superseded,
            Self::Uncertain { source } => Self::Uncertain { source: source.to_string().into() },
            Self::Stopped => Self::Stopped,
            Self::Busy => Self::Busy,
            Self::Unreachable { source } => Self::Unreachable { source: source.to_string().into() },
            Self::NotAllowed { what } => Self::NotAllowed { what: what.clone() },
            Self::Untrusted { source } => Self::Untrusted { source: source.to_string().into() },
            Self::NotUtf8 { place, encoding } => {
                Self::NotUtf8 { place: place.clone(), encoding: encoding.clone() }
            }
            Self::NoCopy { place, source } => {
                Self::NoCopy { place: place.clone(), source: source.to_string().into() }
            }
            Self::OtherLedger { place } => Self::OtherLedger { place: place.clone() },
            Self::TokenThere { id } => Self::TokenThere { id: id.clone() },
            Self::Randomness(error) => Self::Randomness(error.clone()),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::ConstraintViolation) => {
                Self::Corrupt { what: error.to_string() }
            }
            Some(_) => Self::Unavailable { source: error.into() },
            // A value of another type than its column has, or a row that must be there and is not.
            None => Self::Corrupt { what: error.to_string() },
        }
    }
}

impl From<KekError> for StoreError {
    fn from(error: KekError) -> Self {
        Self::Keys(error)
    }
}

impl From<RandomnessError> for StoreError {
    fn from(error: RandomnessError) -> Self {
        Self::Randomness(error)
    }
}
