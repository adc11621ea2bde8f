//! The page of every rule, for `nattoku policy explain` and the reference.

use nattoku_model::Language;

use crate::diagnostic::Severity;
use crate::language_rules;
use crate::lint::{self, Kind, LintRule};

/// A rule as explained to people.
#[derive(Debug, Clone, Copy)]
pub struct Explanation {
    /// Its name.
    pub name: &'static str,
    /// What it looks after.
    pub kind: Kind,
    /// How bad a finding is.
    pub severity: Severity,
    /// The requirements and the law it rests on.
    pub cites: &'static [&'static str],
    ja: &'static str,
    en: &'static str,
}

impl Explanation {
    /// That of a rule of the linter.
    fn of(rule: &dyn LintRule) -> Self {
        Self {
            name: rule.name(),
            kind: rule.kind(),
            severity: rule.severity(),
            cites: rule.cites(),
            ja: rule.page(Language::Ja),
            en: rule.page(Language::En),
        }
    }

    /// The first section of the page: what the rule does.
    #[must_use]
    pub fn what(&self, language: Language) -> &'static str {
        section(self.page(language), 0)
    }

    /// The second section of the page: why that is bad.
    #[must_use]
    pub fn why(&self, language: Language) -> &'static str {
        section(self.page(language), 1)
    }

    /// The page, in Markdown.
    #[must_use]
    pub const fn page(&self, language: Language) -> &'static str {
        match language {
            Language::Ja => self.ja,
            Language::En => self.en,
        }
    }
}

/// The text below the heading of a page that is counted `n` from 0.
fn section(page: &'static str, n: usize) -> &'static str {
    let section = page.split("## ").nth(n + 1).unwrap_or("");
    section.split_once('\n').map_or("", |(_, text)| text.trim())
}

/// Every rule, by name.
#[must_use]
pub fn all() -> Vec<Explanation> {
    let reading = language_rules::RULES.iter().map(|r| Explanation {
        name: r.name,
        kind: Kind::Language,
        severity: r.severity,
        cites: &[],
        ja: r.ja,
        en: r.en,
    });
    let linting = lint::RULES.iter().map(|r| Explanation::of(*r));
    let mut all: Vec<Explanation> = reading.chain(linting).collect();
    all.sort_by_key(|e| e.name);
    all
}

/// The rule of a name.
#[must_use]
pub fn explain(name: &str) -> Option<Explanation> {
    all().into_iter().find(|e| e.name == name)
}
