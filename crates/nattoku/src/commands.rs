//! One file a command.

mod audience;
mod choice;
mod consent;
pub(crate) mod decide;
mod doctor;
mod explain;
mod filter;
mod ledger_backup;
pub(crate) mod ledger_checkpoint;
mod ledger_erase;
mod ledger_export;
mod ledger_import;
mod ledger_import_whole;
mod ledger_key;
mod ledger_migrate;
mod ledger_prove;
mod ledger_sealing;
mod ledger_stats;
mod ledger_tables;
mod ledger_tiles;
mod ledger_verify;
mod ledger_witness;
mod lsp;
mod pack_json;
mod policy;
mod policy_activate;
mod policy_activations;
mod policy_check;
mod policy_diff;
mod policy_explain;
mod policy_export;
mod policy_fix;
mod policy_format;
mod policy_impact;
mod policy_import;
mod policy_packs;
mod policy_prove;
mod policy_render;
mod policy_schema;
mod policy_test;
mod question;
mod receipt;
pub(crate) mod serve;
mod subscription;
pub(crate) mod token;
mod will;

use crate::cli::{Cli, Command, LedgerCommand};
use crate::demo;
use crate::exit::{CommandError, Exit};

/// Runs the command of a parsed command line.
pub(crate) fn run(cli: &Cli) -> Result<Exit, CommandError> {
    let (format, language) = (cli.format.common(), cli.language());
    match &cli.command {
        Command::Demo(args) => demo::run(args, format?, language),
        Command::Policy(command) => policy::run(command, cli.format, language),
        Command::Decide(args) => decide::run(args, format?, language),
        Command::Explain(args) => explain::run(args, format?, language),
        Command::Doctor(args) => Ok(doctor::run(args, format?, language)),
        Command::Serve(args) => serve::run(args, format?, language),
        Command::Token(command) => token::run(command, format?, language),
        Command::Subscription(command) => subscription::run(command, format?, language),
        Command::Audience(args) => audience::run(args, format?, language),
        Command::Filter(args) => filter::run(args, format?, language),
        Command::Ledger(LedgerCommand::Import { file, whole: true, place, .. }) => {
            ledger_import_whole::run(file, place, format?, language)
        }
        Command::Ledger(LedgerCommand::Import { file, keep_recorded_at, place, .. }) => {
            ledger_import::run(file, *keep_recorded_at, place, format?, language)
        }
        Command::Ledger(LedgerCommand::Export { whole, place }) => ledger_export::run(*whole, place),
        Command::Ledger(LedgerCommand::Backup { file, keys, place }) => {
            ledger_backup::run(file, keys.as_deref(), place, format?, language)
        }
        Command::Ledger(LedgerCommand::Tables { out, place }) => {
            ledger_tables::run(out, place, format?, language)
        }
        Command::Ledger(LedgerCommand::Erase(args)) => ledger_erase::run(args, format?, language),
        Command::Ledger(LedgerCommand::Sealing(command)) => ledger_sealing::run(command, format?, language),
        Command::Ledger(LedgerCommand::Migrate { place }) => ledger_migrate::run(place, format?, language),
        Command::Ledger(LedgerCommand::Stats { place }) => ledger_stats::run(place, format?),
        Command::Ledger(LedgerCommand::Verify(args)) => ledger_verify::run(args, format?, language),
        Command::Ledger(LedgerCommand::Key(command)) => ledger_key::run(command, format?, language),
        Command::Ledger(LedgerCommand::Checkpoint(args)) => ledger_checkpoint::run(args, format?),
        Command::Ledger(LedgerCommand::Tiles(args)) => ledger_tiles::run(args, format?, language),
        Command::Ledger(LedgerCommand::Prove(command)) => ledger_prove::run(command),
        Command::Ledger(LedgerCommand::Witness(args)) => ledger_witness::run(args, format?, language),
        Command::Receipt(command) => receipt::run(command, format?, language),
        Command::Consent(command) => consent::run(command, format?, language),
        Command::Choice(command) => choice::run(command, format?, language),
        Command::Lsp { .. } => lsp::run(language),
    }
}
