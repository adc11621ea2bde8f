//! What a server answers, in the store's words.

use postgres::error::SqlState;

use crate::error::StoreError;

impl From<postgres::Error> for StoreError {
    fn from(error: postgres::Error) -> Self {
        let Some(state) = error.code() else { return unreachable(&error) };
        match *state {
            SqlState::LOCK_NOT_AVAILABLE | SqlState::T_R_DEADLOCK_DETECTED => Self::Locked,
            SqlState::DISK_FULL => Self::Full,
            SqlState::READ_ONLY_SQL_TRANSACTION | SqlState::INSUFFICIENT_PRIVILEGE => {
                Self::NotAllowed { what: told(&error) }
            }
            SqlState::DATA_CORRUPTED | SqlState::INDEX_CORRUPTED | SqlState::UNIQUE_VIOLATION => {
                Self::Corrupt { what: told(&error) }
            }
            _ => unreachable(&error),
        }
    }
}

/// An error of the connection, or one that the store has no word for.
pub(super) fn unreachable(error: &postgres::Error) -> StoreError {
    StoreError::Unreachable { source: told(error).into() }
}

/// What keeps a connection from coming about.
pub(super) fn cannot_connect(error: &postgres::Error) -> StoreError {
    match unreachable(error) {
        // The library has a kind for it and shows it in its words alone.
        StoreError::Unreachable { source } if error.to_string().contains("TLS") => {
            StoreError::Untrusted { source }
        }
        other => other,
    }
}

/// The server's own message, or what lies below an error of the connection. Neither repeats an address or a password.
fn told(error: &postgres::Error) -> String {
    if let Some(answer) = error.as_db_error() {
        return format!("{} ({})", answer.message(), answer.code().code());
    }
    let mut told = error.to_string();
    let mut below = std::error::Error::source(error);
    while let Some(error) = below {
        let text = error.to_string();
        if !told.contains(&text) {
            told.push_str(": ");
            told.push_str(&text);
        }
        below = error.source();
    }
    told
}
