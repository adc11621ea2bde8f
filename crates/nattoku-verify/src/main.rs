//! Checks what a ledger of Nattoku gives to others, without Nattoku: it links nothing of it but the formats.
//!
//! A customer checks a receipt, an auditor a checkpoint, two checkpoints against each other, or a whole log out of its files.
//! Exit codes: 0 it holds, 1 it does not, 2 asked wrongly.

mod checkpoint;
mod cli;
mod files;
mod log;
mod receipt;
mod told;

use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command};
use told::Told;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let answer = match &cli.command {
        Command::Receipt { file, keys } => receipt::verify(file, keys),
        Command::Checkpoint { file, keys } => checkpoint::verify(file, keys),
        Command::Consistency { old, request, keys } => checkpoint::consistency(old, request, keys),
        Command::Log { folder, since, keys } => log::verify(folder, since.as_deref(), keys),
    };
    Told::print(answer, cli.language())
}
