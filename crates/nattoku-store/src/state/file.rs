//! The state in a file of its own beside a ledger that is in a file.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use nattoku_model::Revision;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Transaction, TransactionBehavior};

mod leases;
mod policies;
mod sessions;
mod subscriptions;
mod tokens;
mod turns;

use super::clock::Boot;
use super::signed_in::{Kept, KeptSignIn, session_number};
use super::{DeadLetter, KeptPolicy, NodeLease, OwnSession, SignedIn, State, Subscription, Token};
use crate::error::StoreError;
use crate::sqlite::{FileIdentity, Header, create_file, header};

/// `PRAGMA application_id`: the letters `NTST`.
const APPLICATION_ID: u32 = 0x4e54_5354;
/// `PRAGMA user_version`: the format of the file.
const FORMAT: u32 = 1;

/// Makes the tables of format 1.
const CREATE: &str = "
create table meta (
    name text primary key not null,
    value blob not null
) strict, without rowid;
create table tokens (
    id text primary key not null,
    digest blob not null unique check (length(digest) = 32),
    applications text not null,
    acts text not null,
    note text not null,
    created integer not null,
    expires integer,
    revoked integer,
    last_used integer
) strict, without rowid;
create table leases (
    node blob primary key not null check (length(node) = 16),
    boot text,
    ends_at integer not null,
    length integer not null,
    applied integer not null
) strict, without rowid;
";

/// Makes the tables that format 1 has had since events are sent. Versions before do not look at them.
const CREATE_FEED: &str = "
create table subscriptions (
    name text primary key not null,
    url text not null,
    events text not null,
    secret blob not null,
    created integer not null,
    created_by text not null,
    cursor integer not null,
    paused integer,
    why text
) strict, without rowid;
create table dead_letters (
    subscription text not null,
    revision integer not null,
    died integer not null,
    attempts integer not null,
    why text not null,
    again integer not null check (again in (0, 1)),
    primary key (subscription, revision)
) strict, without rowid;
create table turns (
    name text primary key not null,
    holder blob not null check (length(holder) = 16),
    boot text,
    ends_at integer not null,
    length integer not null
) strict, without rowid;
";

/// Makes the table that format 1 has had since sessions are kept. Versions before do not look at it.
const CREATE_SESSIONS: &str = "
create table sessions (
    digest blob primary key not null check (length(digest) = 32),
    sealed blob not null,
    opened integer not null,
    seen integer not null
) strict, without rowid;
create index sessions_seen on sessions (seen);
";

/// Makes the tables that format 1 has had since the ledger puts policies in force. Versions before do not look at them.
const CREATE_POLICIES: &str = "
create table policies (
    digest blob primary key not null check (length(digest) = 32),
    kept integer not null
) strict, without rowid;
create table policy_files (
    digest blob not null,
    path text not null,
    bytes blob not null,
    primary key (digest, path)
) strict, without rowid;
create table ready (
    node blob primary key not null check (length(node) = 16),
    digest blob not null check (length(digest) = 32)
) strict, without rowid;
";

/// Makes the table that format 1 has had since people are told where they are signed in. Versions before do not look at it; what they end
/// is gone from it as well.
const CREATE_SIGN_INS: &str = "
create table sign_ins (
    digest blob primary key not null references sessions (digest) on delete cascade,
    owner blob not null check (length(owner) = 16),
    provider integer not null check (provider in (0, 1)),
    proved integer
) strict, without rowid;
create index sign_ins_owner on sign_ins (owner);
";

/// Tables that came after the first, each with what makes it and those of its time.
const ADDED: [(&str, &str); 4] = [
    ("turns", CREATE_FEED),
    ("sessions", CREATE_SESSIONS),
    ("policies", CREATE_POLICIES),
    ("sign_ins", CREATE_SIGN_INS),
];

/// The state in a file.
pub(super) struct StateFile {
    path: PathBuf,
    ledger: [u8; 16],
    /// Which file it was that was opened there.
    identity: FileIdentity,
    boot: Boot,
    /// Whoever reads does not wait for a write to become durable.
    reads: Mutex<Connection>,
    // Dropped last: it folds SQLite's log into the file.
    writes: Mutex<Connection>,
}

impl StateFile {
    /// Opens the file of a ledger's state, or makes it.
    pub(super) fn open(
        path: PathBuf,
        ledger: [u8; 16],
        wait_for_lock_max: Duration,
    ) -> Result<Self, StoreError> {
        look(&path)?;
        let mut writes = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE, wait_for_lock_max)?;
        writes.pragma_update(None, "synchronous", "full")?;
        make_tables(&mut writes, ledger)?;
        // After the tables: until there are some the file's own first page says what it is.
        writes.pragma_update(None, "journal_mode", "wal")?;
        let owner: Option<[u8; 16]> = writes
            .query_row("select value from meta where name = 'ledger_id'", [], |row| row.get(0))
            .optional()?;
        if owner != Some(ledger) {
            return Err(StoreError::OtherLedger { place: path.display().to_string() });
        }
        add_tables(&mut writes)?;
        let identity = FileIdentity::of(&path).ok_or_else(|| StoreError::Moved { path: path.clone() })?;
        let reads = connect(&path, OpenFlags::SQLITE_OPEN_READ_ONLY, wait_for_lock_max)?;
        let (reads, writes) = (Mutex::new(reads), Mutex::new(writes));
        Ok(Self { path, ledger, identity, boot: Boot::this(), reads, writes })
    }

    /// What others write to another file this program would not see.
    fn is_in_its_place(&self) -> Result<(), StoreError> {
        if FileIdentity::of(&self.path) == Some(self.identity) {
            Ok(())
        } else {
            Err(StoreError::Moved { path: self.path.clone() })
        }
    }

    fn reads(&self) -> Result<MutexGuard<'_, Connection>, StoreError> {
        self.is_in_its_place()?;
        Ok(self.reads.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Runs `write` in a transaction of its own, which is durable when this returns.
    fn write<T>(
        &self,
        write: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = self.writes.lock().unwrap_or_else(PoisonError::into_inner);
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Once nobody else writes: what is written to a file that is gone is written for nobody.
        self.is_in_its_place()?;
        let answer = write(&tx)?;
        tx.commit()?;
        Ok(answer)
    }
}

/// Looks at what is there without changing it, and makes an empty file where there is nothing.
fn look(path: &Path) -> Result<(), StoreError> {
    match header(path)? {
        Header::Nothing => create_file(path),
        // A crash between the making of the file and the making of the tables leaves an empty file.
        Header::Empty | Header::Sqlite { application_id: APPLICATION_ID, format: FORMAT } => Ok(()),
        Header::Sqlite { application_id: APPLICATION_ID, format } if format > FORMAT => {
            Err(StoreError::NewerFormat { path: path.to_owned(), format, supported: FORMAT })
        }
        Header::Sqlite { .. } | Header::Other => Err(StoreError::NotAStore { path: path.to_owned() }),
    }
}

fn connect(path: &Path, way: OpenFlags, wait_for_lock_max: Duration) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, way | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(wait_for_lock_max)?;
    Ok(connection)
}

/// Makes the tables if the file has none yet, all in one transaction.
fn make_tables(connection: &mut Connection, ledger: [u8; 16]) -> Result<(), StoreError> {
    let are_there = |connection: &Connection| -> Result<bool, StoreError> {
        Ok(connection.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0))? != 0)
    };
    if are_there(connection)? {
        return Ok(());
    }
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if are_there(&tx)? {
        // Somebody else was quicker.
        return Ok(());
    }
    tx.execute_batch(CREATE)?;
    tx.execute("insert into meta (name, value) values ('ledger_id', ?1)", [ledger])?;
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", FORMAT)?;
    Ok(tx.commit()?)
}

/// Adds the tables that a file of an earlier version lacks.
fn add_tables(connection: &mut Connection) -> Result<(), StoreError> {
    let is_there = |connection: &Connection, table: &str| -> Result<bool, StoreError> {
        let sql = "select count(*) > 0 from sqlite_schema where type = 'table' and name = ?1";
        Ok(connection.query_row(sql, [table], |row| row.get(0))?)
    };
    for (table, create) in ADDED {
        if is_there(connection, table)? {
            continue;
        }
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if !is_there(&tx, table)? {
            tx.execute_batch(create)?;
            tx.commit()?;
        }
    }
    Ok(())
}

impl State for StateFile {
    fn add_token(&self, token: &Token) -> Result<(), StoreError> {
        self.write(|tx| tokens::add(tx, token))
    }

    fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        tokens::all(&*self.reads()?)
    }

    fn token(&self, id: &str) -> Result<Option<Token>, StoreError> {
        tokens::one(&*self.reads()?, id)
    }

    fn revoke_token(&self, id: &str, at: Timestamp) -> Result<bool, StoreError> {
        self.write(|tx| tokens::revoke(tx, id, at))
    }

    fn tokens_used(&self, used: &[(String, Timestamp)]) -> Result<(), StoreError> {
        if used.is_empty() { Ok(()) } else { self.write(|tx| tokens::used(tx, used)) }
    }

    fn begin_session(
        &self,
        secret: &[u8; 32],
        owner: &[u8; 16],
        session: &SignedIn,
    ) -> Result<(), StoreError> {
        let (kept, sign_in) = (Kept::of(self.ledger, secret, session), KeptSignIn::of(owner, session));
        self.write(|tx| sessions::begin(tx, &kept, &sign_in))
    }

    fn session(&self, secret: &[u8; 32]) -> Result<Option<SignedIn>, StoreError> {
        let kept = sessions::one(&*self.reads()?, &session_number(secret))?;
        kept.map(|kept| kept.open(self.ledger, secret)).transpose()
    }

    fn session_seen(&self, secret: &[u8; 32], at: Timestamp) -> Result<(), StoreError> {
        let digest = session_number(secret);
        self.write(|tx| sessions::seen(tx, &digest, at))
    }

    fn end_session(&self, secret: &[u8; 32]) -> Result<(), StoreError> {
        let digest = session_number(secret);
        self.write(|tx| sessions::end(tx, &digest))
    }

    fn sessions_of(&self, owner: &[u8; 16]) -> Result<Vec<OwnSession>, StoreError> {
        sessions::of(&*self.reads()?, owner)
    }

    fn end_session_of(&self, owner: &[u8; 16], number: &[u8; 32]) -> Result<bool, StoreError> {
        self.write(|tx| sessions::end_of(tx, owner, number))
    }

    fn end_unused_session(&self, owner: &[u8; 16], number: &[u8; 32]) -> Result<bool, StoreError> {
        self.write(|tx| sessions::end_unused(tx, owner, number))
    }

    fn end_sessions_of(&self, owner: &[u8; 16]) -> Result<(), StoreError> {
        self.write(|tx| sessions::end_all_of(tx, owner))
    }

    fn end_sessions(&self, seen: Timestamp, opened: Timestamp, most: u64) -> Result<(), StoreError> {
        self.write(|tx| sessions::end_some(tx, seen, opened, most))
    }

    fn register_lease(&self, node: &[u8; 16], length: Duration, applied: Revision) -> Result<(), StoreError> {
        self.write(|tx| leases::register(tx, &self.boot, node, length, applied))
    }

    fn applied(&self, node: &[u8; 16], applied: Revision) -> Result<(), StoreError> {
        self.write(|tx| leases::applied(tx, node, applied))
    }

    fn end_lease(&self, node: &[u8; 16]) -> Result<(), StoreError> {
        self.write(|tx| leases::end(tx, node))
    }

    fn leases(&self) -> Result<Vec<NodeLease>, StoreError> {
        leases::all(&*self.reads()?, &self.boot)
    }

    fn take_turn(&self, what: &str, holder: &[u8; 16], length: Duration) -> Result<bool, StoreError> {
        self.write(|tx| turns::take(tx, &self.boot, what, holder, length))
    }

    fn end_turn(&self, what: &str, holder: &[u8; 16]) -> Result<(), StoreError> {
        self.write(|tx| turns::end(tx, what, holder))
    }

    fn add_subscription(&self, subscription: &Subscription) -> Result<bool, StoreError> {
        self.write(|tx| subscriptions::add(tx, subscription))
    }

    fn subscriptions(&self) -> Result<Vec<Subscription>, StoreError> {
        subscriptions::all(&*self.reads()?)
    }

    fn remove_subscription(&self, name: &str) -> Result<bool, StoreError> {
        self.write(|tx| subscriptions::remove(tx, name))
    }

    fn pause_subscription(
        &self,
        name: &str,
        paused: Option<&(Timestamp, String)>,
    ) -> Result<bool, StoreError> {
        self.write(|tx| subscriptions::pause(tx, name, paused))
    }

    fn move_cursor(&self, name: &str, from: Option<Revision>, to: Revision) -> Result<bool, StoreError> {
        self.write(|tx| subscriptions::move_cursor(tx, name, from, to))
    }

    fn bury(&self, letter: &DeadLetter) -> Result<(), StoreError> {
        self.write(|tx| subscriptions::bury(tx, letter))
    }

    fn dead_letters(&self) -> Result<Vec<DeadLetter>, StoreError> {
        subscriptions::dead(&*self.reads()?)
    }

    fn revive_dead_letters(&self, name: &str) -> Result<u64, StoreError> {
        self.write(|tx| subscriptions::revive(tx, name))
    }

    fn forget_dead_letter(&self, name: &str, revision: Revision) -> Result<(), StoreError> {
        self.write(|tx| subscriptions::forget(tx, name, revision))
    }

    fn keep_policy(&self, policy: &KeptPolicy) -> Result<(), StoreError> {
        self.write(|tx| policies::keep(tx, policy))
    }

    fn policy(&self, digest: &[u8; 32]) -> Result<Option<KeptPolicy>, StoreError> {
        policies::one(&*self.reads()?, digest)
    }

    fn policies(&self) -> Result<Vec<([u8; 32], Timestamp)>, StoreError> {
        policies::all(&*self.reads()?)
    }

    fn ready_for(&self, node: &[u8; 16], digest: &[u8; 32]) -> Result<(), StoreError> {
        self.write(|tx| policies::ready_for(tx, node, digest))
    }

    fn nodes_ready(&self, digest: &[u8; 32]) -> Result<Vec<[u8; 16]>, StoreError> {
        policies::nodes_ready(&*self.reads()?, digest)
    }
}

impl std::fmt::Debug for StateFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StateFile").field("path", &self.path).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_in_the_reference_are_the_tables_that_are_made() {
        crate::postgres::are_in("state.md", CREATE);
        crate::postgres::are_in("state.md", CREATE_FEED);
        crate::postgres::are_in("state.md", CREATE_SESSIONS);
        crate::postgres::are_in("state.md", CREATE_POLICIES);
    }

    #[test]
    fn a_write_waits_for_the_disk() {
        let path = std::env::temp_dir().join(format!("nattoku-state-{}.sqlite.state", std::process::id()));
        let state = StateFile::open(path.clone(), [1; 16], Duration::ZERO).unwrap();
        let writes = state.writes.lock().unwrap();
        let synchronous: i64 = writes.pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap();
        let journal: String = writes.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        assert_eq!((synchronous, journal.as_str()), (2, "wal"), "full");
        drop(writes);
        drop(state);
        std::fs::remove_file(path).unwrap();
    }
}
