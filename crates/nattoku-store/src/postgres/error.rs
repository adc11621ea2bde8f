//! What a server answers, in the store's words.

use postgres::error::SqlState;

use crate::error::StoreError;

impl From<postgres::Error> for StoreError {
    fn from(error: postgres::Error) -> Self {
        let Some(state) = error.code() else { return unavailable(&error) };
        match *state {
            SqlState::LOCK_NOT_AVAILABLE | SqlState::T_R_DEADLOCK_DETECTED => Self::Locked,
            SqlState::DISK_FULL => Self::Full,
            SqlState::READ_ONLY_SQL_TRANSACTION | SqlState::INSUFFICIENT_PRIVILEGE => Self::ReadOnly,
            SqlState::DATA_CORRUPTED | SqlState::INDEX_CORRUPTED | SqlState::UNIQUE_VIOLATION => {
                Self::Corrupt { what: told(&error) }
            }
            _ => unavailable(&error),
        }
    }
}

/// An error of the connection, or one that the store has no word for.
pub(super) fn unavailable(error: &postgres::Error) -> StoreError {
    StoreError::Unavailable { source: told(error).into() }
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
