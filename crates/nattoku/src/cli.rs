//! The command line: `nattoku <noun> <verb>`.

mod in_japanese;
mod log;
mod policy;
mod sealing;
mod server;
mod subscription;
#[cfg(test)]
mod tests;
mod value;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use nattoku_model::Language;

use crate::exit::CommandError;

pub(crate) use self::in_japanese::in_japanese;
pub(crate) use self::log::{
    CheckpointArgs, KeyCommand, KeyUse, ProveCommand, ReceiptCommand, TilesArgs, VerifyArgs, WitnessArgs,
};
pub(crate) use self::policy::{ActivateArgs, ExportCommand, ImpactArgs, ImportCommand, PolicyCommand};
pub(crate) use self::sealing::{EraseArgs, SealingCommand};
pub(crate) use self::server::{ServeArgs, TokenCommand};
pub(crate) use self::subscription::SubscriptionCommand;
use self::value::{instant, number};

/// Makes a privacy policy executable.
#[derive(Debug, Parser)]
#[command(
    name = "nattoku",
    version,
    about,
    after_help = "Start with: nattoku demo\n\nExit codes: 0 done or permitted, 1 the answer is no, 2 asked wrongly, 3 could not run.",
    propagate_version = true,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    /// How to print answers.
    #[arg(long, global = true, value_enum, default_value_t = Output::Text)]
    pub(crate) format: Output,
    /// The language of messages and explanations; by default that of the environment's LANG.
    #[arg(long, global = true, value_enum)]
    lang: Option<Lang>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Cli {
    /// The language asked for, or that of the environment.
    pub(crate) fn language(&self) -> Language {
        self.lang.map_or_else(environments_language, Lang::language)
    }
}

/// The language asked for by a command line that is not understood as a whole, or that of the environment.
pub(crate) fn language_of(args: impl Iterator<Item = OsString>) -> Language {
    let args: Vec<String> = args.map(|arg| arg.to_string_lossy().into_owned()).collect();
    let apart = args.windows(2).filter(|pair| pair.first().is_some_and(|arg| arg == "--lang"));
    let values = apart.filter_map(|pair| pair.last().map(String::as_str));
    let mut values = values.chain(args.iter().filter_map(|arg| arg.strip_prefix("--lang=")));
    let asked = values.find_map(|value| Lang::from_str(value, false).ok());
    asked.map_or_else(environments_language, Lang::language)
}

fn environments_language() -> Language {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok());
    if set.is_some_and(|lang| lang.starts_with("ja")) { Language::Ja } else { Language::En }
}

/// Every format that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    Text,
    /// One line a finding.
    Concise,
    Json,
    /// Annotations of a GitHub workflow; of `policy check`.
    Github,
    /// SARIF 2.1.0; of `policy check`.
    Sarif,
}

impl Output {
    /// The format, for commands that know the common ones alone.
    pub(crate) fn common(self) -> Result<Format, CommandError> {
        let (name, command) = match self {
            Self::Text => return Ok(Format::Text),
            Self::Concise => return Ok(Format::Concise),
            Self::Json => return Ok(Format::Json),
            Self::Github => ("github", "policy check"),
            Self::Sarif => ("sarif", "policy check"),
        };
        let error = CommandError::asked_wrongly(
            format!("`--format {name}` は `nattoku {command}` の形式です"),
            format!("`--format {name}` is a format of `nattoku {command}`"),
        );
        Err(error.hint("`text`、`concise`、`json` があります", "there are `text`, `concise` and `json`"))
    }
}

/// The formats that every command knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Text,
    /// One line a finding.
    Concise,
    Json,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Lang {
    Ja,
    En,
}

impl Lang {
    /// The language it stands for.
    pub(crate) const fn language(self) -> Language {
        match self {
            Self::Ja => Language::Ja,
            Self::En => Language::En,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// See it all: the reference policy, ten thousand synthetic customers, the notice and the dashboard.
    #[command(after_help = "Example: nattoku demo --port 8080")]
    Demo(DemoArgs),
    /// Check, test and format a policy.
    #[command(subcommand, after_help = "Example: nattoku policy check policies/carrier")]
    Policy(PolicyCommand),
    /// Decide one question, or a file of them.
    #[command(
        after_help = "Example: nattoku decide --application billing_system --principal sakura --action use \\\n           --activity invoicing --category contact.address"
    )]
    Decide(DecideArgs),
    /// The same decision in words.
    #[command(
        after_help = "Example: nattoku explain --lang ja --application billing_system --principal sakura --action use \\\n           --activity invoicing --category contact.address"
    )]
    Explain(QuestionArgs),
    /// Count for whom a use is permitted, over the whole ledger, and why the others are left out.
    #[command(
        after_help = "Example: nattoku audience --application campaign_platform --action provide --activity partner_offers \\\n           --category purchase --recipient store_partners --ids ids.csv\n\nWho came in or dropped out since October: the same with --compared-at 2026-10-01T00:00:00+09:00\n\nExits 0 when it has counted."
    )]
    Audience(AudienceArgs),
    /// Write a question about everybody as a condition of SQL, over the tables of `ledger tables`.
    #[command(
        after_help = "Example: nattoku filter --application campaign_platform --action provide --activity partner_offers \\\n           --category purchase --recipient store_partners --dialect postgresql\n\nExits 0 when it has written the filter."
    )]
    Filter(FilterArgs),
    /// Serve the pages and the interface for programs, until it is stopped.
    #[command(
        after_help = "Example: nattoku serve --listen 127.0.0.1:8080 --address https://privacy.example.jp --key log.key\n\nPrograms call with a token (`nattoku token create`); the interface is described at /openapi.json. TLS is ended by a proxy in front.\nWhat changes in the policy's folder is put in force while it serves. SIGTERM lets what has begun end."
    )]
    Serve(ServeArgs),
    /// Hold a deployment against what a server of it needs: settings, policy, store, keys, tokens, log, clock, disk, address.
    #[command(
        after_help = "Example: nattoku doctor --format json\n\nOne line a finding: ok, warning or fault, and what to do about it. Exits 1 if there is a fault. Takes what `serve` takes."
    )]
    Doctor(ServeArgs),
    /// Which programs may call, and what each may do.
    #[command(subcommand, after_help = "Example: nattoku token list")]
    Token(TokenCommand),
    /// To whom events are sent, and how far that has come.
    #[command(subcommand, after_help = "Example: nattoku subscription list")]
    Subscription(SubscriptionCommand),
    /// Events in and out, and the ledger as a log that others can check.
    #[command(
        subcommand,
        after_help = "Examples: nattoku ledger import events.jsonl\n          nattoku ledger verify"
    )]
    Ledger(LedgerCommand),
    /// What a principal takes away to show that their act is in the ledger.
    #[command(subcommand, after_help = "Example: nattoku receipt verify receipt.json --key log.key.pub")]
    Receipt(ReceiptCommand),
    /// Consent items of a principal.
    #[command(subcommand, after_help = "Example: nattoku consent list --principal sakura")]
    Consent(ConsentCommand),
    /// Choices of a principal.
    #[command(subcommand, after_help = "Example: nattoku choice list --principal sakura")]
    Choice(ChoiceCommand),
    /// Serve an editor: the language server, over standard input and output.
    #[command(
        after_help = "Example: nattoku lsp --lang ja\nAn editor starts it; docs/reference/lsp.md tells how for several."
    )]
    Lsp {
        /// Standard input and output, which is the only way; some editors say it.
        #[arg(long)]
        stdio: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// The port to serve at on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 8080, value_parser = number::<u16, 0, 65_535>)]
    pub(crate) port: u16,
    /// How many synthetic customers to make.
    #[arg(long, default_value_t = 10_000, value_parser = number::<u32, 10, 1_000_000>)]
    pub(crate) principals: u32,
    /// The folder in which the demo keeps its ledger.
    #[arg(long, default_value = "demo-data")]
    pub(crate) dir: PathBuf,
}

/// Where policy and store are.
#[derive(Debug, Args)]
pub(crate) struct Where {
    /// The policy's folder.
    #[arg(long, env = "NATTOKU_POLICY")]
    pub(crate) policy: Option<PathBuf>,
    /// The store: `sqlite:PATH` or `postgres://USER@HOST/DATABASE`.
    #[arg(long, env = "NATTOKU_STORE", hide_env_values = true)]
    pub(crate) store: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DecideArgs {
    /// A file of questions, one JSON object a line, or `-`; answers are JSON lines.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["application", "principal", "action", "activity", "category", "purpose", "recipient", "at", "known_at", "exception", "min_revision"])]
    pub(crate) requests: Option<String>,
    /// Keep everybody's state in memory, and follow the ledger and the policy's folder while questions come.
    #[arg(long, requires = "requests")]
    pub(crate) follow: bool,
    /// With `--follow`: answer by the definition, with sentences, rules and the events relied on.
    #[arg(long, requires = "follow")]
    pub(crate) explain: bool,
    #[command(flatten)]
    pub(crate) question: OptionalQuestionArgs,
    #[command(flatten)]
    pub(crate) place: Where,
}

/// A question by flags; each is needed unless a file of questions is given.
#[derive(Debug, Args)]
pub(crate) struct OptionalQuestionArgs {
    /// Who asks.
    #[arg(long, required_unless_present = "requests")]
    pub(crate) application: Option<String>,
    /// About whom.
    #[arg(long, required_unless_present = "requests")]
    pub(crate) principal: Option<String>,
    /// What is to be done: collect, use, provide, entrust, share, combine, pseudonymize, anonymize, disclose.
    #[arg(long, required_unless_present = "requests")]
    pub(crate) action: Option<String>,
    /// For which registered activity.
    #[arg(long, required_unless_present = "requests")]
    pub(crate) activity: Option<String>,
    /// Which categories; may be given several times, or several at once.
    #[arg(long, num_args = 1.., required_unless_present = "requests")]
    pub(crate) category: Vec<String>,
    #[command(flatten)]
    pub(crate) rest: RestOfQuestion,
}

/// A question by flags.
#[derive(Debug, Args)]
pub(crate) struct QuestionArgs {
    /// Who asks.
    #[arg(long)]
    pub(crate) application: String,
    /// About whom.
    #[arg(long)]
    pub(crate) principal: String,
    /// What is to be done: collect, use, provide, entrust, share, combine, pseudonymize, anonymize, disclose.
    #[arg(long)]
    pub(crate) action: String,
    /// For which registered activity.
    #[arg(long)]
    pub(crate) activity: String,
    /// Which categories; may be given several times, or several at once.
    #[arg(long, num_args = 1.., required = true)]
    pub(crate) category: Vec<String>,
    #[command(flatten)]
    pub(crate) rest: RestOfQuestion,
    #[command(flatten)]
    pub(crate) place: Where,
}

/// A question about everybody.
#[derive(Debug, Args)]
pub(crate) struct AudienceArgs {
    #[command(flatten)]
    pub(crate) asked: AboutEverybody,
    /// Leave in only those whom this question permits as well, in JSON with `action`, `activity` and `categories`.
    #[arg(long, value_name = "JSON")]
    pub(crate) and: Vec<String>,
    /// Leave out those whom this question permits, written as for `--and`; both may be given several times.
    #[arg(long, value_name = "JSON")]
    pub(crate) except: Vec<String>,
    /// Tell who came in and who dropped out since this earlier instant, and why.
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) compared_at: Option<Timestamp>,
    /// The same with only what the ledger knew at this instant; with --compared-at, what it answered then.
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) compared_known_at: Option<Timestamp>,
    /// Tell who is permitted by --policy and not by this one, and the reverse, and why: a folder, or FOLDER@VERSION.
    #[arg(long, value_name = "POLICY")]
    pub(crate) compared_policy: Option<PathBuf>,
    /// Write the identifiers of those for whom it is permitted, with the verdict, to a file: Parquet where its name ends in
    /// .parquet, otherwise CSV. Where it is compared, of those who came in or dropped out, with the reason.
    #[arg(long, value_name = "FILE")]
    pub(crate) ids: Option<PathBuf>,
    /// Fold all events, and neither use nor write the snapshot beside the ledger.
    #[arg(long)]
    pub(crate) no_snapshot: bool,
    #[command(flatten)]
    pub(crate) rest: RestOfQuestion,
    #[command(flatten)]
    pub(crate) place: Where,
}

#[derive(Debug, Args)]
pub(crate) struct FilterArgs {
    #[command(flatten)]
    pub(crate) asked: AboutEverybody,
    /// For which database.
    #[arg(long, value_enum)]
    pub(crate) dialect: SqlDialect,
    /// Print the condition alone, on a column of your own query, such as `customers.customer_id`.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) id: Option<String>,
    #[command(flatten)]
    pub(crate) rest: RestOfQuestion,
    #[command(flatten)]
    pub(crate) place: Where,
}

/// A database to which tables are written, and for which filters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SqlDialect {
    Postgresql,
    Duckdb,
    Spark,
}

/// A question by flags that names nobody.
#[derive(Debug, Args)]
pub(crate) struct AboutEverybody {
    /// Who asks.
    #[arg(long)]
    pub(crate) application: String,
    /// What is to be done: collect, use, provide, entrust, share, combine, pseudonymize, anonymize, disclose.
    #[arg(long)]
    pub(crate) action: String,
    /// For which registered activity.
    #[arg(long)]
    pub(crate) activity: String,
    /// Which categories; may be given several times, or several at once.
    #[arg(long, num_args = 1.., required = true)]
    pub(crate) category: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct RestOfQuestion {
    /// For which of the activity's purposes; all of them by default.
    #[arg(long)]
    pub(crate) purpose: Option<String>,
    /// Who else gets the data.
    #[arg(long)]
    pub(crate) recipient: Option<String>,
    /// The instant asked about; now by default. With an offset: 2020-01-05T12:00:00+09:00.
    #[arg(long, value_parser = instant)]
    pub(crate) at: Option<Timestamp>,
    /// With only what the ledger knew at this instant.
    #[arg(long, value_parser = instant)]
    pub(crate) known_at: Option<Timestamp>,
    /// An exception by law: '{"name": "statute", "document": "W-1", "approver": "…"}'.
    #[arg(long, value_name = "JSON")]
    pub(crate) exception: Option<String>,
    /// Answer only from a ledger at this revision or after it.
    #[arg(long, value_name = "N", value_parser = number::<u64, 0, { u64::MAX }>)]
    pub(crate) min_revision: Option<u64>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// Append events: all of the file, or nothing.
    #[command(
        after_help = "Examples: nattoku ledger import events.jsonl\n          nattoku ledger import ledger.jsonl --whole --store postgres://nattoku@db/ledger\nThe store is made where there is none."
    )]
    Import {
        /// A file of events, one JSON object a line, or `-`.
        file: String,
        /// Take `recorded_at` from the lines: for a migration.
        #[arg(long, conflicts_with = "whole")]
        keep_recorded_at: bool,
        /// The file is a whole ledger, as `ledger export --whole` wrote it: it becomes the same ledger here.
        #[arg(long)]
        whole: bool,
        #[command(flatten)]
        place: Where,
    },
    /// Print every event, one JSON object a line.
    #[command(
        after_help = "Examples: nattoku ledger export > events.jsonl\n          nattoku ledger export --whole > ledger.jsonl"
    )]
    Export {
        /// All that makes it this ledger, sealed as it lies, so that another store can take it over with the same root. Its
        /// key-encryption key does not go along.
        #[arg(long)]
        whole: bool,
        #[command(flatten)]
        place: Where,
    },
    /// Write what is known of everybody as tables, for the filters of `filter`.
    #[command(
        after_help = "Example: nattoku ledger tables --out snapshot && cd snapshot && duckdb customers.db < duckdb.sql"
    )]
    Tables {
        /// The folder to write; it is made, or is empty.
        #[arg(long, value_name = "FOLDER")]
        out: PathBuf,
        #[command(flatten)]
        place: Where,
    },
    /// Copy the ledger's file while it is in use. Its keys are not in the copy.
    #[command(
        after_help = "Examples: nattoku ledger backup ledger-2026-11-27.sqlite\n          nattoku ledger backup ledger-2026-11-27.sqlite --keys elsewhere/ledger.keys"
    )]
    Backup {
        /// The file to write; nothing is there yet.
        file: PathBuf,
        /// Copy the key file as well, to this file, which belongs in another place.
        #[arg(long, value_name = "FILE")]
        keys: Option<PathBuf>,
        #[command(flatten)]
        place: Where,
    },
    /// Recompute the tree and all that follows from the events.
    #[command(
        after_help = "Example: nattoku ledger verify\nAlso against a checkpoint kept elsewhere: nattoku ledger verify --since kept.checkpoint --key log.key.pub"
    )]
    Verify(VerifyArgs),
    /// Keys that sign checkpoints.
    #[command(subcommand, after_help = "Example: nattoku ledger key new log.key")]
    Key(KeyCommand),
    /// Sign the ledger as it stands, if it continues what was signed before; print the checkpoint.
    #[command(
        after_help = "Example: nattoku ledger checkpoint --key log.key\nThe newest checkpoint is kept in log.key.checkpoint: keep it with the key."
    )]
    Checkpoint(CheckpointArgs),
    /// Write a checkpoint with its tiles as files for any web server (C2SP tlog-tiles).
    #[command(after_help = "Example: nattoku ledger tiles public/log --checkpoint log.key.checkpoint")]
    Tiles(TilesArgs),
    /// Prove what is in the ledger to those who have a checkpoint.
    #[command(
        subcommand,
        after_help = "Example: nattoku ledger prove inclusion 6 --checkpoint log.key.checkpoint > 6.tlog-proof"
    )]
    Prove(ProveCommand),
    /// Cosign the checkpoint of another ledger, if it continues what was cosigned before (C2SP tlog-witness).
    #[command(
        after_help = "Example: nattoku ledger witness request --key witness.key --log log.key.pub --state witnessed\nFor logs that ask over HTTP: nattoku ledger witness --serve 127.0.0.1:8081 --key witness.key --log log.key.pub --state witnessed\n\nExits 1 where it does not cosign; nothing is printed to standard output then but the size that a 409 tells."
    )]
    Witness(WitnessArgs),
    /// Erase a principal: from all that is in use, then from every copy.
    #[command(
        after_help = "Example: nattoku ledger erase --principal hana\n         nattoku ledger erase --everywhere\n\nThe ledger says so by an event; its tree, its proofs and decisions about others stay.\nAfter --everywhere, earlier copies of the key file open nothing: make a new one."
    )]
    Erase(EraseArgs),
    /// The keys that seal what could be personal.
    #[command(subcommand, after_help = "Example: nattoku ledger sealing show")]
    Sealing(SealingCommand),
    /// Seal a ledger of an earlier version, in which what is personal lay in the clear.
    #[command(
        after_help = "Example: nattoku ledger migrate --store sqlite:ledger.sqlite\nBack the file up first, and destroy that backup once all is well: it is in the clear."
    )]
    Migrate {
        #[command(flatten)]
        place: Where,
    },
    /// Count events and principals; tell revision and root.
    #[command(after_help = "Example: nattoku ledger stats --format json")]
    Stats {
        #[command(flatten)]
        place: Where,
    },
}

/// How a principal's will reached the desk.
#[derive(Debug, Args)]
pub(crate) struct Will {
    /// By which channel.
    #[arg(long, default_value = "desk")]
    pub(crate) channel: String,
    /// Who expressed it: principal, guardian:ID or agent:ID.
    #[arg(long, default_value = "principal")]
    pub(crate) by: String,
    #[command(flatten)]
    pub(crate) place: Where,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConsentCommand {
    /// Every consent item with its state.
    #[command(after_help = "Example: nattoku consent list --principal sakura")]
    List {
        /// About whom.
        #[arg(long)]
        principal: String,
        #[command(flatten)]
        place: Where,
    },
    /// Record that the principal agrees to today's wording.
    #[command(
        after_help = "Example: nattoku consent grant partner_sharing --principal sakura --channel shop"
    )]
    Grant {
        /// The consent item.
        item: String,
        /// Who agrees.
        #[arg(long)]
        principal: String,
        /// What shows it: the number of a paper form, a power of attorney.
        #[arg(long)]
        evidence: Option<String>,
        #[command(flatten)]
        will: Will,
    },
    /// Record that the principal withdraws, or refuses what was never given.
    #[command(
        after_help = "Example: nattoku consent withdraw partner_sharing --principal sakura --channel phone"
    )]
    Withdraw {
        /// The consent item.
        item: String,
        /// Who withdraws or refuses.
        #[arg(long)]
        principal: String,
        #[command(flatten)]
        will: Will,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ChoiceCommand {
    /// Every choice with its state.
    #[command(after_help = "Example: nattoku choice list --principal sakura")]
    List {
        /// About whom.
        #[arg(long)]
        principal: String,
        #[command(flatten)]
        place: Where,
    },
    /// Record that the principal declines.
    #[command(after_help = "Example: nattoku choice decline offers --principal sakura --channel phone")]
    Decline {
        /// The choice.
        choice: String,
        /// Who declines.
        #[arg(long)]
        principal: String,
        #[command(flatten)]
        will: Will,
    },
    /// Record that the principal takes it back.
    #[command(after_help = "Example: nattoku choice restore offers --principal sakura --channel phone")]
    Restore {
        /// The choice.
        choice: String,
        /// Who takes it back.
        #[arg(long)]
        principal: String,
        #[command(flatten)]
        will: Will,
    },
}
