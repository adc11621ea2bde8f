//! What goes to the terminal: data to standard output, all else to standard error.
//!
//! A closed pipe ends the program quietly, as it does every filter.

use std::io::{ErrorKind, Write};
use std::sync::OnceLock;

use nattoku_model::Language;

use crate::exit::{CommandError, Exit};

/// The language of what is said where nobody hands one over: standard output may fail at any line.
static LANGUAGE: OnceLock<Language> = OnceLock::new();

/// Sets the language, once, when the program begins.
pub(crate) fn speak(language: Language) {
    let _ = LANGUAGE.set(language);
}

/// The language that the program speaks.
pub(crate) fn language() -> Language {
    LANGUAGE.get().copied().unwrap_or(Language::En)
}

/// Writes a line of data.
pub(crate) fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    let written =
        out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush());
    end_on_failure(written);
}

/// Writes data as it is.
pub(crate) fn text(text: &str) {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    end_on_failure(written);
}

/// A count with its noun: `1 error`, `2 errors`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Tells something on the side.
pub(crate) fn note(text: &str) {
    aside(&visible(text));
}

/// Tells what went wrong, and what to do about it.
pub(crate) fn error(error: &CommandError, language: Language) {
    let (word, hint) = match language {
        Language::Ja => ("エラー", "ヒント"),
        Language::En => ("error", "hint"),
    };
    aside(&format!("{word}: {}", visible(error.sentence(language))));
    if let Some(help) = error.help(language) {
        aside(&format!("{hint}: {}", visible(help)));
    }
}

/// A line on standard error. Where nobody reads that, there is nobody to tell.
fn aside(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// The text with control characters made visible, so that what somebody sent cannot steer the terminal.
fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() && c != '\n' && c != '\t' {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

fn end_on_failure(written: std::io::Result<()>) {
    if let Err(why) = written {
        if why.kind() != ErrorKind::BrokenPipe {
            let told = CommandError::could_not_run(
                format!("標準出力に書けません: {why}"),
                format!("cannot write to standard output: {why}"),
            );
            error(&told, language());
        }
        std::process::exit(Exit::CouldNotRun as i32);
    }
}
