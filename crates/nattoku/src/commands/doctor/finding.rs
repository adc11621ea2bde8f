//! What was found of one part, and what to do about it.

use nattoku_model::Language;
use serde_json::{Value, json};

use crate::exit::CommandError;

/// How good it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grade {
    /// As it should be.
    Ok,
    /// A server runs, and something will be missed sooner or later.
    Warning,
    /// A server does not run, or not safely.
    Fault,
}

/// What was found of one part.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) about: &'static str,
    pub(super) grade: Grade,
    said: Said,
    remedy: Option<Said>,
}

/// A sentence in both languages.
#[derive(Debug)]
struct Said {
    ja: String,
    en: String,
}

impl Said {
    fn new(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ja: ja.into(), en: en.into() }
    }

    fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Ja => &self.ja,
            Language::En => &self.en,
        }
    }
}

impl Finding {
    pub(super) fn good(about: &'static str, ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { about, grade: Grade::Ok, said: Said::new(ja, en), remedy: None }
    }

    pub(super) fn warning(about: &'static str, said: [String; 2], remedy: [&str; 2]) -> Self {
        Self::bad(about, Grade::Warning, said, remedy)
    }

    pub(super) fn fault(about: &'static str, said: [String; 2], remedy: [&str; 2]) -> Self {
        Self::bad(about, Grade::Fault, said, remedy)
    }

    fn bad(about: &'static str, grade: Grade, [ja, en]: [String; 2], remedy: [&str; 2]) -> Self {
        Self { about, grade, said: Said { ja, en }, remedy: Some(Said::new(remedy[0], remedy[1])) }
    }

    /// What a command would have said, had it been run.
    pub(super) fn of_error(about: &'static str, error: &CommandError) -> Self {
        let both = [Language::Ja, Language::En];
        let said = both.map(|language| error.sentence(language).to_owned());
        let usual = [
            "docs/reference/serving.md の「nattoku doctor」をご覧ください",
            "see `nattoku doctor` in docs/reference/serving.md",
        ];
        let help = both.map(|language| error.help(language));
        let [ja, en] = [help[0].unwrap_or(usual[0]), help[1].unwrap_or(usual[1])];
        Self::fault(about, said, [ja, en])
    }

    /// A line for people.
    pub(super) fn text(&self, language: Language) -> String {
        let (about, said) = (self.about, self.said.in_language(language));
        let grade = match (self.grade, language) {
            (Grade::Ok, _) => "ok",
            (Grade::Warning, Language::Ja) => "注意",
            (Grade::Warning, Language::En) => "warning",
            (Grade::Fault, Language::Ja) => "異常",
            (Grade::Fault, Language::En) => "fault",
        };
        match &self.remedy {
            None => format!("{grade:<8}{about}: {said}"),
            Some(remedy) => format!("{grade:<8}{about}: {said} → {}", remedy.in_language(language)),
        }
        // What others wrote must not make two findings of one.
        .replace('\n', " ")
    }

    /// A line for programs.
    pub(super) fn json(&self, language: Language) -> Value {
        let grade = match self.grade {
            Grade::Ok => "ok",
            Grade::Warning => "warning",
            Grade::Fault => "fault",
        };
        json!({
            "check": self.about,
            "finding": grade,
            "message": self.said.in_language(language),
            "remedy": self.remedy.as_ref().map(|remedy| remedy.in_language(language)),
        })
    }
}
