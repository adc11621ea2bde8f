//! `nattoku lsp`: serves an editor over standard input and output.

use nattoku_lsp::{Ended, Settings, serve};
use nattoku_model::Language;

use crate::exit::{CommandError, Exit};

/// Exits 0 where the editor said goodbye in order, and 1 where it did not, as the protocol has it.
pub(crate) fn run(language: Language) -> Result<Exit, CommandError> {
    match serve(std::io::stdin(), std::io::stdout().lock(), Settings { language }) {
        Ok(Ended::InOrder) => Ok(Exit::Done),
        Ok(Ended::Abruptly) => Ok(Exit::No),
        Err(error) => Err(CommandError::could_not_run(
            format!("エディターとやり取りできません: {error}"),
            format!("cannot talk to the editor: {error}"),
        )),
    }
}
