//! The registry of rules, one file each.

use super::LintRule;

/// Every rule, in the order in which their findings are made.
pub static RULES: &[&dyn LintRule] = &[];
