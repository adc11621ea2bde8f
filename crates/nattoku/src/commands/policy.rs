//! `nattoku policy <verb>`: which file does it.

use nattoku_model::Language;

use super::{
    policy_activate, policy_activations, policy_check, policy_diff, policy_explain, policy_export,
    policy_fix, policy_format, policy_impact, policy_import, policy_packs, policy_prove, policy_render,
    policy_schema, policy_test,
};
use crate::cli::{Output, PolicyCommand};
use crate::exit::{CommandError, Exit};

/// Runs a verb of `nattoku policy`.
pub(super) fn run(command: &PolicyCommand, output: Output, language: Language) -> Result<Exit, CommandError> {
    let format = output.common();
    match command {
        PolicyCommand::Check { dir, deny, diff: true, .. } => {
            policy_fix::preview(dir, deny.is_some(), format?, language)
        }
        PolicyCommand::Check { dir, deny, fix: true, .. } => {
            policy_fix::run(dir, deny.is_some(), output, language)
        }
        PolicyCommand::Check { dir, deny, .. } => policy_check::run(dir, deny.is_some(), output, language),
        PolicyCommand::Test { dir, only, junit, coverage } => {
            let wanted =
                policy_test::Wanted { only: only.as_deref(), junit: junit.as_deref(), coverage: *coverage };
            policy_test::run(dir, wanted, format?, language)
        }
        PolicyCommand::Prove { dir, only } => policy_prove::run(dir, only.as_deref(), format?, language),
        PolicyCommand::Diff { old, new } => policy_diff::run(old, new, format?, language),
        PolicyCommand::Impact(args) => policy_impact::run(args, format?, language),
        PolicyCommand::Activate(args) => policy_activate::run(args, format?, language),
        PolicyCommand::Activations { store } => policy_activations::run(store.as_deref(), format?, language),
        // These print the same in every format, and still refuse those that are of the check alone.
        PolicyCommand::Format { dir, check } => {
            format.and_then(|_| policy_format::run(dir, *check, language))
        }
        PolicyCommand::Export { to } => format.and_then(|_| policy_export::run(to, language)),
        PolicyCommand::Import { from } => policy_import::run(from, format?, language),
        PolicyCommand::Render { dir, out, no_pdf, font_dir } => {
            let papers = policy_render::Papers { are_left_out: *no_pdf, font_dir: font_dir.as_deref() };
            policy_render::run(dir, out, &papers, format?, language)
        }
        PolicyCommand::Packs { law, version, policy } => {
            policy_packs::run(law.as_deref(), version.as_deref(), policy.as_deref(), format?, language)
        }
        PolicyCommand::Explain { rule } => policy_explain::run(rule.as_deref(), format?, language),
        PolicyCommand::Schema { node } => policy_schema::run(node.as_deref(), format?, language),
    }
}
