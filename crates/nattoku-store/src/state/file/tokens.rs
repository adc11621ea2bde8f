//! Tokens as rows of the file.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::decode::instant;
use crate::error::StoreError;
use crate::state::Token;

/// Beginning of a question for tokens, with the columns that [`read`] reads.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, digest, applications, acts, note, created, expires, revoked, last_used from tokens ",
            $rest
        )
    };
}

pub(super) fn add(tx: &Connection, token: &Token) -> Result<(), StoreError> {
    let there: Option<String> = tx
        .prepare_cached("select id from tokens where id = ?1 or digest = ?2")?
        .query_row((&token.id, token.digest), |row| row.get(0))
        .optional()?;
    if let Some(id) = there {
        return Err(StoreError::TokenThere { id });
    }
    let date = |date: Option<Timestamp>| date.map(Timestamp::as_microsecond);
    tx.prepare_cached("insert into tokens values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?.execute(params![
        token.id,
        token.digest,
        json(&token.applications),
        json(&token.acts),
        token.note,
        token.created.as_microsecond(),
        date(token.expires),
        date(token.revoked),
        date(token.last_used),
    ])?;
    Ok(())
}

pub(super) fn all(connection: &Connection) -> Result<Vec<Token>, StoreError> {
    let mut select = connection.prepare_cached(select!("order by id"))?;
    let mut rows = select.query([])?;
    let mut tokens = Vec::new();
    while let Some(row) = rows.next()? {
        tokens.push(read(row)?);
    }
    Ok(tokens)
}

pub(super) fn one(connection: &Connection, id: &str) -> Result<Option<Token>, StoreError> {
    let mut select = connection.prepare_cached(select!("where id = ?1"))?;
    select.query([id])?.next()?.map(read).transpose()
}

pub(super) fn revoke(tx: &Connection, id: &str, at: Timestamp) -> Result<bool, StoreError> {
    let sql = "update tokens set revoked = coalesce(revoked, ?2) where id = ?1";
    Ok(tx.prepare_cached(sql)?.execute((id, at.as_microsecond()))? > 0)
}

pub(super) fn used(tx: &Connection, used: &[(String, Timestamp)]) -> Result<(), StoreError> {
    let sql = "update tokens set last_used = max(?2, coalesce(last_used, ?2)) where id = ?1";
    let mut update = tx.prepare_cached(sql)?;
    for (id, at) in used {
        update.execute((id, at.as_microsecond()))?;
    }
    Ok(())
}

fn read(row: &Row<'_>) -> Result<Token, StoreError> {
    let date = |column: &str| row.get::<_, Option<i64>>(column)?.map(instant).transpose();
    Ok(Token {
        id: row.get("id")?,
        digest: row.get("digest")?,
        applications: list(row, "applications")?,
        acts: list(row, "acts")?,
        note: row.get("note")?,
        created: instant(row.get("created")?)?,
        expires: date("expires")?,
        revoked: date("revoked")?,
        last_used: date("last_used")?,
    })
}

pub(super) fn json(texts: &[String]) -> String {
    serde_json::Value::from(texts).to_string()
}

/// A list of texts out of a column.
pub(super) fn list(row: &Row<'_>, column: &str) -> Result<Vec<String>, StoreError> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|_| StoreError::Corrupt { what: format!("`{text}` as {column}") })
}
