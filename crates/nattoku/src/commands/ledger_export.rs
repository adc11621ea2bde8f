//! `nattoku ledger export`: every event, one JSON object a line; with `--whole`, all that makes it this ledger.

use nattoku_store::OpenMode;
use nattoku_store::transfer::export_whole;

use crate::cli::Where;
use crate::exit::{CommandError, Exit};
use crate::{open, output};

/// Prints the events by revision; `ledger import` reads them back, with `--keep-recorded-at` or `--whole`.
pub(crate) fn run(whole: bool, place: &Where) -> Result<Exit, CommandError> {
    let store = open::store_of(place, OpenMode::ReadOnly)?;
    if whole {
        export_whole(store.as_ref(), |line| {
            output::line(line);
            Ok::<(), CommandError>(())
        })?;
    } else {
        store.export(|line| {
            output::line(&line.to_line());
            Ok::<(), CommandError>(())
        })?;
    }
    Ok(Exit::Done)
}
