//! The policy language: text to checked policy, diagnostics, format, scenarios, the notice. Pure.
//!
//! Sources come in as bytes ([`source`]) and go through `syntax` (text to our own spanned tree, [`ast`]), `resolve`
//! (names and shapes to [`nattoku_model::Policy`]) and [`lint`] (what is enforceable but wrong or doubtful). [`check`]
//! does all of it and never fails: it gives back a policy, or diagnostics that say why there is none; and an [`index`]
//! of what names mean and where they stand, for editors.

pub mod allow;
pub mod ast;
pub mod check;
pub mod cursor;
pub mod diagnostic;
pub mod digest;
pub mod explain;
pub mod format;
pub mod index;
pub mod language_rules;
pub mod lint;
pub mod mend;
pub mod notice;
pub mod pack;
mod report;
mod resolve;
pub mod scenario;
pub mod source;
mod syntax;
mod unseen;
pub mod vocabulary;

pub use allow::Allowed;
pub use check::{Checked, check, check_with, check_without_scenarios};
pub use diagnostic::{Diagnostic, Fix, Label, Severity, Words};
pub use format::format;
pub use notice::Notice;
pub use pack::Packs;
pub use scenario::Scenario;
pub use source::{FileId, Files, Source};
pub use unseen::{is_refused, is_unseen};
