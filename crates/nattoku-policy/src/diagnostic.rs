//! What is said about somebody's policy: placed, in both languages, with a way to mend it.
//!
//! Byte ranges inside; lines and columns exist only in the renderers.

pub mod render;

use std::ops::Range;

use nattoku_model::Language;

use crate::source::FileId;

/// Most diagnostics kept of one check; the rest is counted.
pub const DIAGNOSTICS_MAX: usize = 10_000;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The policy cannot be enforced as written.
    Error,
    /// It can be enforced, but that is hardly meant.
    Warning,
    /// Good to know.
    Note,
}

impl Severity {
    /// The word used in every output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A sentence in both languages: lower case, no full stop, the reader's own words in backticks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
}

impl Words {
    /// A sentence in both languages.
    pub fn new(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ja: ja.into(), en: en.into() }
    }

    /// The sentence in one language.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Ja => &self.ja,
            Language::En => &self.en,
        }
    }
}

/// A place, and what is to be said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The file.
    pub file: FileId,
    /// The bytes underlined.
    pub span: Range<usize>,
    /// What stands beside the line.
    pub text: Option<Words>,
}

impl Label {
    /// A place with nothing said about it yet.
    #[must_use]
    pub const fn new(file: FileId, span: Range<usize>) -> Self {
        Self { file, span, text: None }
    }

    /// Says something about the place.
    #[must_use]
    pub fn saying(mut self, text: Words) -> Self {
        self.text = Some(text);
        self
    }
}

/// A replacement of bytes that mends what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Whether nothing else can have been meant. Only such a fix is applied without asking; any other is a guess, such as
    /// the declared name nearest to a misspelt one.
    pub is_certain: bool,
    /// The file.
    pub file: FileId,
    /// The bytes to replace.
    pub span: Range<usize>,
    /// What to put there.
    pub replacement: String,
}

/// One thing said about a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that says it: `undeclared-name`. Its page is shown by `nattoku policy explain`.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong. If only one thing of a diagnostic can be shown, it is this with the primary place.
    pub message: Words,
    /// Where.
    pub primary: Label,
    /// Other places that explain it.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Option<Words>,
    /// What to write instead, where that is known.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A diagnostic with a message and a place.
    #[must_use]
    pub const fn new(rule: &'static str, severity: Severity, primary: Label, message: Words) -> Self {
        Self { rule, severity, message, primary, labels: Vec::new(), help: None, fix: None }
    }

    /// An error with a message and a place.
    #[must_use]
    pub const fn error(rule: &'static str, primary: Label, message: Words) -> Self {
        Self::new(rule, Severity::Error, primary, message)
    }

    /// Adds another place.
    #[must_use]
    pub fn label(mut self, label: Label) -> Self {
        self.labels.push(label);
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: Words) -> Self {
        self.help = Some(help);
        self
    }

    /// Says what to write instead of the bytes of `at`, where nothing else can have been meant.
    #[must_use]
    pub fn fix(self, at: &Label, replacement: impl Into<String>) -> Self {
        self.replacing(at, replacement.into(), true)
    }

    /// Says what was probably meant by the bytes of `at`.
    #[must_use]
    pub fn suggest(self, at: &Label, replacement: impl Into<String>) -> Self {
        self.replacing(at, replacement.into(), false)
    }

    fn replacing(mut self, at: &Label, replacement: String, is_certain: bool) -> Self {
        self.fix = Some(Fix { is_certain, file: at.file, span: at.span.clone(), replacement });
        self
    }
}
