//! The commands on sealing and erasure.

use clap::{Args, Subcommand};

use super::Where;

#[derive(Debug, Args)]
pub(crate) struct EraseArgs {
    /// Who is to be erased from all that is in use; may be given several times.
    #[arg(long, required_unless_present = "everywhere")]
    pub(crate) principal: Vec<String>,
    /// Erase from every copy whoever is erased from what is in use: rotates the keys that older copies rest on.
    #[arg(long)]
    pub(crate) everywhere: bool,
    #[command(flatten)]
    pub(crate) place: Where,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SealingCommand {
    /// Tell what the keys rest on, how many there are, and who waits for the second step of erasure.
    #[command(after_help = "Example: nattoku ledger sealing show")]
    Show {
        #[command(flatten)]
        place: Where,
    },
    /// Give the key-encryption key a new version and destroy the earlier ones. No payload is sealed anew.
    #[command(
        after_help = "Example: nattoku ledger sealing rotate --groups\nAfterwards earlier copies of the key file open nothing: make a new one."
    )]
    Rotate {
        /// Give every group of principals a new key as well.
        #[arg(long)]
        groups: bool,
        #[command(flatten)]
        place: Where,
    },
    /// Make a key-encryption key, for `kek` under `[keys]` in nattoku.toml.
    #[command(
        after_help = "Example: nattoku ledger sealing create file:/etc/nattoku/ledger.kek\n         nattoku ledger sealing create transit:transit/ledger"
    )]
    Create {
        /// What it is to be called: `file:PATH`, `pkcs11:TOKEN/LABEL` or `transit:MOUNT/KEY`.
        name: String,
    },
}
