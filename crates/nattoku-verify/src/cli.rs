//! The command line: `nattoku-verify <what> FILE --key FILE`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Checks receipts, checkpoints and logs of Nattoku.
#[derive(Debug, Parser)]
#[command(
    name = "nattoku-verify",
    version,
    about,
    after_help = "Exit codes: 0 it holds, 1 it does not, 2 asked wrongly.",
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    /// The language of answers; by default that of the environment's LANG.
    #[arg(long, global = true, value_enum)]
    lang: Option<Lang>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// A language of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    Ja,
    En,
}

impl Cli {
    /// The language asked for, or that of the environment.
    pub(crate) fn language(&self) -> Lang {
        let set = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok());
        let of_environment = if set.is_some_and(|lang| lang.starts_with("ja")) { Lang::Ja } else { Lang::En };
        self.lang.unwrap_or(of_environment)
    }
}

/// Whose signatures count.
#[derive(Debug, Args)]
pub(crate) struct Keys {
    /// The log's public key.
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// The public key of a witness that must have cosigned; may be given several times.
    #[arg(long, value_name = "FILE")]
    pub(crate) witness: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// A receipt: that an act is in the log, and what was shown.
    #[command(after_help = "Example: nattoku-verify receipt receipt.json --key log.key.pub")]
    Receipt {
        /// The receipt.
        file: PathBuf,
        #[command(flatten)]
        keys: Keys,
    },
    /// A checkpoint: that the log signed it.
    #[command(
        after_help = "Example: nattoku-verify checkpoint checkpoint --key log.key.pub --witness w.key.pub"
    )]
    Checkpoint {
        /// The checkpoint.
        file: PathBuf,
        #[command(flatten)]
        keys: Keys,
    },
    /// That a newer checkpoint continues an older one.
    #[command(after_help = "Example: nattoku-verify consistency kept.checkpoint request --key log.key.pub")]
    Consistency {
        /// The older checkpoint.
        old: PathBuf,
        /// The newer one with the proof, as `nattoku ledger prove consistency` writes it.
        request: PathBuf,
        #[command(flatten)]
        keys: Keys,
    },
    /// A whole log out of its files: every leaf, every tile, and the checkpoint over them.
    #[command(
        after_help = "Example: nattoku-verify log public/log --since kept.checkpoint --key log.key.pub"
    )]
    Log {
        /// The folder with `checkpoint` and `tile/`.
        folder: PathBuf,
        /// Also see that it continues this checkpoint, kept from earlier.
        #[arg(long, value_name = "FILE")]
        since: Option<PathBuf>,
        #[command(flatten)]
        keys: Keys,
    },
}
