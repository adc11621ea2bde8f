//! Arguments of the commands by which outsiders check a ledger.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Where;
use super::value::number;

/// What a new key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KeyUse {
    /// Signs this ledger's checkpoints and receipts: Ed25519.
    Log,
    /// Cosigns the checkpoints of others: Ed25519.
    Witness,
    /// Cosigns checkpoints, also one's own beside the first key: ML-DSA-44.
    MlDsa,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a key: the private one in FILE, which its owner alone can read, the public one in FILE.pub.
    #[command(
        after_help = "Example: nattoku ledger key new log.key\nThe public key, log.key.pub, is what others verify with: publish it."
    )]
    New {
        /// Where to write the private key; never over a file that is there.
        file: PathBuf,
        /// The key's name; by default the ledger's origin, which the key of a log must have.
        #[arg(long)]
        name: Option<String>,
        /// What the key is for.
        #[arg(long = "for", value_enum, default_value_t = KeyUse::Log)]
        used_for: KeyUse,
        #[command(flatten)]
        place: Where,
    },
}

#[derive(Debug, Args)]
pub(crate) struct CheckpointArgs {
    /// A private key of the log; the first is the one of kind 01, beside which the newest checkpoint is kept.
    #[arg(long, value_name = "FILE", required = true)]
    pub(crate) key: Vec<PathBuf>,
    /// Sign nothing, but add a witness's lines to the newest checkpoint: a file, or `-`.
    #[arg(long, value_name = "FILE", requires = "witness")]
    pub(crate) add: Option<String>,
    /// The public key of the witness whose lines are added.
    #[arg(long, value_name = "FILE", requires = "add")]
    pub(crate) witness: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) place: Where,
}

#[derive(Debug, Args)]
pub(crate) struct TilesArgs {
    /// The folder to write; what is there in full is not written again.
    pub(crate) folder: PathBuf,
    /// The signed checkpoint to publish: FILE.checkpoint beside the log's key.
    #[arg(long, value_name = "FILE")]
    pub(crate) checkpoint: PathBuf,
    /// Remove partial tiles whose full tile is there.
    #[arg(long)]
    pub(crate) prune: bool,
    #[command(flatten)]
    pub(crate) place: Where,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ProveCommand {
    /// That an event is in the tree of a checkpoint: a file of C2SP tlog-proof.
    #[command(
        after_help = "Example: nattoku ledger prove inclusion 6 --checkpoint log.key.checkpoint > 6.tlog-proof"
    )]
    Inclusion {
        /// The event's revision.
        #[arg(value_parser = number::<u64, 1, { u64::MAX }>)]
        revision: u64,
        /// The signed checkpoint.
        #[arg(long, value_name = "FILE")]
        checkpoint: PathBuf,
        #[command(flatten)]
        place: Where,
    },
    /// That the tree of a checkpoint continues an earlier one: the request that a witness reads.
    #[command(
        after_help = "Example: nattoku ledger prove consistency 6 --checkpoint log.key.checkpoint > request\nA witness that has cosigned nothing yet is asked from 0."
    )]
    Consistency {
        /// The size of the earlier tree.
        #[arg(value_parser = number::<u64, 0, { u64::MAX }>)]
        old: u64,
        /// The signed checkpoint.
        #[arg(long, value_name = "FILE")]
        checkpoint: PathBuf,
        #[command(flatten)]
        place: Where,
    },
}

#[derive(Debug, Args)]
pub(crate) struct WitnessArgs {
    /// The request, a file or `-`: an old size, a proof and a checkpoint, as `ledger prove consistency` writes it.
    #[arg(required_unless_present = "serve", conflicts_with = "serve")]
    pub(crate) request: Option<String>,
    /// Answer requests over HTTP at this address, at `/add-checkpoint`, until told to stop; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) serve: Option<String>,
    /// The witness's private key; several sign in turn.
    #[arg(long, value_name = "FILE", required = true)]
    pub(crate) key: Vec<PathBuf>,
    /// The public key of a log whose checkpoints are cosigned; may be given several times.
    #[arg(long, value_name = "FILE", required = true)]
    pub(crate) log: Vec<PathBuf>,
    /// The folder in which the witness keeps what it cosigned last of each log.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) state: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// Also see that the ledger continues this checkpoint, kept from earlier.
    #[arg(long, value_name = "CHECKPOINT", requires = "key")]
    pub(crate) since: Option<PathBuf>,
    /// The log's public key, by which that checkpoint must be signed.
    #[arg(long, value_name = "FILE", requires = "since")]
    pub(crate) key: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) place: Where,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReceiptCommand {
    /// Issue a receipt that the principal can verify without anybody's help.
    #[command(
        after_help = "Example: nattoku receipt issue --principal sakura --key log.key --out receipt.json\nA checkpoint that has the event must have been signed: nattoku ledger checkpoint --key log.key"
    )]
    Issue {
        /// Whose receipt it is.
        #[arg(long)]
        principal: String,
        /// Of which event; by default of the newest consent or choice.
        #[arg(long, value_name = "N", value_parser = number::<u64, 1, { u64::MAX }>)]
        revision: Option<u64>,
        /// The log's private key.
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// The checkpoint to prove by; by default the newest that the key signed.
        #[arg(long, value_name = "FILE")]
        checkpoint: Option<PathBuf>,
        /// Leave out what is personal of the event, and the key by which it can be checked.
        #[arg(long)]
        without_payload: bool,
        /// Write the receipt to a file that its owner alone can read, instead of to standard output.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        #[command(flatten)]
        place: Where,
    },
    /// Verify a receipt with the log's public key, and with nothing else.
    #[command(
        after_help = "Example: nattoku receipt verify receipt.json --key log.key.pub\n\nExits 0 where it holds, 1 where it does not."
    )]
    Verify {
        /// The receipt.
        file: PathBuf,
        /// The log's public key.
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// The public key of a witness that must have cosigned; may be given several times.
        #[arg(long, value_name = "FILE")]
        witness: Vec<PathBuf>,
    },
}
