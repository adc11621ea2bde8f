//! What is new since a revision: for whoever keeps a fold of the ledger and brings it up to date.

use nattoku_model::{Recorded, Revision};
use postgres::Row;

use super::PostgresStore;
use super::append::fixed;
use super::known::{look_columns, looked};
use super::read::{decode_all, decode_row, event, expect_all, id_in, joined};
use crate::decode::column;
use crate::error::StoreError;
use crate::record::{IdentifiersPage, NewerEvent, News, PageMark};

/// Those of the erased are left out here and not below: a page that is empty is the last.
const BETWEEN: &str = concat!(
    "select ",
    event!(),
    " from ",
    joined!(),
    " where e.revision > $1 and e.revision <= $2 and (p.id is null or p.lookup is not null) order by e.revision limit $3"
);
/// One statement, and so one message and one state of the ledger. One row is of the head; then come the events; then the ids of the erased,
/// in the place of an event's principal.
const NEWS: &str = concat!(
    "select null::bigint, null::bigint, null::bigint, null::bytea, null::bytea, null::bytea, null::boolean, ",
    look_columns!(),
    " from nattoku.head h where h.only_row
union all (select ",
    event!(),
    ", null, null, null, null from ",
    joined!(),
    " where e.revision > $2 and (p.id is null or p.lookup is not null) order by e.revision limit $3)
union all
select distinct null::bigint, null::bigint, null::bigint, null::bytea, null::bytea, p.id, true, null::bytea, null::bytea, null::bigint,
    null::bytea
from nattoku.events e join nattoku.principals p on p.ordinal = e.principal where e.revision > $2 and p.lookup is null"
);
/// Where in a row of [`NEWS`] that of the head is, and in it the size.
const LOOKED: usize = 7;
const SIZE: usize = LOOKED + 2;
const OF_ID: &str = concat!(
    "select ",
    event!(),
    " from nattoku.principals p join nattoku.events e on e.principal = p.ordinal
    left join nattoku.payloads y using (revision) where p.id = $1 and e.revision <= $2 order by e.revision"
);
const IDENTIFIERS: &str = "
select ordinal, identifier, id from nattoku.principals where ordinal > $1 and lookup is not null
order by ordinal limit $2";
const LEAF_HASH: &str = "select leaf_hash from nattoku.events where revision = $1";

impl PostgresStore {
    pub(super) fn read_events_after(
        &self,
        after: Revision,
        until: Revision,
        count: u32,
    ) -> Result<Vec<NewerEvent>, StoreError> {
        let (after, until, count) = (column(after.0)?, column(until.0)?, i64::from(count));
        self.pool.read(|session| {
            let rows = session.query(BETWEEN, &[&after, &until, &count])?;
            expect_all(&rows, &self.keys)?;
            rows.iter().filter_map(|row| self.newer(row).transpose()).collect()
        })
    }

    pub(super) fn read_news(&self, after: Revision, count: u32) -> Result<News, StoreError> {
        let (after_column, count) = (column(after.0)?, i64::from(count));
        let (revision, events, mut erased) = self.pool.read(|session| {
            let before = self.known.before();
            let rows = session.query(NEWS, &[&column(before.size)?, &after_column, &count])?;
            let (mut head, mut events, mut erased) = (None, Vec::new(), Vec::new());
            for row in rows {
                if row.try_get::<_, Option<i64>>(SIZE)?.is_some() {
                    head = Some(looked(&row, LOOKED)?);
                } else if row.try_get::<_, Option<i64>>(0)?.is_some() {
                    events.push(row);
                } else {
                    erased.push(fixed(row.try_get(5)?, "principals.id")?);
                }
            }
            Ok((self.known.hold_against(&before, head)?, events, erased))
        })?;
        expect_all(&events, &self.keys)?;
        let n_rows = events.len();
        let events = events.iter().filter_map(|row| self.newer(row).transpose());
        let events = events.collect::<Result<Vec<_>, StoreError>>()?;
        if events.len() < n_rows {
            // Somebody was erased between the statement and the opening of what it gave.
            erased = self.read_erased_after(after)?;
        }
        Ok(News { revision: Revision(revision), events, erased })
    }

    /// An event from a row of [`event!`] with whom it is about; none where they are erased.
    fn newer(&self, row: &Row) -> Result<Option<NewerEvent>, StoreError> {
        let Some(recorded) = decode_row(row, &self.keys)? else { return Ok(None) };
        Ok(Some(NewerEvent { principal: id_in(row)?, recorded }))
    }

    pub(super) fn read_events_of_id(
        &self,
        id: &[u8; 16],
        revision: Revision,
    ) -> Result<Vec<Recorded>, StoreError> {
        let until = column(revision.0)?;
        self.pool.read(|session| decode_all(&session.query(OF_ID, &[&id.as_slice(), &until])?, &self.keys))
    }

    pub(super) fn read_identifiers_page(
        &self,
        after: PageMark,
        count: u32,
    ) -> Result<IdentifiersPage, StoreError> {
        self.pool.read(|session| {
            let rows = session.query(IDENTIFIERS, &[&after.0, &i64::from(count)])?;
            let is_full = u32::try_from(rows.len()).is_ok_and(|found| found == count);
            let last: Option<i64> = rows.last().map(|row| row.try_get(0)).transpose()?;
            let ids = rows.iter().map(|row| fixed(row.try_get(2)?, "principals.id"));
            let ids = ids.collect::<Result<Vec<[u8; 16]>, StoreError>>()?;
            self.keys.expect(ids.iter().copied())?;
            let mut page = IdentifiersPage { principals: Vec::new(), next: None };
            for (row, id) in rows.iter().zip(ids) {
                let text = self.keys.open_identifier(&id, row.try_get(1)?)?;
                page.principals.extend(text.map(|text| (text, id)));
            }
            page.next = last.filter(|_| is_full).map(PageMark);
            Ok(page)
        })
    }

    pub(super) fn read_leaf_hash(&self, revision: Revision) -> Result<Option<[u8; 32]>, StoreError> {
        let Ok(wanted) = column(revision.0) else { return Ok(None) };
        self.pool.read(|session| {
            let rows = session.query(LEAF_HASH, &[&wanted])?;
            rows.first().map(|row| fixed(row.try_get(0)?, "events.leaf_hash")).transpose()
        })
    }
}
