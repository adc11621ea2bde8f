//! The right to append, which one session has at a time.
//!
//! It is an advisory lock of the server's. It ends with the session that has it: when a program dies the server sees its
//! connection close, and whoever waits for the lease gets it. Only then can it be known what became of the dead one's last
//! commit, and by then it has ended one way or the other.
//!
//! A writer that was stopped for so long that its session was ended may wake and go on. Its connection is gone; and should it
//! not be, the head no longer has the epoch and the size that it knows, so that it moves nothing ([`crate::append`], step 6).

use std::time::{Duration, Instant};

use nattoku_ledger::Frontier;

use super::address::Address;
use super::known::Known;
use super::read::meta;
use super::session::Session;
use crate::append::Head;
use crate::decode::number;
use crate::error::StoreError;

/// Whether somebody waits for the lease: a column. Whoever waits shares another lock for as long, and to try it costs next to nothing.
/// To look among all locks for those that are waited for costs as much as half a commit. Whoever begins to wait during this
/// transaction does so once it has ended, before the next can try.
macro_rules! awaited {
    () => {
        "not pg_try_advisory_xact_lock(x'4e54544b'::int, 4)"
    };
}
pub(super) use awaited;

/// Tells at once; where others wait already, no.
const TRY: &str = "select pg_try_advisory_lock(x'4e54544b'::int, 1)";
/// Tells that somebody waits, waits, and tells so no longer. Where the second breaks off, the session has to end.
pub(super) const HOLD: &str = "
select pg_advisory_unlock_shared(x'4e54544b'::int, 4) from (
    select pg_advisory_lock(x'4e54544b'::int, 1) from (select pg_advisory_lock_shared(x'4e54544b'::int, 4)) waits
) holds";
const HOLD_FOR_TRANSACTION: &str = "
select pg_advisory_xact_lock(x'4e54544b'::int, 1) from (select pg_advisory_xact_lock_shared(x'4e54544b'::int, 4)) waits";
const GIVE_UP: &str = "select pg_advisory_unlock(x'4e54544b'::int, 1)";
const HOLDER: &str = "
select a.pid, coalesce(nullif(a.application_name, ''), '?'), coalesce(host(a.client_addr), 'this machine')
from pg_locks l join pg_stat_activity a using (pid)
where l.locktype = 'advisory' and l.granted and l.classid = x'4e54544b'::int::oid and l.objid = 1 and l.objsubid = 2
  and l.database = (select oid from pg_database where datname = current_database())";
/// A commit of no more than a mark in the server's log, where there may be synchronous standbys. Whoever had the lease before may
/// have been cut off while the server waited for them, and what was written shows all the same. When this has ended, they have it.
const SETTLE: &str = "
select case when current_setting('synchronous_standby_names') <> '' and not pg_is_in_recovery()
then pg_logical_emit_message(true, 'nattoku', ''::text) end";
const HEAD: &str = "select epoch, size, frontier, recorded_at from nattoku.head where only_row";

/// A session that may append.
pub(super) struct Lease {
    pub(super) session: Session,
    /// The head as the server has it. Nobody else can move it.
    pub(super) head: Head,
    /// The epoch in which this session writes; the server's own until its first commit.
    epoch: i64,
    since: Instant,
    /// Whether somebody else has appended since this writer had the lease before: then others want their turn again soon, and
    /// the lease is not kept to wait for the next group.
    pub(super) is_contended: bool,
    /// How often somebody has been erased. Nobody can be while this session has the lease.
    pub(super) erasures: [u8; 8],
}

impl Lease {
    /// Waits for the lease, at most as long as the session's `lock_timeout` says.
    pub(super) fn take(
        mut session: Session,
        before: Option<&Resting>,
        known: &Known,
    ) -> Result<Self, StoreError> {
        wait_for(&mut session)?;
        let head = read_head(&mut session)?;
        // Where nobody has appended since this writer gave the lease up, its epoch goes on.
        let goes_on = before.is_some_and(|before| before.head == head && before.epoch == head.epoch);
        if !goes_on {
            known.check(&mut session)?;
            session.query_durably(SETTLE, &[])?;
        }
        let is_contended = before.is_some_and(|before| before.head != head);
        let epoch = if goes_on { head.epoch } else { head.epoch + 1 };
        let erasures = meta(&mut session, "erasures")?;
        Ok(Self { session, head, epoch, since: Instant::now(), is_contended, erasures })
    }

    /// The head on which a plan is made: the server's, in this writer's epoch.
    pub(super) fn head(&self) -> Head {
        Head { epoch: self.epoch, ..self.head.clone() }
    }

    /// Whether others, who may be waiting, should have their turn. The server gives it to them in the order in which they asked.
    pub(super) fn is_older_than(&self, held_max: Duration) -> bool {
        self.since.elapsed() > held_max
    }

    /// Gives the lease up, and keeps the session.
    pub(super) fn give_up(mut self) -> Result<Resting, StoreError> {
        self.session.query(GIVE_UP, &[])?;
        Ok(Resting { session: Some(self.session), head: self.head, epoch: self.epoch })
    }
}

/// A writer without the lease, and what it knew when it gave it up.
pub(super) struct Resting {
    pub(super) session: Option<Session>,
    head: Head,
    epoch: i64,
}

/// Has the lease for the transaction that `session` is in.
pub(super) fn hold_for_transaction(session: &mut Session, wait_max: Duration) -> Result<(), StoreError> {
    session.run(&format!("set local lock_timeout = {}", wait_max.as_millis().max(1)))?;
    session.query(HOLD_FOR_TRANSACTION, &[]).map(drop)
}

/// A connection that waits for the lease no longer than it is told to.
pub(super) fn connect(address: &Address, wait_max: Duration) -> Result<Session, StoreError> {
    let mut session = address.connect()?;
    // Where this program or its machine is gone, the server is to notice soon and to end the session, and with it the lease.
    session
        .run("set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3")?;
    session.run(&format!("set lock_timeout = {}", wait_max.as_millis().max(1)))?;
    Ok(session)
}

/// Who has the lease: the server's process, its program and where that runs.
type Holder = (i32, String, String);

/// Takes the lease, or waits for it. Whoever waits in vain is told who has had it all the time.
fn wait_for(session: &mut Session) -> Result<(), StoreError> {
    let tried = session.query(TRY, &[])?;
    if tried.first().map(|row| row.try_get(0)).transpose()?.unwrap_or(false) {
        return Ok(());
    }
    let first = holder(session)?;
    match session.query(HOLD, &[]) {
        Ok(_) => Ok(()),
        Err(StoreError::Locked) => Err(held_throughout(first, holder(session)?)),
        Err(error) => Err(error),
    }
}

/// What to tell whoever has waited while these had the lease, at first and at last. None has given it up in the meantime, or the
/// server does not tell.
fn held_throughout(first: Option<Holder>, last: Option<Holder>) -> StoreError {
    match (first, last) {
        // The server gives the lease in turn: nobody has had it again before those who wait.
        (Some((before, ..)), Some((process, program, machine))) if before == process => {
            StoreError::Held { process, program, machine }
        }
        _ => StoreError::Locked,
    }
}

fn holder(session: &mut Session) -> Result<Option<Holder>, StoreError> {
    let rows = session.query(HOLDER, &[])?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)))
}

/// The head as the server has it.
pub(super) fn read_head(session: &mut Session) -> Result<Head, StoreError> {
    let rows = session.query(HEAD, &[])?;
    let row = rows.first().ok_or_else(|| StoreError::Corrupt { what: "the head is missing".to_owned() })?;
    let (size, frontier): (i64, Vec<u8>) = (row.try_get(1)?, row.try_get(2)?);
    let frontier = Frontier::from_bytes(number(size)?, &frontier)
        .map_err(|e| StoreError::Corrupt { what: format!("the head does not hold: {e}") })?;
    Ok(Head { epoch: row.try_get(0)?, frontier, recorded_at: row.try_get(3)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_has_had_the_lease_all_the_time_is_named() {
        let holder = |process| Some((process, "somebody".to_owned(), "this machine".to_owned()));
        let told = held_throughout(holder(7), holder(7));
        assert!(matches!(told, StoreError::Held { process: 7, .. }), "{told:?}");
        for (first, last) in [(holder(7), holder(8)), (holder(7), None), (None, holder(7)), (None, None)] {
            let told = held_throughout(first, last);
            assert!(matches!(told, StoreError::Locked), "{told:?}");
        }
    }
}
