//! The table `[server]` of the settings: where programs and people reach it, and how often a program may call.

use std::num::NonZeroU32;

use super::{FILE, known, string};
use crate::exit::CommandError;

/// The settings there are in the table.
const KEYS: [&str; 5] = ["listen", "address", "key", "calls_a_second", "linger_seconds"];
/// How often a program may call unless somebody says otherwise.
const CALLS_A_SECOND: NonZeroU32 = NonZeroU32::new(50_000).unwrap();
/// Longest that a server lingers.
const LINGER_MAX: u32 = 600;

/// What stands in the table.
#[derive(Debug)]
pub(crate) struct ServerSettings {
    /// Where it listens.
    pub(crate) listen: Option<String>,
    /// Where it is reached.
    pub(crate) address: Option<String>,
    /// The key by which checkpoints of the ledger are signed.
    pub(crate) key: Option<String>,
    /// How often a program may call.
    pub(crate) calls_a_second: NonZeroU32,
    /// How long it goes on to answer when it is told to end, so that whoever sends calls here learns of it.
    pub(crate) linger_seconds: u32,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self { listen: None, address: None, key: None, calls_a_second: CALLS_A_SECOND, linger_seconds: 0 }
    }
}

impl ServerSettings {
    /// Reads the table, where there is one.
    pub(super) fn of(value: Option<&toml::Value>) -> Result<Self, CommandError> {
        let usual = Self::default();
        let Some(value) = value else { return Ok(usual) };
        let toml::Value::Table(table) = value else {
            return Err(CommandError::asked_wrongly(
                format!("{FILE}: `server` は [server] という表で書いてください"),
                format!("{FILE}: `server` must be a table, [server]"),
            ));
        };
        known(table, "server.", &KEYS)?;
        let calls = number(table, "calls_a_second", 1, u32::MAX)?.and_then(NonZeroU32::new);
        Ok(Self {
            listen: string(table, "listen")?,
            address: string(table, "address")?,
            key: string(table, "key")?,
            calls_a_second: calls.unwrap_or(usual.calls_a_second),
            linger_seconds: number(table, "linger_seconds", 0, LINGER_MAX)?.unwrap_or(usual.linger_seconds),
        })
    }
}

/// A setting that is a whole number.
fn number(table: &toml::Table, key: &str, least: u32, most: u32) -> Result<Option<u32>, CommandError> {
    let Some(value) = table.get(key) else { return Ok(None) };
    let number = value.as_integer().and_then(|number| u32::try_from(number).ok());
    match number.filter(|number| (least..=most).contains(number)) {
        Some(number) => Ok(Some(number)),
        None => Err(CommandError::asked_wrongly(
            format!("{FILE}: `server.{key}` は {least} から {most} までの整数で書いてください"),
            format!("{FILE}: `server.{key}` must be a whole number from {least} to {most}"),
        )),
    }
}
