//! The collector of traces: whether it takes what it is sent.

use super::finding::Finding;
use crate::exit::CommandError;
use crate::settings::{Settings, TracingSettings};
use crate::traces;

const TRACING: &str = "tracing";

pub(super) fn look(settings: &Settings) -> Option<Finding> {
    let settings = settings.tracing.as_ref()?;
    let address = &settings.endpoint;
    Some(match asked(settings) {
        Err(error) => Finding::of_error(TRACING, &error),
        Ok(Ok(())) => Finding::good(
            TRACING,
            format!("{address} がトレースを受け取ります"),
            format!("{address} takes traces"),
        ),
        Ok(Err(why)) => Finding::warning(
            TRACING,
            [
                format!("{address} がトレースを受け取りません（{why}）"),
                format!("{address} does not take traces: {why}"),
            ],
            [
                "収集器が OTLP/HTTP を受けるアドレスか、このマシンから届くか、`tracing.authorization_file` が正しいかを確かめてください",
                "check that it is where the collector takes OTLP over HTTP, that this machine reaches it, and `tracing.authorization_file`",
            ],
        ),
    })
}

fn asked(settings: &TracingSettings) -> Result<Result<(), String>, CommandError> {
    traces::collector(settings)?.look().map_err(|error| traces::cannot(&error))
}
