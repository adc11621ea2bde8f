//! The rules that reading itself enforces, each with its page.

use crate::diagnostic::Severity;

/// A rule enforced while a policy is read.
#[derive(Debug)]
pub struct LanguageRule {
    /// Its name: `undeclared-name`.
    pub name: &'static str,
    /// How bad a finding is.
    pub severity: Severity,
    /// Its page in Japanese.
    pub ja: &'static str,
    /// Its page in English.
    pub en: &'static str,
}

/// Every rule enforced while reading, by name.
pub static RULES: &[&LanguageRule] = &[];
