//! The table `[server]` of the settings: where programs and people reach it, how often a program may call, how long
//! a client may take, and how it ends.

use std::num::NonZeroU32;

use super::{FILE, known, must_be_table, string};
use crate::exit::CommandError;

/// The settings there are in the table.
const KEYS: [&str; 11] = [
    "listen",
    "address",
    "key",
    "calls_a_second",
    "linger_seconds",
    "end_seconds",
    "connections_max",
    "idle_seconds",
    "body_seconds",
    "in_force_by",
    "sign_in_again_minutes",
];
/// How often a program may call unless somebody says otherwise.
const CALLS_A_SECOND: NonZeroU32 = NonZeroU32::new(50_000).unwrap();
/// Longest that a server lingers, and longest that it waits for what has begun.
const LINGER_MAX: u32 = 600;
/// Longest that a client may take to ask.
const ASKING_MAX: u32 = 3_600;
/// Longest that may be set for how long ago people may have shown who they are: no session lasts longer.
const AGAIN_MAX: u32 = 720;
/// Most connections that can be set.
const CONNECTIONS_MAX: u32 = 1_000_000;

/// By what a policy comes to be in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InForceBy {
    /// Each server by itself, by what it finds in its folder.
    Folder,
    /// All at once, by an event of the ledger.
    Ledger,
}

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
    /// How long what has begun may then take to end.
    pub(crate) end_seconds: u32,
    /// How many connections there may be at once.
    pub(crate) connections_max: u32,
    /// How long a connection may be open until the head of the next request has come.
    pub(crate) idle_seconds: u32,
    /// How long the body of a request may take to come.
    pub(crate) body_seconds: u32,
    /// By what the policy is in force.
    pub(crate) in_force_by: InForceBy,
    /// How long ago people may have shown who they are, to take along a copy of all that is known of them.
    pub(crate) sign_in_again_minutes: u32,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            listen: None,
            address: None,
            key: None,
            calls_a_second: CALLS_A_SECOND,
            linger_seconds: 0,
            end_seconds: 20,
            connections_max: 4_096,
            // Proxies keep a connection that nobody uses for 60 seconds: it is they who are to close it.
            idle_seconds: 75,
            body_seconds: 30,
            in_force_by: InForceBy::Folder,
            sign_in_again_minutes: 5,
        }
    }
}

impl ServerSettings {
    /// Reads the table, where there is one.
    pub(super) fn of(value: Option<&toml::Value>) -> Result<Self, CommandError> {
        let usual = Self::default();
        let Some(value) = value else { return Ok(usual) };
        let table = must_be_table(value, "server")?;
        known(table, "server.", &KEYS)?;
        let within = |key, least, most, usual| -> Result<u32, CommandError> {
            Ok(number(table, "server", key, least, most)?.unwrap_or(usual))
        };
        let calls = number(table, "server", "calls_a_second", 1, u32::MAX)?.and_then(NonZeroU32::new);
        Ok(Self {
            listen: string(table, "server", "listen")?,
            address: string(table, "server", "address")?,
            key: string(table, "server", "key")?,
            calls_a_second: calls.unwrap_or(usual.calls_a_second),
            linger_seconds: within("linger_seconds", 0, LINGER_MAX, usual.linger_seconds)?,
            end_seconds: within("end_seconds", 0, LINGER_MAX, usual.end_seconds)?,
            connections_max: within("connections_max", 1, CONNECTIONS_MAX, usual.connections_max)?,
            idle_seconds: within("idle_seconds", 1, ASKING_MAX, usual.idle_seconds)?,
            body_seconds: within("body_seconds", 1, ASKING_MAX, usual.body_seconds)?,
            in_force_by: in_force_by(table)?.unwrap_or(usual.in_force_by),
            sign_in_again_minutes: within(
                "sign_in_again_minutes",
                1,
                AGAIN_MAX,
                usual.sign_in_again_minutes,
            )?,
        })
    }
}

fn in_force_by(table: &toml::Table) -> Result<Option<InForceBy>, CommandError> {
    match string(table, "server", "in_force_by")?.as_deref() {
        None => Ok(None),
        Some("folder") => Ok(Some(InForceBy::Folder)),
        Some("ledger") => Ok(Some(InForceBy::Ledger)),
        Some(other) => Err(CommandError::asked_wrongly(
            format!("{FILE}: `server.in_force_by` に `{other}` は使えません。`folder` か `ledger` です"),
            format!("{FILE}: `server.in_force_by` is `folder` or `ledger`, not `{other}`"),
        )),
    }
}

/// A setting that is a whole number.
pub(super) fn number(
    table: &toml::Table,
    within: &str,
    key: &str,
    least: u32,
    most: u32,
) -> Result<Option<u32>, CommandError> {
    let Some(value) = table.get(key) else { return Ok(None) };
    let number = value.as_integer().and_then(|number| u32::try_from(number).ok());
    match number.filter(|number| (least..=most).contains(number)) {
        Some(number) => Ok(Some(number)),
        None => Err(CommandError::asked_wrongly(
            format!("{FILE}: `{within}.{key}` は {least} から {most} までの整数で書いてください"),
            format!("{FILE}: `{within}.{key}` must be a whole number from {least} to {most}"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_ago_people_may_have_signed_in_is_bounded() {
        let read = |text: &str| {
            let table: toml::Table = text.parse().unwrap();
            ServerSettings::of(table.get("server"))
        };
        let minutes = |text: &str| read(text).unwrap().sign_in_again_minutes;
        assert_eq!((minutes(""), minutes("[server]\nsign_in_again_minutes = 720")), (5, 720));
        for wrong in ["0", "721", "\"5\""] {
            let error = read(&format!("[server]\nsign_in_again_minutes = {wrong}")).unwrap_err();
            let told = error.sentence(nattoku_model::Language::En).to_owned();
            assert!(
                told.contains("`server.sign_in_again_minutes` must be a whole number from 1 to 720"),
                "{told}"
            );
        }
    }
}
