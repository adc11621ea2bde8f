//! The table `[feed]` of the settings: how events are sent to those who subscribed to them.

use std::time::Duration;

use nattoku_feed::Retry;

use super::server::number;
use super::{FILE, known};
use crate::exit::CommandError;

/// The settings there are in the table.
const KEYS: [&str; 3] = ["private_addresses", "timeout_seconds", "attempts_max"];
/// Longest that a receiver may take to answer; the claim to send lasts longer.
const TIMEOUT_MAX: u32 = 20;
/// Most attempts that can be set.
const ATTEMPTS_MAX: u32 = 1_000;

/// What stands in the table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FeedSettings {
    /// Whether a name may lead into a private network.
    pub(crate) private_addresses: bool,
    /// How long a receiver may take to answer.
    pub(crate) timeout: Duration,
    /// How often and when what was not taken comes again.
    pub(crate) retry: Retry,
}

impl Default for FeedSettings {
    fn default() -> Self {
        Self { private_addresses: false, timeout: Duration::from_secs(10), retry: Retry::default() }
    }
}

impl FeedSettings {
    /// Reads the table, where there is one.
    pub(super) fn of(value: Option<&toml::Value>) -> Result<Self, CommandError> {
        let mut settings = Self::default();
        let Some(value) = value else { return Ok(settings) };
        let toml::Value::Table(table) = value else {
            return Err(CommandError::asked_wrongly(
                format!("{FILE}: `feed` は [feed] という表で書いてください"),
                format!("{FILE}: `feed` must be a table, [feed]"),
            ));
        };
        known(table, "feed.", &KEYS)?;
        match table.get("private_addresses") {
            None => {}
            Some(toml::Value::Boolean(allowed)) => settings.private_addresses = *allowed,
            Some(_) => {
                return Err(CommandError::asked_wrongly(
                    format!("{FILE}: `feed.private_addresses` は true か false で書いてください"),
                    format!("{FILE}: `feed.private_addresses` must be true or false"),
                ));
            }
        }
        if let Some(seconds) = number(table, "feed", "timeout_seconds", 1, TIMEOUT_MAX)? {
            settings.timeout = Duration::from_secs(seconds.into());
        }
        if let Some(attempts) = number(table, "feed", "attempts_max", 1, ATTEMPTS_MAX)? {
            settings.retry.attempts_max = attempts;
        }
        Ok(settings)
    }
}
