//! Ids of events, as their column holds them: `00` and the text that its sender gave, `01` and the derived bytes, or of the
//! erased `02` and the revision.

use std::error::Error;

use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type, accepts, to_sql_checked};

use super::append::fixed;
use crate::append::StoredId;
use crate::error::StoreError;

/// An id on its way into its column. It is written into the message where it stands, and copied nowhere before.
#[derive(Debug)]
pub(super) struct IdColumn<'a>(pub(super) &'a StoredId);

impl ToSql for IdColumn<'_> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self.0 {
            StoredId::Given(text) => {
                out.extend_from_slice(&[0]);
                out.extend_from_slice(text.as_bytes());
            }
            StoredId::Derived(bytes) => {
                out.extend_from_slice(&[1]);
                out.extend_from_slice(bytes);
            }
            StoredId::Erased(revision) => {
                out.extend_from_slice(&[2]);
                out.extend_from_slice(&revision.to_be_bytes());
            }
        }
        Ok(IsNull::No)
    }

    accepts!(BYTEA);
    to_sql_checked!();
}

/// Reads what [`IdColumn`] wrote.
pub(super) fn id_of(column: &[u8]) -> Result<StoredId, StoreError> {
    match column.split_first() {
        Some((0, text)) => Ok(StoredId::Given(String::from_utf8_lossy(text).into_owned())),
        Some((1, bytes)) => Ok(StoredId::Derived(fixed(bytes, "events.event_id")?)),
        Some((2, bytes)) => Ok(StoredId::Erased(u64::from_be_bytes(fixed(bytes, "events.event_id")?))),
        _ => Err(StoreError::Corrupt { what: "an event's id is of no known kind".to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_was_written() {
        for id in [StoredId::Given("a".to_owned()), StoredId::Derived([7; 16]), StoredId::Erased(9)] {
            let mut column = BytesMut::new();
            assert!(matches!(IdColumn(&id).to_sql(&Type::BYTEA, &mut column), Ok(IsNull::No)));
            assert_eq!(id_of(&column).unwrap(), id);
        }
        for nothing in [&[][..], &[3], &[1, 7]] {
            assert!(matches!(id_of(nothing), Err(StoreError::Corrupt { .. })), "{nothing:?}");
        }
    }
}
