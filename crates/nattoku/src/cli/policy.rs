//! The command line of `nattoku policy <verb>`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::Lang;

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Read a policy and say what is wrong with it.
    #[command(
        after_help = "Examples:\n  nattoku policy check policies/carrier --lang ja\n  nattoku policy check policies/carrier --format sarif > findings.sarif\n  nattoku policy check policies/carrier --diff"
    )]
    Check {
        /// The policy's folder.
        dir: PathBuf,
        /// Findings that count as errors: `warnings`.
        #[arg(long, value_parser = ["warnings"])]
        deny: Option<String>,
        /// Apply the fixes that are certain, and show what was changed.
        #[arg(long)]
        fix: bool,
        /// Show what `--fix` would change, as a patch, and write nothing.
        #[arg(long, conflicts_with = "fix")]
        diff: bool,
    },
    /// Run a policy's scenarios.
    #[command(
        after_help = "Examples:\n  nattoku policy test policies/carrier\n  nattoku policy test policies/carrier --coverage --junit results.xml"
    )]
    Test {
        /// The policy's folder.
        dir: PathBuf,
        /// Only the scenarios whose title holds this text.
        #[arg(long)]
        only: Option<String>,
        /// Also write the results to a file, in the XML of `JUnit`.
        #[arg(long, value_name = "FILE")]
        junit: Option<PathBuf>,
        /// Also tell which rules the scenarios exercise, and by which.
        #[arg(long)]
        coverage: bool,
    },
    /// Show that every invariant holds for every principal and every request.
    #[command(
        after_help = "Example: nattoku policy prove policies/carrier\nAn invariant that does not hold is refuted by a scenario that can be pasted into tests.kdl."
    )]
    Prove {
        /// The policy's folder.
        dir: PathBuf,
        /// Only the invariants that hold this text.
        #[arg(long)]
        only: Option<String>,
    },
    /// Compare two versions by meaning: what changes, what that permits and stops, for whom, and what the law asks for.
    #[command(
        after_help = "Examples:\n  nattoku policy diff policies/carrier drafts/carrier\n  nattoku policy diff policies/carrier@2019-12-11 drafts/carrier --format json\n\nFOLDER@VERSION is a version below FOLDER/earlier. Exits 0 where nothing changes, 1 where something does."
    )]
    Diff {
        /// The older version: a policy's folder, or FOLDER@VERSION.
        old: PathBuf,
        /// The newer version: a policy's folder, or FOLDER@VERSION.
        new: PathBuf,
    },
    /// Count, over a ledger, whom a change of policy concerns: who must be told, who must agree again.
    #[command(
        after_help = "Examples:\n  nattoku policy impact policies/carrier drafts/carrier --store sqlite:ledger.sqlite\n  nattoku policy impact policies/carrier drafts/carrier --list purpose_widened:proposals > ids.txt\n\nExits 0 when it has counted."
    )]
    Impact(ImpactArgs),
    /// Put a policy in force by the ledger, at every node at once.
    #[command(
        after_help = "Examples:\n  nattoku policy activate policies/carrier --store postgres://nattoku@db/ledger\n  nattoku policy activate policies/carrier --prepare\n  nattoku policy activate --kept 3b0c41d2\n\nThe folder is checked, its text is kept beside the ledger, and nodes become ready for it. Once all are, the ledger says so by\none event; from there on every decision is by this policy. Nodes go by it where `[server] in_force_by` is \"ledger\".\nTo go back, activate the earlier policy with --kept."
    )]
    Activate(ActivateArgs),
    /// List the policies that the ledger has put in force, and those that are kept.
    #[command(after_help = "Example: nattoku policy activations --format json")]
    Activations {
        /// The store: `sqlite:PATH` or `postgres://USER@HOST/DATABASE`.
        #[arg(long, env = "NATTOKU_STORE", hide_env_values = true)]
        store: Option<String>,
    },
    /// Lay out the source the one way.
    #[command(after_help = "Example: nattoku policy format policies/carrier --check")]
    Format {
        /// The policy's folder.
        dir: PathBuf,
        /// Write nothing; say which files would change.
        #[arg(long)]
        check: bool,
    },
    /// Render the notice as a static site: pages, text, JSON, a feed, PDF.
    #[command(
        after_help = "Example: nattoku policy render policies/carrier --out site\nPDF needs a program built with --features pdf, and the font Noto Sans JP."
    )]
    Render {
        /// The policy's folder.
        dir: PathBuf,
        /// The folder to write: a new one, an empty one, or that of an earlier render.
        #[arg(long, value_name = "SITE")]
        out: PathBuf,
        /// Make no PDF, even where the program could.
        #[arg(long, conflicts_with = "font_dir")]
        no_pdf: bool,
        /// The folder of the font Noto Sans JP, for the PDF.
        #[arg(long, env = "NATTOKU_FONTS", value_name = "DIR")]
        font_dir: Option<PathBuf>,
    },
    /// List the law packs, or tell what one of them says.
    #[command(
        after_help = "Example: nattoku policy packs appi --lang ja\n         nattoku policy packs appi 2026-07-17\nWithout a law, lists all packs; without a version, shows the one in force."
    )]
    Packs {
        /// The law: `appi`.
        law: Option<String>,
        /// Its version: `2022-04-01`.
        #[arg(id = "law_version", value_name = "VERSION")]
        version: Option<String>,
        /// A policy's folder, for the packs that it brings.
        #[arg(long)]
        policy: Option<PathBuf>,
    },
    /// Tell what a rule of the check does, and why, or what a citation of law stands for.
    #[command(
        after_help = "Example: nattoku policy explain undeclared-name\n         nattoku policy explain \"APPI 27(5)(iii)\"\nWithout a rule, lists all of them."
    )]
    Explain {
        /// The rule, `undeclared-name`, or a citation, `APPI-27-5c`.
        rule: Option<String>,
    },
    /// Show the vocabulary of the language: every node, where it may stand, what it takes and means.
    #[command(after_help = "Example: nattoku policy schema activity\nWithout a node, shows all of them.")]
    Schema {
        /// A node that stands at the top of a file: `activity`.
        node: Option<String>,
    },
    /// Write a policy in the terms of another vocabulary.
    #[command(after_help = "Example: nattoku policy export dpv policies/carrier --out carrier.jsonld")]
    Export {
        #[command(subcommand)]
        to: ExportCommand,
    },
    /// Make a first policy of what another program holds.
    #[command(
        after_help = "Example: nattoku policy import fideslang taxonomy.yml systems.yml --out policies/shop"
    )]
    Import {
        #[command(subcommand)]
        from: ImportCommand,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ExportCommand {
    /// In the W3C's Data Privacy Vocabulary, as JSON-LD.
    #[command(
        after_help = "Example: nattoku policy export dpv policies/carrier --out carrier.jsonld\nThe terms of the APPI that DPV lacks: nattoku policy export dpv --terms"
    )]
    Dpv {
        /// The policy's folder.
        #[arg(required_unless_present = "terms")]
        dir: Option<PathBuf>,
        /// The file to write; standard output without it.
        #[arg(long)]
        out: Option<PathBuf>,
        /// Where the policy's own names are: `https://example.org/policy#`.
        #[arg(long)]
        base: Option<String>,
        /// Our own terms of the APPI instead of a policy.
        #[arg(long, conflicts_with_all = ["dir", "base"])]
        terms: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ImportCommand {
    /// From manifests of Fides: its taxonomy, systems, datasets and organization, in YAML.
    #[command(
        after_help = "Example: nattoku policy import fideslang taxonomy.yml systems.yml --out policies/shop\nWithout --out, prints the draft. What was not carried over is listed, each with its place and the reason."
    )]
    Fideslang {
        /// The manifests, read as one.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The folder to write the draft to; it must be empty or not there yet.
        #[arg(long)]
        out: Option<PathBuf>,
        /// The controller's country, as two capital letters: `JP`.
        #[arg(long)]
        country: Option<String>,
        /// The language that the manifests' texts are in.
        #[arg(long, value_enum, default_value_t = Lang::En)]
        texts: Lang,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ActivateArgs {
    /// The policy's folder.
    #[arg(required_unless_present = "kept", conflicts_with = "kept")]
    pub(crate) dir: Option<PathBuf>,
    /// A policy that is kept already, by its digest or how that begins.
    #[arg(long, value_name = "DIGEST")]
    pub(crate) kept: Option<String>,
    /// Only have nodes become ready, and put nothing in force.
    #[arg(long, conflicts_with = "force")]
    pub(crate) prepare: bool,
    /// How long to wait until every node is ready, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) wait: u32,
    /// Put it in force although nodes are not ready: until they are, they permit nothing.
    #[arg(long)]
    pub(crate) force: bool,
    /// The store: `sqlite:PATH` or `postgres://USER@HOST/DATABASE`.
    #[arg(long, env = "NATTOKU_STORE", hide_env_values = true)]
    pub(crate) store: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ImpactArgs {
    /// The older version: a policy's folder, or FOLDER@VERSION.
    pub(crate) old: PathBuf,
    /// The newer version: a policy's folder, or FOLDER@VERSION.
    pub(crate) new: PathBuf,
    /// The store: `sqlite:PATH` or `postgres://USER@HOST/DATABASE`.
    #[arg(long, env = "NATTOKU_STORE", hide_env_values = true)]
    pub(crate) store: Option<String>,
    /// With what the ledger knew at this instant; now by default. With an offset: 2026-04-01T00:00:00+09:00.
    #[arg(long, value_parser = super::value::instant)]
    pub(crate) at: Option<Timestamp>,
    /// Print the identifiers of those whom one change concerns, one a line, instead of the figures.
    #[arg(long, value_name = "CHANGE", conflicts_with = "out")]
    pub(crate) list: Option<String>,
    /// Write whom each change concerns to a file besides: JSON lines, or CSV where its name ends in .csv.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}
