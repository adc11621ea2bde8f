//! The table `[feed]` of the settings: how events are sent to those who subscribed to them.

use std::time::Duration;

use nattoku_feed::{NatsPlace, Retry, STREAM};

use super::server::number;
use super::{FILE, known, must_be_table, string};
use crate::exit::CommandError;

/// The settings there are in the table.
const KEYS: [&str; 7] = [
    "private_addresses",
    "timeout_seconds",
    "attempts_max",
    "nats",
    "nats_stream",
    "nats_credentials",
    "nats_replicas",
];
/// Longest that a receiver may take to answer; the turn at sending lasts longer.
const TIMEOUT_MAX: u32 = 20;
/// Most servers that keep a stream.
const REPLICAS_MAX: u32 = 5;
/// Most attempts that can be set.
const ATTEMPTS_MAX: u32 = 1_000;

/// What stands in the table.
#[derive(Debug, Clone)]
pub(crate) struct FeedSettings {
    /// Whether a name may lead into a private network.
    pub(crate) private_addresses: bool,
    /// How long a receiver may take to answer.
    pub(crate) timeout: Duration,
    /// How often and when what was not taken comes again.
    pub(crate) retry: Retry,
    /// The stream of NATS to which every event is published, where there is one.
    pub(crate) nats: Option<NatsPlace>,
}

impl Default for FeedSettings {
    fn default() -> Self {
        Self {
            private_addresses: false,
            timeout: Duration::from_secs(10),
            retry: Retry::default(),
            nats: None,
        }
    }
}

impl FeedSettings {
    /// Reads the table, where there is one.
    pub(super) fn of(value: Option<&toml::Value>) -> Result<Self, CommandError> {
        let mut settings = Self::default();
        let Some(value) = value else { return Ok(settings) };
        let table = must_be_table(value, "feed")?;
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
        settings.nats = nats(table)?;
        Ok(settings)
    }
}

/// Where events are published.
fn nats(table: &toml::Table) -> Result<Option<NatsPlace>, CommandError> {
    let (stream, credentials) =
        (string(table, "feed", "nats_stream")?, string(table, "feed", "nats_credentials")?);
    let replicas = number(table, "feed", "nats_replicas", 1, REPLICAS_MAX)?;
    let Some(address) = string(table, "feed", "nats")? else {
        if stream.is_none() && credentials.is_none() && replicas.is_none() {
            return Ok(None);
        }
        return Err(CommandError::asked_wrongly(
            format!("{FILE}: `feed.nats` がないのに、ほかの `feed.nats_…` があります"),
            format!("{FILE}: there is a `feed.nats_…` without `feed.nats`"),
        ));
    };
    if !NatsPlace::is_good(&address) {
        return Err(CommandError::asked_wrongly(
            format!("{FILE}: `feed.nats` のアドレスは使えません"),
            format!("{FILE}: the address of `feed.nats` cannot be used"),
        )
        .hint(
            "tls://ホスト:4222 と書いてください。nats:// はこのマシン自身だけです。資格情報は `nats_credentials` のファイルに書きます",
            "write tls://HOST:4222; nats:// is for this very machine alone, and credentials stand in the file of `nats_credentials`",
        ));
    }
    let stream = stream.unwrap_or_else(|| STREAM.to_owned());
    if stream.is_empty() || !stream.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
    {
        return Err(CommandError::asked_wrongly(
            format!("{FILE}: `feed.nats_stream` に使えるのは、英数字と `_-` です"),
            format!("{FILE}: `feed.nats_stream` has letters, digits, `_` and `-`"),
        ));
    }
    let replicas = usize::try_from(replicas.unwrap_or(1)).unwrap_or(1);
    Ok(Some(NatsPlace { address, credentials: credentials.map(Into::into), stream, replicas }))
}

#[cfg(test)]
mod tests {
    use nattoku_model::Language;

    use super::*;

    fn read(table: &str) -> Result<FeedSettings, String> {
        let table: toml::Table = table.parse().unwrap();
        FeedSettings::of(Some(&toml::Value::Table(table)))
            .map_err(|error| error.sentence(Language::En).to_owned())
    }

    #[test]
    fn what_is_not_said_is_as_it_usually_is() {
        let usual = read("").unwrap();
        assert!(!usual.private_addresses && usual.nats.is_none());
        let said = read("private_addresses = true\ntimeout_seconds = 3\nattempts_max = 7").unwrap();
        assert!(said.private_addresses);
        assert_eq!((said.timeout, said.retry.attempts_max), (Duration::from_secs(3), 7));
        let nats = read("nats = \"tls://nats.example.jp\"\nnats_replicas = 3").unwrap().nats.unwrap();
        assert_eq!((nats.stream.as_str(), nats.replicas, nats.credentials), (STREAM, 3, None));
    }

    #[test]
    fn what_cannot_be_is_refused_by_its_name() {
        for (said, told) in [
            ("private_adresses = true", "feed.private_adresses"),
            ("private_addresses = 1", "feed.private_addresses"),
            ("nats = 1", "`feed.nats` must be a string"),
            ("timeout_seconds = 21", "feed.timeout_seconds"),
            ("attempts_max = 0", "feed.attempts_max"),
            ("nats = \"nats://nats.example.jp\"", "feed.nats"),
            ("nats_stream = \"EVENTS\"", "feed.nats"),
            ("nats = \"tls://h\"\nnats_stream = \"a.b\"", "feed.nats_stream"),
            ("nats = \"tls://h\"\nnats_replicas = 6", "feed.nats_replicas"),
        ] {
            let error = read(said).unwrap_err();
            assert!(error.contains(told), "{said}: {error}");
        }
    }
}
