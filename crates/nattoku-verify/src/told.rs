//! What is said, in both languages, and the exit code that goes with it.

use std::fmt::Display;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use crate::cli::Lang;

/// A sentence, where something does not hold or could not be looked at.
#[derive(Debug)]
pub(crate) struct Told {
    code: u8,
    ja: String,
    en: String,
}

/// What a check answers: what it showed, or why it does not hold.
pub(crate) type Answer = Result<(String, String), Told>;

impl Told {
    /// It does not hold.
    pub(crate) fn no(path: &Path, ja: impl Display, en: impl Display) -> Self {
        let path = path.display();
        Self { code: 1, ja: format!("{path}: {ja}"), en: format!("{path}: {en}") }
    }

    /// It was asked wrongly.
    pub(crate) fn wrongly(path: &Path, ja: impl Display, en: impl Display) -> Self {
        Self { code: 2, ..Self::no(path, ja, en) }
    }

    /// Prints an answer: what holds to standard output, anything else to standard error.
    pub(crate) fn print(answer: Answer, language: Lang) -> ExitCode {
        let pick = |ja: String, en: String| if language == Lang::Ja { ja } else { en };
        let (text, code) = match answer {
            Ok((ja, en)) => (pick(ja, en), 0),
            Err(Self { code, ja, en }) => (pick(ja, en), code),
        };
        // What somebody sent cannot steer the terminal.
        let shown: String =
            text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect();
        let written = if code == 0 {
            writeln!(std::io::stdout().lock(), "{shown}")
        } else {
            writeln!(std::io::stderr().lock(), "{shown}")
        };
        ExitCode::from(if written.is_err() { 2 } else { code })
    }
}
