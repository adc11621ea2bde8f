//! `nattoku ledger stats`: how much there is, and the root over it.

use nattoku_store::OpenMode;
use serde_json::json;

use crate::cli::{Format, Where};
use crate::exit::{CommandError, Exit};
use crate::{open, output};

/// Counts events and principals, and tells revision and root.
pub(crate) fn run(place: &Where, format: Format) -> Result<Exit, CommandError> {
    let stats = open::store_of(place, OpenMode::ReadOnly)?.stats()?;
    let root = stats.root.to_string();
    if format == Format::Json {
        let by_name = &stats.events_by_name;
        output::line(
            &json!({
                "events": stats.events,
                "principals": stats.principals,
                "revision": stats.revision.0,
                "root": root,
                "events_by_name": by_name,
            })
            .to_string(),
        );
        return Ok(Exit::Done);
    }
    output::line(&format!("events      {}", stats.events));
    output::line(&format!("principals  {}", stats.principals));
    output::line(&format!("revision    {}", stats.revision));
    output::line(&format!("root        {root}"));
    for (name, count) in &stats.events_by_name {
        output::line(&format!("  {name:<24} {count}"));
    }
    Ok(Exit::Done)
}
