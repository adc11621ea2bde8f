//! The rules that reading itself enforces, one file each with its page.

mod cyclic_derivation;
mod duplicate_name;
mod encoding;
mod equivalent_country_beyond_law;
mod full_width_punctuation;
mod invisible_character;
mod law_not_in_force;
mod law_unknown;
mod malformed_name;
mod malformed_notice;
mod missing_policy;
mod missing_value;
mod pack_redefined;
mod source_too_large;
mod syntax;
mod undeclared_name;
mod unexpected_node;
mod unexpected_value;

use crate::diagnostic::Severity;

pub use cyclic_derivation::CYCLIC_DERIVATION;
pub use duplicate_name::DUPLICATE_NAME;
pub use encoding::ENCODING;
pub use equivalent_country_beyond_law::EQUIVALENT_COUNTRY_BEYOND_LAW;
pub use full_width_punctuation::FULL_WIDTH_PUNCTUATION;
pub use invisible_character::INVISIBLE_CHARACTER;
pub use law_not_in_force::LAW_NOT_IN_FORCE;
pub use law_unknown::LAW_UNKNOWN;
pub use malformed_name::MALFORMED_NAME;
pub use malformed_notice::MALFORMED_NOTICE;
pub use missing_policy::MISSING_POLICY;
pub use missing_value::MISSING_VALUE;
pub use pack_redefined::PACK_REDEFINED;
pub use source_too_large::SOURCE_TOO_LARGE;
pub use syntax::SYNTAX;
pub use undeclared_name::UNDECLARED_NAME;
pub use unexpected_node::UNEXPECTED_NODE;
pub use unexpected_value::UNEXPECTED_VALUE;

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
pub static RULES: &[&LanguageRule] = &[
    &CYCLIC_DERIVATION,
    &DUPLICATE_NAME,
    &ENCODING,
    &EQUIVALENT_COUNTRY_BEYOND_LAW,
    &FULL_WIDTH_PUNCTUATION,
    &INVISIBLE_CHARACTER,
    &LAW_NOT_IN_FORCE,
    &LAW_UNKNOWN,
    &MALFORMED_NAME,
    &MALFORMED_NOTICE,
    &MISSING_POLICY,
    &MISSING_VALUE,
    &PACK_REDEFINED,
    &SOURCE_TOO_LARGE,
    &SYNTAX,
    &UNDECLARED_NAME,
    &UNEXPECTED_NODE,
    &UNEXPECTED_VALUE,
];
