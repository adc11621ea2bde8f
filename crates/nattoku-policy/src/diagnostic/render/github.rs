//! Diagnostics as commands of a GitHub workflow, which shows them beside the changed lines:
//! `::error file=…,line=…,endLine=…,col=…,endColumn=…,title=RULE::message`.

use std::fmt::Write as _;

use nattoku_model::Language;

use super::{path, sentence};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Files;

/// Renders all diagnostics, a command a line. `folder` is the policy's folder as seen from the repository's root.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], files: &Files, folder: &str, language: Language) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let primary = &diagnostic.primary;
        let (line, column) = files.line_column(primary.file, primary.span.start);
        let (end_line, end_column) = files.line_column(primary.file, primary.span.end);
        let _ = writeln!(
            out,
            "::{} file={},line={line},endLine={end_line},col={column},endColumn={end_column},title={}::{}",
            command(diagnostic.severity),
            property(&path(folder, files.name(primary.file))),
            property(diagnostic.rule),
            data(&sentence(diagnostic, language)),
        );
    }
    out
}

const fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    }
}

/// Text after the `::`, as a runner reads it back.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, in which `:` and `,` would end it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Label, Words};

    #[test]
    fn what_would_end_a_command_is_escaped() {
        let mut files = Files::default();
        let file = files.add("a,b:c.kdl", "位置\nx");
        let said =
            Diagnostic::error("syntax", Label::new(file, 3..8), Words::new("あ", "100 %, so\r\nit is"));
        assert_eq!(
            render(&[said], &files, "./p%/", Language::En),
            "::error file=p%25/a%2Cb%3Ac.kdl,line=1,endLine=2,col=2,endColumn=2,title=syntax::100 %25, so%0D%0Ait is\n"
        );
    }
}
