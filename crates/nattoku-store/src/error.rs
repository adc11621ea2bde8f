//! What can keep the store from doing what it was asked, and what to do about it.

mod place;

use std::path::PathBuf;

use nattoku_model::Language;
use nattoku_seal::KekError;

use crate::event_json::EventError;
use crate::random::RandomnessError;

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
    /// No random bytes could be had.
    #[error("{}", self.message(Language::En))]
    Randomness(#[source] RandomnessError),
}

impl StoreError {
    /// The message as one line of `language`; what lies below is in [`std::error::Error::source`].
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        match language {
            Language::Ja => self.in_japanese(),
            Language::En => self.in_english(),
        }
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
            Self::Randomness(error) => Self::Randomness(error.clone()),
        }
    }

    fn in_english(&self) -> String {
        match self {
            Self::Missing { path } => {
                let path = path.display();
                format!("there is no store at `{path}`; check the path, or import into it to create one")
            }
            Self::NoFolder { folder } => {
                let folder = folder.display();
                format!("the folder `{folder}` does not exist; create it with `mkdir -p '{folder}'`")
            }
            Self::NotAStore { path } => {
                let path = path.display();
                format!("`{path}` is not a Nattoku store, and was left as it is; give another path")
            }
            Self::NewerFormat { path, format, supported } => format!(
                "`{}` has format {format}, and this version knows formats up to {supported}; \
                 it was left as it is: use a newer Nattoku",
                path.display()
            ),
            Self::ReadOnly => {
                "the store is open for reading only; give write permission to the file and its folder"
                    .to_owned()
            }
            Self::Locked => "another program keeps the store locked; \
                             try again, and stop the other program if this goes on"
                .to_owned(),
            Self::Full => "there is no room left for the store; \
                           free disk space and send the batch again, none of it was stored"
                .to_owned(),
            Self::Unavailable { source } => {
                format!(
                    "the store cannot be reached ({source}); check the path, its permissions and its disk"
                )
            }
            Self::Corrupt { what } => {
                format!("the store is damaged: {what}; stop writing to it and restore it from a backup")
            }
            Self::OldSqlite { version } => {
                format!("SQLite {version} can lose committed writes; build with 3.51.3 or newer")
            }
            Self::Conflict { index, id, revision } => format!(
                "event {} of the batch has the id `{id}`, which belongs to revision {revision} with other content; \
                 give it an id of its own",
                index + 1
            ),
            Self::Refused { index, error } => {
                format!("event {} of the batch: {}", index + 1, error.message(Language::En))
            }
            Self::Changed => {
                "something else was recorded about the principal in the meantime; look again and decide anew"
                    .to_owned()
            }
            Self::Superseded => "another writer has taken the ledger over; open the store again".to_owned(),
            Self::Randomness(error) => {
                format!("the operating system gives no random bytes ({error}); nothing was stored")
            }
            other => other.of_its_place(Language::En).unwrap_or_default(),
        }
    }

    fn in_japanese(&self) -> String {
        match self {
            Self::Missing { path } => {
                let path = path.display();
                format!("`{path}` に台帳がありません。パスを確かめるか、取り込みを行って作成してください")
            }
            Self::NoFolder { folder } => {
                let folder = folder.display();
                format!("フォルダー `{folder}` がありません。`mkdir -p '{folder}'` で作成してください")
            }
            Self::NotAStore { path } => {
                let path = path.display();
                format!("`{path}` はNattokuの台帳ではないため、変更していません。別のパスを指定してください")
            }
            Self::NewerFormat { path, format, supported } => format!(
                "`{}` の形式は {format} ですが、この版が扱えるのは {supported} までです。\
                 変更していません。新しいNattokuを使ってください",
                path.display()
            ),
            Self::ReadOnly => "台帳は読み取り専用で開かれています。\
                               ファイルとフォルダーに書き込み権限を与えてください"
                .to_owned(),
            Self::Locked => "ほかのプログラムが台帳をロックしています。\
                             再試行し、続くようならそのプログラムを終了してください"
                .to_owned(),
            Self::Full => "台帳を保存する空きがありません。\
                           ディスクを空けて送り直してください。今回の分は何も保存していません"
                .to_owned(),
            Self::Unavailable { source } => {
                format!("台帳を読み書きできません({source})。パス、権限、ディスクを確かめてください")
            }
            Self::Corrupt { what } => {
                format!("台帳が壊れています({what})。書き込みを止め、バックアップから復元してください")
            }
            Self::OldSqlite { version } => format!(
                "SQLite {version} には確定した書き込みを失う不具合があります。3.51.3以降でビルドしてください"
            ),
            Self::Conflict { index, id, revision } => format!(
                "{}件目のID `{id}` は、内容の異なる版番号 {revision} のできごとが使っています。\
                 別のIDを付けてください",
                index + 1
            ),
            Self::Refused { index, error } => format!("{}件目: {}", index + 1, error.message(Language::Ja)),
            Self::Changed => "その間に別の記録が加わりました。もう一度確かめてから行ってください".to_owned(),
            Self::Superseded => "別の書き込み元が台帳を引き継ぎました。台帳を開き直してください".to_owned(),
            Self::Randomness(error) => {
                format!("OSから乱数を得られません({error})。何も保存していません")
            }
            other => other.of_its_place(Language::Ja).unwrap_or_default(),
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
