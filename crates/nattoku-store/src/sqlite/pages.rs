//! Every principal in turn, a page at a time: for what must be told of all of them.

use nattoku_model::{Recorded, Revision};

use super::SqliteStore;
use super::read::{EVENT, decode_row, identifier_of, newest};
use crate::decode::column;
use crate::error::StoreError;
use crate::record::{PageMark, PrincipalEvents, PrincipalsPage};

impl SqliteStore {
    /// The principals after a mark, at most `count` of them, each with the events about them up to `revision`, by revision.
    ///
    /// Events are never changed and none comes to stand before another, so pages read one after another at one revision
    /// are the ledger as it stood there, whatever is appended meanwhile; no reading lasts longer than its page.
    pub(super) fn read_principals_page(
        &self,
        after: PageMark,
        count: u32,
        revision: Revision,
    ) -> Result<PrincipalsPage, StoreError> {
        self.readers.read(|tx| {
            let mut select = tx.prepare_cached(&format!(
                "select {EVENT}, p.identifier, p.ordinal
                 from (select ordinal, identifier, id, lookup from principals
                       where ordinal > ?1 and lookup is not null order by ordinal limit ?2) p
                 join events e on e.principal = p.ordinal left join payloads y using (revision)
                 where e.revision <= ?3 order by p.ordinal, e.revision"
            ))?;
            let mut last = tx.prepare_cached(
                "select max(ordinal), count(*)
                 from (select ordinal from principals
                       where ordinal > ?1 and lookup is not null order by ordinal limit ?2)",
            )?;
            let (last, found): (Option<i64>, u32) =
                last.query_row((after.0, count), |row| Ok((row.get(0)?, row.get(1)?)))?;
            let mut rows = select.query((after.0, count, column(revision.0)?))?;
            let mut principals: Vec<PrincipalEvents> = Vec::new();
            let mut current = None;
            while let Some(row) = rows.next()? {
                let ordinal: i64 = row.get(8)?;
                if current != Some(ordinal) {
                    // Keys that were destroyed since this reading began leave nobody.
                    let Some(identifier) = identifier_of(row, 7, &self.keys)? else { continue };
                    current = Some(ordinal);
                    principals.push(PrincipalEvents { identifier, id: row.get(5)?, events: Vec::new() });
                }
                if let Some(principal) = principals.last_mut() {
                    principal.events.extend(decode_row(row, &self.keys)?);
                }
            }
            let is_full = found == count;
            Ok(PrincipalsPage { principals, next: last.filter(|_| is_full).map(PageMark) })
        })
    }

    /// The events that concern everybody, up to `revision`, by revision.
    pub(super) fn read_general_events(&self, revision: Revision) -> Result<Vec<Recorded>, StoreError> {
        self.readers.read(|tx| self.general_at(tx, (revision, newest(tx)?), <[Recorded]>::to_vec))
    }
}
