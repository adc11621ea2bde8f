//! The nattoku program: parse, run one command, answer with a documented exit code.

mod cli;
mod clock;
mod commands;
mod connections;
mod demo;
mod exit;
mod kept_file;
mod key_file;
mod leftover;
mod list_file;
mod new_folder;
mod oauth;
mod open;
mod output;
mod parquet_file;
mod progress;
mod randomness;
mod replace;
mod server;
mod serving;
mod settings;
mod sign_in;
mod signing;
mod site_folder;
mod telemetry;
mod traces;
mod whole_file;

use std::process::ExitCode;

use clap::Parser;
use nattoku_model::Language;

/// What the program takes memory from.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return not_understood(&error),
    };
    output::speak(cli.language());
    match commands::run(&cli) {
        Ok(exit) => exit.into(),
        Err(error) => {
            output::error(&error, cli.language());
            error.exit.into()
        }
    }
}

/// Tells what is wrong with the command line, or prints the help that was asked for.
fn not_understood(error: &clap::Error) -> ExitCode {
    if cli::language_of(std::env::args_os()) == Language::Ja
        && let Some(told) = cli::in_japanese(error)
    {
        output::error(&told, Language::Ja);
        return told.exit.into();
    }
    error.exit()
}
