//! `nattoku ledger export`: every event, one JSON object a line.

use nattoku_store::OpenMode;

use crate::cli::Where;
use crate::exit::{CommandError, Exit};
use crate::{open, output};

/// Prints the events by revision; `ledger import --keep-recorded-at` reads them back.
pub(crate) fn run(place: &Where) -> Result<Exit, CommandError> {
    let store = open::store_of(place, OpenMode::ReadOnly)?;
    store.export(|line| {
        output::line(&line.to_line());
        Ok::<(), CommandError>(())
    })?;
    Ok(Exit::Done)
}
