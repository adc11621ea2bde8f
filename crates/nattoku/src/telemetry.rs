//! What a server tells of itself while it runs: on standard error, in lines for people on a terminal and in JSON elsewhere.
//!
//! No name, identifier or content of a principal's is ever among it.

use std::io::{IsTerminal as _, stderr};

use tracing::Level;

use crate::exit::CommandError;

/// How much is told: `error`, `warn`, `info` or `debug`.
const LEVEL: &str = "NATTOKU_LOG";

/// Begins to tell. Called once, before anything is served.
pub(crate) fn begin() -> Result<(), CommandError> {
    let lines = tracing_subscriber::fmt().with_writer(stderr).with_max_level(level()?).with_target(false);
    // Where somebody listens already, as in a test, they go on to.
    let _ =
        if stderr().is_terminal() { lines.try_init() } else { lines.json().flatten_event(true).try_init() };
    Ok(())
}

fn level() -> Result<Level, CommandError> {
    let Ok(named) = std::env::var(LEVEL) else { return Ok(Level::INFO) };
    named.parse().map_err(|_| {
        CommandError::asked_wrongly(
            format!("{LEVEL}: `{named}` という詳しさはありません"),
            format!("{LEVEL}: there is no level `{named}`"),
        )
        .hint("error、warn、info、debug があります", "there are error, warn, info and debug")
    })
}
