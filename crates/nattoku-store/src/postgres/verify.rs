//! Recomputes the whole ledger and compares it with what is kept beside it.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use nattoku_model::Revision;
use postgres::Row;

use super::append::fixed;
use super::lease::read_head;
use super::read::{event, expect_all, id_in, joined};
use super::session::Session;
use super::{PostgresStore, nodes};
use crate::append::Head;
use crate::check::{
    self, BATCH, BATCH_BYTES, Columns, Feed, Found, Hashing, Meta, People, PrincipalRow, Rows, Subject,
    check_buried, check_counts, check_erased, check_head, check_meta, within,
};
use crate::decode::number;
use crate::error::StoreError;
use crate::nodes::completed;
use crate::record::Stats;

/// Rows up to the one that fills a batch. How long a value is the server tells without reading it.
pub(super) const ROWS: &str = concat!(
    "select * from (select ",
    event!(),
    ", e.leaf_hash, e.event_id, e.principal, p.identifier,
    sum(octet_length(e.event_id) + octet_length(e.leaf) + octet_length(e.leaf_hash) + coalesce(octet_length(y.payload), 0))
    over (order by e.revision rows between unbounded preceding and 1 preceding) as n_bytes_before from ",
    joined!(),
    " where e.revision > $1 order by e.revision limit $2) rows
where n_bytes_before is null or n_bytes_before < $3 order by revision"
);
const NODES: &str = "select place, hash from nattoku.nodes where place >= $1 and place < $2";
const PRINCIPALS: &str = "
select ordinal, id, lookup, identifier from nattoku.principals where ordinal > $1 order by ordinal limit $2";
const COUNTS: &str = "select event, events from nattoku.counts";
const META: &str = "select name, value from nattoku.meta";
const NUMBER_OF_NODES: &str = "select count(*) from nattoku.nodes";
const NUMBERS: &str = "
select (select count(*) from nattoku.payloads), (select count(*) from nattoku.head),
(select count(lookup) from nattoku.principals), (select count(*) from nattoku.principals where lookup is null)";
const IS_ERASED: &str = "select lookup is null from nattoku.principals where id = $1";

impl PostgresStore {
    /// Reads everything, and checks that it is whole.
    pub(super) fn recompute_all(&self, progress: &mut dyn FnMut(u64)) -> Result<Stats, StoreError> {
        let people = People::new(&self.keys);
        let (stats, found) =
            self.pool.read_once(|session| session.snapshot(|session| check(session, &people, progress)))?;
        self.pool.read(|session| check_gone(session, &found.gone))?;
        check_buried(&self.keys, &found.erased, self.settings.wait_for_lock_max)?;
        Ok(stats)
    }
}

/// Holds everything against one state of the ledger.
fn check(
    session: &mut Session,
    people: &People<'_>,
    progress: &mut dyn FnMut(u64),
) -> Result<(Stats, Found), StoreError> {
    let head = read_head(session)?;
    let has_nodes = nodes::are_there(session)?;
    let recomputed =
        check::recompute(people, &Hashing::new(), |feed| read(session, people, feed, has_nodes, progress))?;
    if has_nodes {
        let [kept] = numbers(session, NUMBER_OF_NODES)?;
        recomputed.check_number_of_nodes(kept)?;
    }
    let [payloads, heads, principals, erased] = numbers(session, NUMBERS)?;
    recomputed.check_number_of_payloads(payloads)?;
    recomputed.matches(&head)?;
    check_head(&head, &recomputed)?;
    if heads != 1 {
        return Err(StoreError::Corrupt { what: format!("the table head has {heads} rows") });
    }
    let stats = stats(session, &head, number(principals)?)?;
    check_counts(&stats.events_by_name, &recomputed.found.events_by_name)?;
    check_erased(number(erased)?, &recomputed)?;
    check_meta(&meta(session)?, people.keys.ledger(), number(erased)?)?;
    check_principals(session, people)?;
    Ok((stats, recomputed.found))
}

/// One row of so many numbers.
fn numbers<const N: usize>(session: &mut Session, sql: &'static str) -> Result<[i64; N], StoreError> {
    let rows = session.query(sql, &[])?;
    let mut numbers = [0; N];
    for (column, number) in numbers.iter_mut().enumerate() {
        *number = rows.first().map(|row| row.try_get(column)).transpose()?.unwrap_or_default();
    }
    Ok(numbers)
}

/// Gives the rows of all events away, a batch at a time, and tells how many were given.
fn read(
    session: &mut Session,
    people: &People<'_>,
    feed: &Feed,
    has_nodes: bool,
    progress: &mut dyn FnMut(u64),
) -> Result<(), StoreError> {
    let (mut after, mut n_given) = (i64::MIN, 0);
    let [n_rows_max, n_bytes_max] = [BATCH, BATCH_BYTES].map(|max| i64::try_from(max).unwrap_or(i64::MAX));
    loop {
        let selected = session.query(ROWS, &[&after, &n_rows_max, &n_bytes_max])?;
        let Some(last) = selected.last() else { return Ok(()) };
        after = last.try_get(0)?;
        expect_all(&selected, people.keys)?;
        let mut rows = Rows::default();
        let added = selected.iter().try_for_each(|row| add(row, &mut rows));
        let n_rows = u64::try_from(rows.len()).unwrap_or(0);
        if has_nodes {
            rows.nodes = Some(kept_nodes(session, n_given, n_given + n_rows)?);
        }
        // What does not hold in the rows before comes first.
        if !feed.give(rows) {
            return Ok(());
        }
        added?;
        n_given += n_rows;
        progress(n_given);
    }
}

fn add(row: &Row, rows: &mut Rows) -> Result<(), StoreError> {
    let revision: i64 = row.try_get(0)?;
    let id = id_in(row).map_err(|error| within(&format!("revision {revision}"), error))?;
    let subject = match id {
        None => None,
        Some(id) => Some(Arc::new(Subject::new(id, row.try_get(6)?, row.try_get(10)?))),
    };
    rows.push(&Columns {
        revision,
        at: row.try_get(1)?,
        recorded_at: row.try_get(2)?,
        event_id: row.try_get(8)?,
        ordinal: row.try_get(9)?,
        subject: subject.as_ref(),
        leaf: row.try_get(3)?,
        leaf_hash: row.try_get(7)?,
        payload: row.try_get(4)?,
    });
    Ok(())
}

/// The kept nodes that the events after so many complete, up to so many.
fn kept_nodes(session: &mut Session, before: u64, after: u64) -> Result<HashMap<i64, Vec<u8>>, StoreError> {
    let mut kept = HashMap::new();
    for places in completed(before, after) {
        let Range { start, end } = places?;
        for row in session.query(NODES, &[&start, &end])? {
            kept.insert(row.try_get(0)?, row.try_get(1)?);
        }
    }
    Ok(kept)
}

fn stats(session: &mut Session, head: &Head, principals: u64) -> Result<Stats, StoreError> {
    let counts = session.query(COUNTS, &[])?;
    let counts = counts.iter().map(|row| Ok((row.try_get(0)?, number(row.try_get(1)?)?)));
    Ok(Stats {
        events: head.frontier.size(),
        principals,
        revision: Revision(head.frontier.size()),
        root: head.frontier.root(),
        events_by_name: counts.collect::<Result<_, StoreError>>()?,
    })
}

fn meta(session: &mut Session) -> Result<Meta, StoreError> {
    let rows = session.query(META, &[])?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// Holds the principals against the keys.
fn check_principals(session: &mut Session, people: &People<'_>) -> Result<(), StoreError> {
    let batch = i64::try_from(BATCH).unwrap_or(i64::MAX);
    let mut after = i64::MIN;
    loop {
        let rows = session.query(PRINCIPALS, &[&after, &batch])?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.try_get(0)?;
        let ids = rows.iter().filter(|row| !matches!(row.try_get::<_, Option<&[u8]>>(2), Ok(None)));
        let ids = ids.map(|row| fixed(row.try_get(1)?, "principals.id"));
        people.keys.expect(ids.collect::<Result<Vec<_>, StoreError>>()?.into_iter())?;
        for row in &rows {
            let id = fixed(row.try_get(1)?, "principals.id")?;
            let (lookup, identifier) = (row.try_get(2)?, row.try_get(3)?);
            PrincipalRow { ordinal: row.try_get(0)?, id, lookup, identifier }.check(people)?;
        }
    }
}

/// Sees that those whose keys were gone are erased in the ledger by now, and were not only so in the keys.
fn check_gone(session: &mut Session, gone: &BTreeMap<[u8; 16], i64>) -> Result<(), StoreError> {
    for (id, revision) in gone {
        let rows = session.query(IS_ERASED, &[&id.as_slice()])?;
        if rows.first().map(|row| row.try_get(0)).transpose()? != Some(true) {
            return Err(check::gone(*revision));
        }
    }
    Ok(())
}
