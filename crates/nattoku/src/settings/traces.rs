//! The table `[tracing]` of the settings: to which collector of OpenTelemetry is told what calls waited for.

use std::path::PathBuf;
use std::time::Duration;

use nattoku_identity::is_safe;

use super::server::number;
use super::{FILE, known, must_be, must_be_table, string};
use crate::exit::CommandError;

/// The settings there are in the table.
const KEYS: [&str; 6] = ["endpoint", "ratio", "service", "timeout_seconds", "ca_file", "authorization_file"];
/// Where a collector takes traces, below an address without a path.
const PATH: &str = "/v1/traces";
/// Which part of the calls is recorded unless somebody says otherwise.
const RATIO: f64 = 0.01;
/// What the service is called unless somebody says otherwise.
const SERVICE: &str = "nattoku";
/// How long an attempt to send may take, unless somebody says otherwise, and at most.
const TIMEOUT: (u32, u32) = (10, 60);

/// What stands in the table.
#[derive(Debug, Clone)]
pub(crate) struct TracingSettings {
    /// The whole address for traces.
    pub(crate) endpoint: String,
    /// Which part of the calls is recorded that no caller has decided about.
    pub(crate) ratio: f64,
    /// What the service is called.
    pub(crate) service: String,
    /// How long an attempt to send may take.
    pub(crate) timeout: Duration,
    /// The file of the authorities by which the collector's certificate is signed.
    pub(crate) ca_file: Option<PathBuf>,
    /// The file of what the collector is to be told as `Authorization`.
    pub(crate) authorization_file: Option<PathBuf>,
}

impl TracingSettings {
    /// Reads the table, where there is one.
    pub(super) fn of(value: Option<&toml::Value>) -> Result<Option<Self>, CommandError> {
        let Some(value) = value else { return Ok(None) };
        let table = must_be_table(value, "tracing")?;
        known(table, "tracing.", &KEYS)?;
        let text = |key: &str| string(table, "tracing", key);
        let seconds = number(table, "tracing", "timeout_seconds", 1, TIMEOUT.1)?.unwrap_or(TIMEOUT.0);
        Ok(Some(Self {
            endpoint: endpoint(text("endpoint")?)?,
            ratio: ratio(table)?,
            service: text("service")?.filter(|name| !name.is_empty()).unwrap_or_else(|| SERVICE.to_owned()),
            timeout: Duration::from_secs(seconds.into()),
            ca_file: text("ca_file")?.map(PathBuf::from),
            authorization_file: text("authorization_file")?.map(PathBuf::from),
        }))
    }
}

fn endpoint(given: Option<String>) -> Result<String, CommandError> {
    let Some(endpoint) = given.filter(|given| !given.is_empty()) else {
        return Err(CommandError::asked_wrongly(
            format!("{FILE}: [tracing] に `tracing.endpoint` が必要です"),
            format!("{FILE}: [tracing] needs `tracing.endpoint`"),
        )
        .hint(
            "OTLP/HTTP を受けるアドレスを書いてください: \"http://127.0.0.1:4318\"",
            "write where OTLP over HTTP is taken: \"http://127.0.0.1:4318\"",
        ));
    };
    if !is_safe(&endpoint) || endpoint.contains(['?', '#']) {
        return Err(CommandError::asked_wrongly(
            format!(
                "{FILE}: `tracing.endpoint` は https:// で始まり、`?` や `#` のないアドレスで書いてください（このマシンだけなら http:// も可）"
            ),
            format!(
                "{FILE}: `tracing.endpoint` must be an address that begins with https:// (http:// for this machine alone), without `?` and `#`"
            ),
        ));
    }
    let has_path =
        endpoint.split_once("://").is_some_and(|(_, rest)| rest.trim_end_matches('/').contains('/'));
    Ok(if has_path { endpoint } else { format!("{}{PATH}", endpoint.trim_end_matches('/')) })
}

fn ratio(table: &toml::Table) -> Result<f64, CommandError> {
    let ratio = match table.get("ratio") {
        None => Some(RATIO),
        Some(toml::Value::Float(ratio)) => Some(*ratio),
        Some(toml::Value::Integer(0)) => Some(0.0),
        Some(toml::Value::Integer(1)) => Some(1.0),
        Some(_) => None,
    };
    let between = ("0 から 1 までの数", "a number from 0 to 1");
    ratio.filter(|ratio| (0.0..=1.0).contains(ratio)).ok_or_else(|| must_be("tracing.ratio", between))
}

#[cfg(test)]
mod tests {
    use nattoku_model::Language;

    use super::*;

    fn read(table: &str) -> Result<TracingSettings, CommandError> {
        let table: toml::Table = table.parse().unwrap();
        TracingSettings::of(Some(&toml::Value::Table(table))).map(Option::unwrap)
    }

    #[test]
    fn what_is_not_said_is_as_it_usually_is() {
        assert!(TracingSettings::of(None).unwrap().is_none());
        let usual = read("endpoint = \"http://127.0.0.1:4318\"").unwrap();
        assert_eq!(usual.endpoint, "http://127.0.0.1:4318/v1/traces");
        assert_eq!((usual.ratio.to_string().as_str(), usual.service.as_str()), ("0.01", "nattoku"));
        assert_eq!(usual.timeout, Duration::from_secs(10));
        for (said, taken) in [
            ("https://otel.example.jp/", "https://otel.example.jp/v1/traces"),
            ("https://otel.example.jp/own/path", "https://otel.example.jp/own/path"),
        ] {
            assert_eq!(read(&format!("endpoint = {said:?}\nratio = 1")).unwrap().endpoint, taken);
        }
    }

    #[test]
    fn what_cannot_be_is_refused_by_its_name() {
        for (said, told) in [
            ("ratio = 0.5", "`tracing.endpoint`"),
            ("endpoint = 1", "`tracing.endpoint` must be a string"),
            ("endpoint = \"http://otel.example.jp:4318\"", "`tracing.endpoint`"),
            ("endpoint = \"https://user:word@otel.example.jp\"", "`tracing.endpoint`"),
            ("endpoint = \"https://otel.example.jp?key=word\"", "`tracing.endpoint`"),
            ("endpoint = \"https://h\"\nratio = 2", "`tracing.ratio`"),
            ("endpoint = \"https://h\"\nratio = -0.1", "`tracing.ratio`"),
            ("endpoint = \"https://h\"\nratio = nan", "`tracing.ratio`"),
            ("endpoint = \"https://h\"\nratio = \"1\"", "`tracing.ratio`"),
            ("endpoint = \"https://h\"\ntimeout_seconds = 61", "`tracing.timeout_seconds`"),
            ("endpoint = \"https://h\"\ntimeout = 1", "no setting `tracing.timeout`"),
        ] {
            let error = read(said).expect_err(said);
            let error = error.sentence(Language::En).to_owned();
            assert!(error.contains(told) && !error.contains("word"), "{said}: {error}");
        }
        let near = read("endpont = \"https://h\"").unwrap_err();
        assert_eq!(near.help(Language::En), Some("settings: endpoint"));
    }
}
