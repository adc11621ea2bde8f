//! The state in a schema of its own of the database in which a ledger is.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use nattoku_model::Revision;

mod leases;
mod policies;
mod sessions;
mod subscriptions;
mod tokens;
mod turns;

use super::signed_in::{Kept, KeptSignIn, session_number};
use super::{DeadLetter, KeptPolicy, NodeLease, OwnSession, SignedIn, State, Subscription, Token};
use crate::decode::number;
use crate::error::StoreError;
use crate::postgres::{Address, Pool, Session, fixed};

/// The format of the tables.
const FORMAT: i64 = 1;

/// Whether the schema is there, and whether it is ours.
const LOOK: &str = "
select exists (select from pg_namespace where nspname = 'nattoku_state'), to_regclass('nattoku_state.formats') is not null";
const NEWEST_FORMAT: &str = "select max(format)::bigint from nattoku_state.formats";
const OWNER: &str = "select value from nattoku_state.meta where name = 'ledger_id'";
/// Read from the table of tables: what `to_regclass` knows may be of before a lock was waited for.
const HAS_TABLE: &str =
    "select exists (select from pg_tables where schemaname = 'nattoku_state' and tablename = $1)";
/// Held while tables are made, so that two programs do not both make them.
const MAKING: &str = "select pg_advisory_xact_lock(x'4e54544b'::int, 3)";

/// Makes the tables of format 1.
const CREATE: &str = "
create schema nattoku_state;
create table nattoku_state.formats (
    format bigint primary key,
    since timestamptz not null default now()
);
create table nattoku_state.meta (
    name text primary key,
    value bytea not null
);
create table nattoku_state.tokens (
    id text primary key,
    digest bytea not null unique,
    applications text[] not null,
    acts text[] not null,
    note text not null,
    created bigint not null,
    expires bigint,
    revoked bigint,
    last_used bigint
);
create table nattoku_state.leases (
    node bytea primary key,
    ends_at bigint not null,
    length bigint not null,
    applied bigint not null
);
insert into nattoku_state.formats (format) values (1);
";

/// Makes the tables that format 1 has had since events are sent. Versions before do not look at them.
const CREATE_FEED: &str = "
create table nattoku_state.subscriptions (
    name text primary key,
    url text not null,
    events text[] not null,
    secret bytea not null,
    created bigint not null,
    created_by text not null,
    cursor bigint not null,
    paused bigint,
    why text
);
create table nattoku_state.dead_letters (
    subscription text not null,
    revision bigint not null,
    died bigint not null,
    attempts bigint not null,
    why text not null,
    again boolean not null,
    primary key (subscription, revision)
);
create table nattoku_state.turns (
    name text primary key,
    holder bytea not null,
    ends_at bigint not null,
    length bigint not null
);
";

/// Makes the table that format 1 has had since sessions are kept. Versions before do not look at it.
const CREATE_SESSIONS: &str = "
create table nattoku_state.sessions (
    digest bytea primary key,
    sealed bytea not null,
    opened bigint not null,
    seen bigint not null
);
create index sessions_seen on nattoku_state.sessions (seen);
";

/// Makes the tables that format 1 has had since the ledger puts policies in force. Versions before do not look at them.
const CREATE_POLICIES: &str = "
create table nattoku_state.policies (
    digest bytea primary key,
    kept bigint not null
);
create table nattoku_state.policy_files (
    digest bytea not null,
    path text not null,
    bytes bytea not null,
    primary key (digest, path)
);
create table nattoku_state.ready (
    node bytea primary key,
    digest bytea not null
);
";

/// Makes the table that format 1 has had since people are told where they are signed in. Versions before do not look at it; what they end
/// is gone from it as well.
const CREATE_SIGN_INS: &str = "
create table nattoku_state.sign_ins (
    digest bytea primary key references nattoku_state.sessions (digest) on delete cascade,
    owner bytea not null,
    provider boolean not null,
    proved bigint
);
create index sign_ins_owner on nattoku_state.sign_ins (owner);
";

/// Tables that came after the first, each with what makes it and those of its time.
const ADDED: [(&str, &str); 4] = [
    ("turns", CREATE_FEED),
    ("sessions", CREATE_SESSIONS),
    ("policies", CREATE_POLICIES),
    ("sign_ins", CREATE_SIGN_INS),
];

/// Most connections at once for tokens, as many for leases, and as many for those who look at them.
const LENT_MAX: usize = 4;
/// How long a call waits for another to give its connection back.
const WAITS_MAX: Duration = Duration::from_secs(10);

/// The state in a schema.
pub(super) struct StateSchema {
    address: Address,
    ledger: [u8; 16],
    tokens: Pool,
    /// Leases do not wait for tokens.
    leases: Pool,
    /// Nor do they wait for those who look again and again whether all nodes have applied something.
    looks: Pool,
    /// Nor do leases for whoever sends events.
    feed: Pool,
    /// Nor do people for any of them.
    sessions: Pool,
    /// Nor does anybody for the text of a policy, which is long.
    policies: Pool,
}

impl StateSchema {
    /// Connects to the state of the ledger at an address, or makes it.
    pub(super) fn open(address: &Address, ledger: [u8; 16]) -> Result<Self, StoreError> {
        let mut session = address.connect()?;
        if !is_there(&mut session, address)? {
            session.transaction(|session| {
                session.run(MAKING)?;
                if is_there(session, address)? {
                    // Somebody else was quicker.
                    return Ok(());
                }
                session.run(CREATE)?;
                let sql = "insert into nattoku_state.meta (name, value) values ('ledger_id', $1)";
                session.query(sql, &[&ledger.as_slice()]).map(drop)
            })?;
        }
        let owner: Option<[u8; 16]> =
            session.query(OWNER, &[])?.first().map(|row| fixed(row.try_get(0)?, "ledger_id")).transpose()?;
        if owner != Some(ledger) {
            return Err(StoreError::OtherLedger { place: shown(address) });
        }
        add_tables(&mut session)?;
        let pool = || Pool::of(address.clone(), LENT_MAX, WAITS_MAX);
        let this = Self {
            address: address.clone(),
            ledger,
            tokens: pool(),
            leases: pool(),
            looks: pool(),
            feed: pool(),
            sessions: pool(),
            policies: pool(),
        };
        this.leases.give_back(session);
        Ok(this)
    }
}

/// Adds the tables that a schema of an earlier version lacks.
fn add_tables(session: &mut Session) -> Result<(), StoreError> {
    for (table, create) in ADDED {
        if has(session, table)? {
            continue;
        }
        session.transaction(|session| {
            session.run(MAKING)?;
            if has(session, table)? { Ok(()) } else { session.run(create) }
        })?;
    }
    Ok(())
}

fn has(session: &mut Session, table: &str) -> Result<bool, StoreError> {
    let rows = session.query(HAS_TABLE, &[&table])?;
    Ok(rows.first().map(|row| row.try_get(0)).transpose()?.unwrap_or(false))
}

/// What the server's clock says.
pub(super) fn clock_of(address: &Address) -> Result<Timestamp, StoreError> {
    leases::clock(&mut address.connect()?)
}

/// The schema and its database, for people.
fn shown(address: &Address) -> String {
    format!("{address} (nattoku_state)")
}

/// Whether the schema is there and this version can read it.
fn is_there(session: &mut Session, address: &Address) -> Result<bool, StoreError> {
    let path = || PathBuf::from(shown(address));
    let rows = session.query(LOOK, &[])?;
    let Some(row) = rows.first() else { return Ok(false) };
    match (row.try_get(0)?, row.try_get(1)?) {
        (false, _) => return Ok(false),
        (true, false) => return Err(StoreError::NotAStore { path: path() }),
        (true, true) => {}
    }
    let rows = session.query(NEWEST_FORMAT, &[])?;
    match rows.first().map(|row| row.try_get::<_, Option<i64>>(0)).transpose()?.flatten() {
        Some(FORMAT) => Ok(true),
        Some(format) if format > FORMAT => {
            let as_u32 = |format| number(format).map(|format| u32::try_from(format).unwrap_or(u32::MAX));
            Err(StoreError::NewerFormat { path: path(), format: as_u32(format)?, supported: as_u32(FORMAT)? })
        }
        _ => Err(StoreError::NotAStore { path: path() }),
    }
}

impl State for StateSchema {
    fn add_token(&self, token: &Token) -> Result<(), StoreError> {
        // Asked twice it would find its own.
        self.tokens.read_once(|session| tokens::add(session, token))
    }

    fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        self.tokens.read(tokens::all)
    }

    fn token(&self, id: &str) -> Result<Option<Token>, StoreError> {
        self.tokens.read(|session| tokens::one(session, id))
    }

    fn revoke_token(&self, id: &str, at: Timestamp) -> Result<bool, StoreError> {
        self.tokens.read(|session| tokens::revoke(session, id, at))
    }

    fn tokens_used(&self, used: &[(String, Timestamp)]) -> Result<(), StoreError> {
        if used.is_empty() { Ok(()) } else { self.tokens.read(|session| tokens::used(session, used)) }
    }

    fn begin_session(
        &self,
        secret: &[u8; 32],
        owner: &[u8; 16],
        session: &SignedIn,
    ) -> Result<(), StoreError> {
        let (kept, sign_in) = (Kept::of(self.ledger, secret, session), KeptSignIn::of(owner, session));
        self.sessions.read(|session| sessions::begin(session, &kept, &sign_in))
    }

    fn session(&self, secret: &[u8; 32]) -> Result<Option<SignedIn>, StoreError> {
        let kept = self.sessions.read(|session| sessions::one(session, &session_number(secret)))?;
        kept.map(|kept| kept.open(self.ledger, secret)).transpose()
    }

    fn session_seen(&self, secret: &[u8; 32], at: Timestamp) -> Result<(), StoreError> {
        let digest = session_number(secret);
        self.sessions.read(|session| sessions::seen(session, &digest, at))
    }

    fn end_session(&self, secret: &[u8; 32]) -> Result<(), StoreError> {
        let digest = session_number(secret);
        self.sessions.read(|session| sessions::end(session, &digest))
    }

    fn sessions_of(&self, owner: &[u8; 16]) -> Result<Vec<OwnSession>, StoreError> {
        self.sessions.read(|session| sessions::of(session, owner))
    }

    fn end_session_of(&self, owner: &[u8; 16], number: &[u8; 32]) -> Result<bool, StoreError> {
        self.sessions.read(|session| sessions::end_of(session, owner, number))
    }

    fn end_unused_session(&self, owner: &[u8; 16], number: &[u8; 32]) -> Result<bool, StoreError> {
        self.sessions.read(|session| sessions::end_unused(session, owner, number))
    }

    fn end_sessions_of(&self, owner: &[u8; 16]) -> Result<(), StoreError> {
        self.sessions.read(|session| sessions::end_all_of(session, owner))
    }

    fn end_sessions(&self, seen: Timestamp, opened: Timestamp, most: u64) -> Result<(), StoreError> {
        self.sessions.read(|session| sessions::end_some(session, seen, opened, most))
    }

    fn register_lease(&self, node: &[u8; 16], length: Duration, applied: Revision) -> Result<(), StoreError> {
        self.leases.read(|session| leases::register(session, node, length, applied))
    }

    fn applied(&self, node: &[u8; 16], applied: Revision) -> Result<(), StoreError> {
        self.leases.read(|session| leases::applied(session, node, applied))
    }

    fn end_lease(&self, node: &[u8; 16]) -> Result<(), StoreError> {
        self.leases.read(|session| leases::end(session, node))
    }

    fn leases(&self) -> Result<Vec<NodeLease>, StoreError> {
        self.looks.read(leases::all)
    }

    fn take_turn(&self, what: &str, holder: &[u8; 16], length: Duration) -> Result<bool, StoreError> {
        self.leases.read(|session| turns::take(session, what, holder, length))
    }

    fn end_turn(&self, what: &str, holder: &[u8; 16]) -> Result<(), StoreError> {
        self.leases.read(|session| turns::end(session, what, holder))
    }

    fn add_subscription(&self, subscription: &Subscription) -> Result<bool, StoreError> {
        self.feed.read(|session| subscriptions::add(session, subscription))
    }

    fn subscriptions(&self) -> Result<Vec<Subscription>, StoreError> {
        self.feed.read(subscriptions::all)
    }

    fn remove_subscription(&self, name: &str) -> Result<bool, StoreError> {
        self.feed.read(|session| subscriptions::remove(session, name))
    }

    fn pause_subscription(
        &self,
        name: &str,
        paused: Option<&(Timestamp, String)>,
    ) -> Result<bool, StoreError> {
        self.feed.read(|session| subscriptions::pause(session, name, paused))
    }

    fn move_cursor(&self, name: &str, from: Option<Revision>, to: Revision) -> Result<bool, StoreError> {
        self.feed.read(|session| subscriptions::move_cursor(session, name, from, to))
    }

    fn bury(&self, letter: &DeadLetter) -> Result<(), StoreError> {
        self.feed.read(|session| subscriptions::bury(session, letter))
    }

    fn dead_letters(&self) -> Result<Vec<DeadLetter>, StoreError> {
        self.feed.read(subscriptions::dead)
    }

    fn revive_dead_letters(&self, name: &str) -> Result<u64, StoreError> {
        self.feed.read(|session| subscriptions::revive(session, name))
    }

    fn forget_dead_letter(&self, name: &str, revision: Revision) -> Result<(), StoreError> {
        self.feed.read(|session| subscriptions::forget(session, name, revision))
    }

    fn keep_policy(&self, policy: &KeptPolicy) -> Result<(), StoreError> {
        self.policies.read(|session| policies::keep(session, policy))
    }

    fn policy(&self, digest: &[u8; 32]) -> Result<Option<KeptPolicy>, StoreError> {
        self.policies.read(|session| policies::one(session, digest))
    }

    fn policies(&self) -> Result<Vec<([u8; 32], Timestamp)>, StoreError> {
        self.policies.read(policies::all)
    }

    fn ready_for(&self, node: &[u8; 16], digest: &[u8; 32]) -> Result<(), StoreError> {
        self.policies.read(|session| policies::ready_for(session, node, digest))
    }

    fn nodes_ready(&self, digest: &[u8; 32]) -> Result<Vec<[u8; 16]>, StoreError> {
        self.policies.read(|session| policies::nodes_ready(session, digest))
    }
}

impl std::fmt::Debug for StateSchema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StateSchema").field("address", &self.address.to_string()).finish_non_exhaustive()
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
        crate::postgres::are_in("state.md", CREATE_SIGN_INS);
    }
}
