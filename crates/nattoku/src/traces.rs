//! The collector of the settings, made ready to be sent traces.

use std::path::Path;

use nattoku_trace::{Collector, CollectorError, Tracing};

use crate::clock::SystemClock;
use crate::exit::CommandError;
use crate::settings::TracingSettings;

/// Traces to the collector, where there is one. Nothing is asked of it yet: a server starts also while it is away.
pub(crate) fn of(settings: Option<&TracingSettings>) -> Result<Tracing, CommandError> {
    let Some(settings) = settings else { return Ok(Tracing::off()) };
    Tracing::to(collector(settings)?).map_err(|error| cannot(&error))
}

/// The collector itself.
pub(crate) fn collector(settings: &TracingSettings) -> Result<Collector, CommandError> {
    let read = |path: &Path, setting: &str| {
        std::fs::read(path).map_err(|error| {
            let path = path.display();
            CommandError::could_not_run(
                format!("{path} を読めません（{error}）。`{setting}` を確かめてください"),
                format!("cannot read {path} ({error}); check `{setting}`"),
            )
        })
    };
    let authorities = settings.ca_file.as_deref().map(|path| read(path, "tracing.ca_file")).transpose()?;
    let authorization = settings.authorization_file.as_deref();
    let authorization =
        authorization.map(|path| read(path, "tracing.authorization_file").and_then(|told| header(&told)));
    Ok(Collector {
        address: settings.endpoint.clone(),
        authorization: authorization.transpose()?,
        authorities,
        service: settings.service.clone(),
        ratio: settings.ratio,
        timeout: settings.timeout,
        clock: Box::new(SystemClock),
    })
}

/// What is told as `Authorization`: one line of ASCII.
fn header(told: &[u8]) -> Result<String, CommandError> {
    let told = told.trim_ascii();
    let is_sound = !told.is_empty() && told.iter().all(|byte| (b' '..=b'~').contains(byte));
    let told = std::str::from_utf8(told).ok().filter(|_| is_sound);
    told.map(str::to_owned).ok_or_else(|| {
        CommandError::could_not_run(
            "`tracing.authorization_file` のファイルには、Authorization ヘッダーの値を ASCII の一行で書いてください",
            "the file of `tracing.authorization_file` must hold the value of the header Authorization, one line of ASCII",
        )
    })
}

pub(crate) fn cannot(error: &CollectorError) -> CommandError {
    match error {
        CollectorError::NoAuthorities => CommandError::could_not_run(
            "`tracing.ca_file` のファイルに証明書がありません。PEM 形式の証明書を示してください",
            format!("`tracing.ca_file`: {error}"),
        ),
        CollectorError::NoThread(_) => CommandError::could_not_run(
            format!("トレースを送るスレッドを始められません: {error}"),
            format!("traces cannot be sent: {error}"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_to_the_collector_is_one_line() {
        assert_eq!(header(b"Bearer word\n").unwrap(), "Bearer word");
        for unsound in ["", " \n", "Bearer\nword", "Bearer \u{e9}"] {
            assert!(header(unsound.as_bytes()).is_err(), "{unsound:?}");
        }
    }
}
