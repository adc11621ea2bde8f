//! Every principal in turn, a page at a time: for what must be told of all of them.

use nattoku_model::{Recorded, Revision};

use super::PostgresStore;
use super::read::{decode_row, event, expect_all, id_in, identifier_of, newest};
use crate::decode::column;
use crate::error::StoreError;
use crate::record::{PageMark, PrincipalEvents, PrincipalsPage};

const PAGE: &str = concat!(
    "select ",
    event!(),
    ", p.identifier, p.ordinal
    from (select ordinal, identifier, id, lookup from nattoku.principals
          where ordinal > $1 and lookup is not null order by ordinal limit $2) p
    join nattoku.events e on e.principal = p.ordinal left join nattoku.payloads y using (revision)
    where e.revision <= $3 order by p.ordinal, e.revision"
);
const LAST: &str = "
select max(ordinal), count(*)
from (select ordinal from nattoku.principals where ordinal > $1 and lookup is not null order by ordinal limit $2) p";

impl PostgresStore {
    pub(super) fn read_principals_page(
        &self,
        after: PageMark,
        count: u32,
        revision: Revision,
    ) -> Result<PrincipalsPage, StoreError> {
        let (until, count) = (column(revision.0)?, i64::from(count));
        self.pool.read(|session| {
            session.snapshot(|session| {
                let last = session.query(LAST, &[&after.0, &count])?;
                let (last, found): (Option<i64>, i64) = match last.first() {
                    Some(row) => (row.try_get(0)?, row.try_get(1)?),
                    None => (None, 0),
                };
                let mut principals: Vec<PrincipalEvents> = Vec::new();
                let mut current = None;
                let rows = session.query(PAGE, &[&after.0, &count, &until])?;
                expect_all(&rows, &self.keys)?;
                for row in &rows {
                    let ordinal: i64 = row.try_get(8)?;
                    if current != Some(ordinal) {
                        // Keys that were destroyed since this reading began leave nobody.
                        let identifier = identifier_of(row, 7, &self.keys)?;
                        let (Some(identifier), Some(id)) = (identifier, id_in(row)?) else { continue };
                        current = Some(ordinal);
                        principals.push(PrincipalEvents { identifier, id, events: Vec::new() });
                    }
                    if let Some(principal) = principals.last_mut() {
                        principal.events.extend(decode_row(row, &self.keys)?);
                    }
                }
                Ok(PrincipalsPage { principals, next: last.filter(|_| found == count).map(PageMark) })
            })
        })
    }

    /// A revision that the ledger has not reached is read as the newest.
    pub(super) fn read_general_events(&self, revision: Revision) -> Result<Vec<Recorded>, StoreError> {
        self.pool.read(|session| {
            session.snapshot(|session| {
                let newest = newest(session)?;
                self.general_at(session, (revision, newest), <[Recorded]>::to_vec)
            })
        })
    }
}
