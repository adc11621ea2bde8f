//! The nattoku program: parse, run one command, answer with a documented exit code.

mod cli;
mod clock;
mod commands;
mod demo;
mod exit;
mod open;
mod output;
mod progress;
mod randomness;
mod replace;
mod settings;
mod site_folder;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    output::speak(cli.language());
    match commands::run(&cli) {
        Ok(exit) => exit.into(),
        Err(error) => {
            output::error(&error, cli.language());
            error.exit.into()
        }
    }
}
