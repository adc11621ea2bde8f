//! Turns as rows of the schema, by the clock of the server. Where it was set back, what would go on for longer than its length is over.

use std::time::Duration;

use super::leases::now;
use crate::error::StoreError;
use crate::postgres::Session;
use crate::state::length_column;

const TAKE: &str = concat!(
    "insert into nattoku_state.turns as held (name, holder, ends_at, length) values ($1, $2, ",
    now!(),
    " + $3::bigint, $3::bigint)
    on conflict (name) do update set
        holder = excluded.holder, ends_at = excluded.ends_at, length = excluded.length
    where held.holder = excluded.holder or held.ends_at <= ",
    now!(),
    " or held.ends_at > ",
    now!(),
    " + held.length
    returning name"
);
const END: &str = "delete from nattoku_state.turns where name = $1 and holder = $2";

pub(super) fn take(
    session: &mut Session,
    what: &str,
    holder: &[u8; 16],
    length: Duration,
) -> Result<bool, StoreError> {
    let (holder, length) = (holder.as_slice(), length_column(length));
    Ok(!session.query_durably(TAKE, &[&what, &holder, &length])?.is_empty())
}

pub(super) fn end(session: &mut Session, what: &str, holder: &[u8; 16]) -> Result<(), StoreError> {
    session.query_durably(END, &[&what, &holder.as_slice()]).map(drop)
}
