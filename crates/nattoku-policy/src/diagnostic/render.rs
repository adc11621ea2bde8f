//! One diagnostic value, several ways to show it.

pub mod concise;
pub mod json;
pub mod text;

use nattoku_model::Language;

/// Most diagnostics drawn unless told otherwise.
pub const SHOWN_MAX: usize = 50;

/// The line that says how many were not shown; empty when none were left out.
fn rest(left_out: usize, language: Language) -> String {
    match (left_out, language) {
        (0, _) => String::new(),
        (n, Language::Ja) => format!("ほかに {n} 件あります\n"),
        (n, Language::En) => format!("and {n} more\n"),
    }
}
