//! The command line of `nattoku policy <verb>`.

use std::path::PathBuf;

use clap::Subcommand;

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
    #[command(after_help = "Example: nattoku policy test policies/carrier")]
    Test {
        /// The policy's folder.
        dir: PathBuf,
        /// Only the scenarios whose title holds this text.
        #[arg(long)]
        only: Option<String>,
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
    /// Tell what a rule of the check does, and why.
    #[command(
        after_help = "Example: nattoku policy explain undeclared-name\nWithout a rule, lists all of them."
    )]
    Explain {
        /// The rule: `undeclared-name`.
        rule: Option<String>,
    },
    /// Show the vocabulary of the language: every node, where it may stand, what it takes and means.
    #[command(after_help = "Example: nattoku policy schema activity\nWithout a node, shows all of them.")]
    Schema {
        /// A node that stands at the top of a file: `activity`.
        node: Option<String>,
    },
}
