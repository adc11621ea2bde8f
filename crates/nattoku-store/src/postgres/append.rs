//! What an append does in `PostgreSQL`: steps 2 and 3 of [`crate::append`]; the others are in [`commit`].

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use nattoku_model::Revision;
use postgres::Row;
use postgres::types::ToSql;

use super::address::Address;
use super::commit;
use super::ids::{IdColumn, id_of};
use super::known::Known;
use super::lease::{self, Lease, Resting};
use super::read::{decode_row, event, identifier_of, joined};
use super::session::Session;
use super::view::{self, Asked};
use crate::append::{
    Asking, Found, FoundContent, Head, KnownPrincipal, Medium, Plan, Sight, StoredId, reached,
};
use crate::decode::{column, number};
use crate::error::StoreError;
use crate::general::GeneralEvents;
use crate::keys::Keyring;
use crate::leaf::LedgerPrincipal;
use crate::opening::Settings;

/// The connection that writes.
pub(super) struct Writing {
    address: Address,
    wait_max: Duration,
    held_max: Duration,
    known: Arc<Known>,
    state: State,
    keys: Arc<Keyring>,
    general: Arc<GeneralEvents>,
    /// How often somebody had been erased when that was last asked.
    erasures: Option<[u8; 8]>,
}

enum State {
    Away,
    Resting(Box<Resting>),
    Holds(Box<Lease>),
}

/// Ids and identifiers asked for at once.
const ASKED_AT_ONCE: usize = 10_000;

/// The events of some ids; and the newest event about each of some principals, as rows that have the ordinal where events have when they
/// happened, and nothing else.
pub(super) const FIND: &str = concat!(
    "select ",
    event!(),
    ", p.identifier, e.event_id from ",
    joined!(),
    " where e.event_id = any($1::bytea[])
union all
select coalesce((select max(revision) from nattoku.events where principal = about.ordinal), 0), about.ordinal, 0,
    null, null, null, false, null, null
from unnest($2::bigint[]) about (ordinal)"
);
const PRINCIPALS: &str = "select lookup, ordinal, id from nattoku.principals where lookup = any($1::bytea[])";
const NEWEST_ORDINAL: &str = "select coalesce(max(ordinal), 0) from nattoku.principals";
const LEAF_HASHES: &str =
    "select leaf_hash from nattoku.events where revision between $1 and $2 order by revision";
const BY_ID: &str = "select id, ordinal, lookup is null from nattoku.principals where id = any($1::bytea[])";
const ERASED: &str = "
select p.id, coalesce((select max(recorded_at) from nattoku.events where principal = p.ordinal), 0)
from nattoku.principals p where p.lookup is null";

impl Writing {
    pub(super) fn new(
        address: Address,
        settings: Settings,
        (known, keys, general): (Arc<Known>, Arc<Keyring>, Arc<GeneralEvents>),
    ) -> Self {
        let Settings { wait_for_lock_max: wait_max, held_max, .. } = settings;
        Self { address, wait_max, held_max, known, state: State::Away, keys, general, erasures: None }
    }

    /// Asks over the session that has the lease, or over one of its own where there is none.
    fn ask(&mut self, sql: &'static str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, StoreError> {
        match &mut self.state {
            State::Holds(lease) => lease.session.query(sql, parameters),
            State::Resting(_) | State::Away => self.address.connect()?.query(sql, parameters),
        }
    }

    pub(super) fn session(&mut self) -> Result<&mut Session, StoreError> {
        match &mut self.state {
            State::Holds(lease) => Ok(&mut lease.session),
            State::Resting(_) | State::Away => Err(StoreError::Superseded),
        }
    }

    /// Gives the lease up. Where that fails the connection is dropped, which gives it up as well.
    fn give_up(&mut self) {
        self.state = match std::mem::replace(&mut self.state, State::Away) {
            State::Holds(lease) => {
                lease.give_up().map_or(State::Away, |resting| State::Resting(Box::new(resting)))
            }
            state => state,
        };
    }

    fn take_anew(&self) -> Result<Lease, StoreError> {
        Lease::take(lease::connect(&self.address, self.wait_max)?, None, &self.known)
    }

    /// Has the lease, and gives the head.
    fn hold(&mut self) -> Result<Head, StoreError> {
        if matches!(&self.state, State::Holds(lease) if lease.session.is_closed()) {
            self.state = State::Away;
        }
        if matches!(&self.state, State::Holds(lease) if lease.is_older_than(self.held_max)) {
            self.give_up();
        }
        let lease = match std::mem::replace(&mut self.state, State::Away) {
            State::Holds(lease) => *lease,
            State::Resting(mut before) => match before.session.take().filter(|kept| !kept.is_closed()) {
                Some(session) => match Lease::take(session, Some(&before), &self.known) {
                    Ok(lease) => lease,
                    Err(
                        error @ (StoreError::Held { .. } | StoreError::Locked | StoreError::Moved { .. }),
                    ) => {
                        return Err(error);
                    }
                    // The server may have been restarted since.
                    Err(_) => self.take_anew()?,
                },
                None => self.take_anew()?,
            },
            State::Away => self.take_anew()?,
        };
        let head = lease.head();
        self.state = State::Holds(Box::new(lease));
        Ok(head)
    }
}

impl Medium for Writing {
    fn begin(&mut self) -> Result<Head, StoreError> {
        self.hold()
    }

    fn views(&mut self, asking: &[&Asking]) -> Result<Vec<Sight>, StoreError> {
        let (keys, general) = (Arc::clone(&self.keys), Arc::clone(&self.general));
        let asked: Vec<Asked<'_>> =
            asking.iter().map(|one| Asked::new(&keys, &one.identifier, one.id.as_ref())).collect();
        let all = view::read(self.session()?, (&keys, &general), &asked)?;
        all.into_iter()
            .map(|rows| {
                let (keys, general, newest) = (Arc::clone(&keys), Arc::clone(&general), rows.newest()?);
                Ok(Sight { newest, open: Box::new(move || rows.open(&keys, &general)) })
            })
            .collect()
    }

    fn find(
        &mut self,
        ids: &[&StoredId],
        ordinals: &[i64],
    ) -> Result<(HashMap<StoredId, Found>, Vec<Revision>), StoreError> {
        let keys = Arc::clone(&self.keys);
        let session = self.session()?;
        let (mut found, mut newest) = (HashMap::new(), HashMap::<i64, Revision>::new());
        let (mut all_ids, mut all_ordinals) = (ids.chunks(ASKED_AT_ONCE), ordinals.chunks(ASKED_AT_ONCE));
        loop {
            let (ids, ordinals) = (all_ids.next(), all_ordinals.next());
            if ids.is_none() && ordinals.is_none() {
                break;
            }
            let ids: Vec<IdColumn<'_>> = ids.unwrap_or_default().iter().map(|id| IdColumn(id)).collect();
            for row in session.query(FIND, &[&ids, &ordinals.unwrap_or_default()])? {
                let revision = number(row.try_get(0)?)?;
                if let Some(id) = row.try_get(8)? {
                    let id = id_of(id)?;
                    let there = found_in(&row, (revision, &id), &keys)?;
                    found.insert(id, there);
                } else {
                    newest.insert(row.try_get(1)?, Revision(revision));
                }
            }
        }
        let newest = ordinals.iter().map(|ordinal| newest.get(ordinal).copied().unwrap_or_default());
        Ok((found, newest.collect()))
    }

    fn principals(&mut self, identifiers: &[&str]) -> Result<Vec<(String, KnownPrincipal)>, StoreError> {
        let keys = Arc::clone(&self.keys);
        let mut found = Vec::new();
        for identifiers in identifiers.chunks(ASKED_AT_ONCE) {
            let lookups: Vec<[u8; 16]> = identifiers.iter().map(|text| keys.lookup(text)).collect();
            let by_lookup: HashMap<_, _> = lookups.iter().zip(identifiers).collect();
            let columns: Vec<&[u8]> = lookups.iter().map(<[u8; 16]>::as_slice).collect();
            let rows = self.session()?.query(PRINCIPALS, &[&columns])?;
            let read = rows.iter().map(|row| {
                let lookup: [u8; 16] = fixed(row.try_get(0)?, "principals.lookup")?;
                Ok((lookup, row.try_get(1)?, fixed(row.try_get(2)?, "principals.id")?))
            });
            let read = read.collect::<Result<Vec<([u8; 16], i64, [u8; 16])>, StoreError>>()?;
            keys.expect(read.iter().map(|(_, _, id)| *id))?;
            for (lookup, ordinal, id) in read {
                let (Some(identifier), Some(known)) = (by_lookup.get(&lookup), keys.of(&id)?) else {
                    let what = "a principal whose keys are destroyed is still found by an identifier; open the store anew";
                    return Err(StoreError::Corrupt { what: what.to_owned() });
                };
                let commitment_key = *known.commitment_key().bytes();
                let principal = LedgerPrincipal { id, commitment_key };
                found.push(((**identifier).to_owned(), KnownPrincipal { ordinal, principal }));
            }
        }
        Ok(found)
    }

    fn newest_ordinal(&mut self) -> Result<i64, StoreError> {
        let rows = self.session()?.query(NEWEST_ORDINAL, &[])?;
        Ok(rows.first().map(|row| row.try_get(0)).transpose()?.unwrap_or(0))
    }

    fn leaf_hashes(&mut self, first: u64, last: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        let rows = self.session()?.query(LEAF_HASHES, &[&column(first)?, &column(last)?])?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    fn commit(&mut self, plan: &Plan<'_>) -> Result<(), StoreError> {
        let State::Holds(lease) = &mut self.state else { return Err(StoreError::Superseded) };
        match commit::write(&mut lease.session, lease.head.epoch, plan, &self.keys) {
            Ok(is_awaited) => {
                lease.head = plan.head.clone();
                let newest = plan.events.last().map(|row| row.hash.0.to_vec());
                self.known.advance(plan.head.frontier.size(), newest);
                if is_awaited || lease.is_contended {
                    self.give_up();
                }
            }
            // Somebody has taken the ledger over, and the lease that this writer believes in is none; or the server gave up waiting
            // for its standbys, and whoever looks at what became of the commit must wait for them anew.
            Err(error @ (StoreError::Superseded | StoreError::Unreachable { .. })) => {
                self.state = State::Away;
                return Err(error);
            }
            Err(error) => return Err(error),
        }
        reached("append::head")
    }

    fn abandon(&mut self) {
        if matches!(&self.state, State::Holds(lease) if lease.session.is_closed()) {
            self.state = State::Away;
        }
    }

    fn break_off(&mut self) {
        // A transaction that was left open ends with its session, and so does the lease.
        self.state = State::Away;
        self.keys.break_off();
    }

    /// Nobody is erased while this writer has the lease, and what it reads when it takes it is enough.
    fn has_forgotten(&mut self) -> Result<bool, StoreError> {
        let State::Holds(lease) = &self.state else { return Err(StoreError::Superseded) };
        let before = self.erasures.replace(lease.erasures);
        Ok(before.is_some_and(|before| before != lease.erasures))
    }

    fn by_id(&mut self, ids: &[[u8; 16]]) -> Result<Vec<([u8; 16], i64, bool)>, StoreError> {
        let columns: Vec<&[u8]> = ids.iter().map(<[u8; 16]>::as_slice).collect();
        let rows = self.ask(BY_ID, &[&columns])?;
        let found = rows
            .iter()
            .map(|row| Ok((fixed(row.try_get(0)?, "principals.id")?, row.try_get(1)?, row.try_get(2)?)));
        found.collect()
    }

    fn erased(&mut self) -> Result<Vec<([u8; 16], i64)>, StoreError> {
        let rows = self.ask(ERASED, &[])?;
        let found = rows.iter().map(|row| Ok((fixed(row.try_get(0)?, "principals.id")?, row.try_get(1)?)));
        found.collect()
    }

    /// The server overwrites what was deleted when it will; what is left of it until then is sealed.
    fn empty_log(&mut self) -> Result<bool, StoreError> {
        Ok(false)
    }

    fn rests(&self) -> bool {
        true
    }

    fn rest(&mut self) {
        self.give_up();
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        // So that the next writer need not wait for the server to see the connection close.
        self.give_up();
    }
}

/// An event that is there already under an id, from a row of [`FIND`].
fn found_in(row: &Row, (revision, id): (u64, &StoredId), keys: &Keyring) -> Result<Found, StoreError> {
    let content = match id {
        StoredId::Given(_) => {
            let principal = identifier_of(row, 7, keys)?;
            let there = decode_row(row, keys)?;
            there.map(|there| FoundContent { at: there.at, event: there.event, principal })
        }
        StoredId::Derived(_) | StoredId::Erased(_) => None,
    };
    Ok(Found { revision, recorded_at: row.try_get(2)?, content })
}

/// Bytes of which there must be so many.
pub(crate) fn fixed<const N: usize>(bytes: &[u8], what: &str) -> Result<[u8; N], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Corrupt {
        what: format!("{} bytes in {what}, where there must be {N}", bytes.len()),
    })
}
