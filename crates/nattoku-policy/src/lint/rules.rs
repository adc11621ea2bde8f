//! The registry of rules, one file each.

mod missing_translation;
mod unused_name;

use super::LintRule;

/// Every rule, in the order in which their findings are made.
pub static RULES: &[&dyn LintRule] = &[&missing_translation::MissingTranslation, &unused_name::UnusedName];
