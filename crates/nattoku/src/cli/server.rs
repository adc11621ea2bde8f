//! Serving, and who may call.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::Where;
use super::value::instant;

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Where to listen; 127.0.0.1:8080 unless `[server] listen` says otherwise. Port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<String>,
    /// Where people and programs reach it, through the proxy that ends TLS, such as `https://privacy.example.jp`.
    #[arg(long, value_name = "URL")]
    pub(crate) address: Option<String>,
    /// The key that signs checkpoints of the ledger, a second after whatever is new; without one no log is published.
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) place: Where,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Issue a token, and print it once.
    #[command(
        after_help = "Example: nattoku token create campaigns --application campaign_platform --act decide --act search\n\nActs: decide, search (about everybody), read (what is known of a principal), will (record consents and choices),\nrecord (events), feed (follow what happens), metrics. `--application '*'` may ask as every application: for a gateway."
    )]
    Create {
        /// What it is called, in lists and where it is revoked.
        name: String,
        /// As which application its holder may ask; more than one may be named.
        #[arg(long = "application", value_name = "APPLICATION", required = true)]
        applications: Vec<String>,
        /// What its holder may do; more than one may be named.
        #[arg(long = "act", value_name = "ACT", required = true)]
        acts: Vec<String>,
        /// Until when it is good.
        #[arg(long, value_name = "TIME", value_parser = instant)]
        expires: Option<Timestamp>,
        /// Who has it, and what for.
        #[arg(long)]
        note: Option<String>,
        #[command(flatten)]
        place: Where,
    },
    /// Every token, with what it allows and when it was used last.
    #[command(after_help = "Example: nattoku token list --format json")]
    List {
        #[command(flatten)]
        place: Where,
    },
    /// Issue another token that allows the same; the old one stays good until it is revoked.
    #[command(after_help = "Example: nattoku token rotate campaigns && nattoku token revoke campaigns")]
    Rotate {
        /// The token to be replaced.
        name: String,
        #[command(flatten)]
        place: Where,
    },
    /// Take a token back.
    #[command(after_help = "Example: nattoku token revoke campaigns")]
    Revoke {
        /// The token.
        name: String,
        #[command(flatten)]
        place: Where,
    },
}
