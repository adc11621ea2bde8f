//! One diagnostic value, several ways to show it.

pub mod concise;
pub mod github;
pub mod json;
pub mod sarif;
pub mod text;

use nattoku_model::Language;

use crate::diagnostic::Diagnostic;

/// Most diagnostics drawn unless told otherwise.
pub const SHOWN_MAX: usize = 50;

/// A file's path as seen from where the check was started. `folder` is the policy's folder, with `/`; empty for here.
fn path(folder: &str, name: &str) -> String {
    match folder.trim_end_matches('/') {
        "" | "." => name.to_owned(),
        folder => format!("{}/{name}", folder.trim_start_matches("./")),
    }
}

/// What is wrong and what to do, in one line.
fn sentence(diagnostic: &Diagnostic, language: Language) -> String {
    let message = diagnostic.message.get(language);
    match &diagnostic.help {
        Some(help) => format!("{message} ({})", help.get(language)),
        None => message.to_owned(),
    }
}

/// The line that says how many were not shown; empty when none were left out.
fn rest(left_out: usize, language: Language) -> String {
    match (left_out, language) {
        (0, _) => String::new(),
        (n, Language::Ja) => format!("ほかに {n} 件あります\n"),
        (n, Language::En) => format!("and {n} more\n"),
    }
}
