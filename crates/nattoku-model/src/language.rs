//! Languages and texts in them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// A language that a policy may be written in and that every page and message exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Japanese.
    Ja,
    /// English.
    En,
}

impl Language {
    /// Every language, in the order in which pages offer them.
    pub const ALL: [Self; 2] = [Self::Ja, Self::En];

    /// The BCP 47 tag: `ja`, `en`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
        }
    }

    /// The language's own name for itself, for the switch on every page.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::Ja => "日本語",
            Self::En => "English",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|l| l.tag() == s)
            .ok_or_else(|| format!("expected `ja` or `en`, not `{s}`"))
    }
}

/// One text in the languages it exists in (R76).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text(pub BTreeMap<Language, String>);

impl Text {
    /// The text in `language`, or else in any language it exists in; empty when it exists in none.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        self.0.get(&language).or_else(|| self.0.values().next()).map_or("", String::as_str)
    }

    /// Whether the text exists in `language` and is not blank.
    #[must_use]
    pub fn has(&self, language: Language) -> bool {
        self.0.get(&language).is_some_and(|t| !t.trim().is_empty())
    }

    /// Whether the text exists in no language.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.values().all(|t| t.trim().is_empty())
    }
}
