//! To whom events are sent.

use std::path::PathBuf;

use clap::{ArgGroup, Subcommand};

use super::Where;

#[derive(Debug, Subcommand)]
pub(crate) enum SubscriptionCommand {
    /// Have events sent to an address; prints, once, the secret that signs them.
    #[command(
        after_help = "Example: nattoku subscription add crm --url https://crm.example.jp/hooks --event consent_withdrawn --event choice_declined\n\nEvents are sent as CloudEvents, signed by Standard Webhooks, in the order of the ledger, each until it is taken: docs/reference/feed.md.\nWithout --event every event is sent; without --from those that come from now on."
    )]
    Add {
        /// What it is called.
        name: String,
        /// Where events are sent: https, or http to this very machine.
        #[arg(long, value_name = "URL")]
        url: String,
        /// Which events; more than one may be named.
        #[arg(long = "event", value_name = "EVENT")]
        events: Vec<String>,
        /// The revision after which events are sent; 0 for all there are.
        #[arg(long, value_name = "REVISION")]
        from: Option<u64>,
        /// A file with the secret, `whsec_…`; without one a secret is made.
        #[arg(long, value_name = "FILE")]
        secret_file: Option<PathBuf>,
        #[command(flatten)]
        place: Where,
    },
    /// Every subscription, with how far it has come.
    #[command(after_help = "Example: nattoku subscription list --format json")]
    List {
        #[command(flatten)]
        place: Where,
    },
    /// Send nothing until it is resumed; nothing is lost meanwhile.
    #[command(after_help = "Example: nattoku subscription pause crm")]
    Pause {
        /// The subscription.
        name: String,
        #[command(flatten)]
        place: Where,
    },
    /// Go on from where it was paused.
    #[command(after_help = "Example: nattoku subscription resume crm")]
    Resume {
        /// The subscription.
        name: String,
        #[command(flatten)]
        place: Where,
    },
    /// Forget it, with its secret and its dead letters.
    #[command(after_help = "Example: nattoku subscription remove crm")]
    Remove {
        /// The subscription.
        name: String,
        #[command(flatten)]
        place: Where,
    },
    /// Send again: everything after a revision, or what was given up.
    #[command(
        after_help = "Examples: nattoku subscription replay crm --from 4404\n          nattoku subscription replay crm --dead",
        group = ArgGroup::new("what").required(true).args(["from", "dead"])
    )]
    Replay {
        /// The subscription.
        name: String,
        /// The revision after which everything is sent again.
        #[arg(long, value_name = "REVISION")]
        from: Option<u64>,
        /// What was given up is sent again, once each.
        #[arg(long)]
        dead: bool,
        #[command(flatten)]
        place: Where,
    },
    /// What was given up, and why.
    #[command(
        after_help = "Example: nattoku subscription dead crm --format json\n\nExits 0 if there is none, and 1 if there is."
    )]
    Dead {
        /// Of one subscription; of all, where none is named.
        name: Option<String>,
        #[command(flatten)]
        place: Where,
    },
}
