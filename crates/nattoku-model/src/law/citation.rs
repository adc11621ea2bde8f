//! Where something stands in a law: law, version, article, paragraph, item.

use std::fmt;
use std::str::FromStr;

use crate::language::{Language, Text};
use crate::law::Numbering;
use crate::name::VersionName;

/// Longest citation read, in bytes. The name of no law comes near it.
const CITATION_BYTES_MAX: usize = 160;

/// A place in a law: `APPI 27(5)(iii)`, `GDPR 6(1)(c)`, `Attorneys Act 23-2`.
///
/// Written, it is the name of the law, the version where one is meant (`APPI 2022-04-01 27(5)(iii)`), the article with
/// the numbers of inserted articles after `-`, and paragraph and item in parentheses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Citation {
    /// The name of the law as citations have it: `APPI`, `APPI Rules`, `Number Act`.
    pub law: String,
    /// The version meant, where one is named.
    pub version: Option<VersionName>,
    /// The article, with the numbers of inserted articles: 23-2 is `[23, 2]`.
    pub article: Vec<u16>,
    /// The paragraph.
    pub paragraph: Option<u16>,
    /// The item or point as written, without parentheses: `iii`, `c`.
    pub item: Option<String>,
}

impl Citation {
    /// The same place with nothing said of the version.
    #[must_use]
    pub fn of_any_version(&self) -> Self {
        Self { version: None, ..self.clone() }
    }

    /// The place that it is part of: the paragraph of an item, the article of a paragraph.
    #[must_use]
    pub fn whole(&self) -> Option<Self> {
        match (&self.item, self.paragraph) {
            (Some(_), _) => Some(Self { item: None, ..self.clone() }),
            (None, Some(_)) => Some(Self { paragraph: None, ..self.clone() }),
            (None, None) => None,
        }
    }

    /// The form that facts are numbered in: `APPI-27-5c` for `APPI 27(5)(iii)`.
    #[must_use]
    pub fn as_fact(&self) -> FactNumber {
        let mut parts = vec![self.law.replace(' ', "-")];
        parts.extend(self.article.iter().chain(&self.paragraph).map(u16::to_string));
        let item = self.item.as_deref().unwrap_or_default();
        let lettered = roman(item).and_then(letter).map(String::from);
        FactNumber(parts.join("-") + lettered.as_deref().unwrap_or(item))
    }

    /// The place as people of a language write it: 個人情報保護法第27条第5項第3号. `law` is what the law is called in a
    /// few words, `numbering` how it numbers what stands below a paragraph.
    #[must_use]
    pub fn in_words(&self, language: Language, law: &Text, numbering: Numbering) -> String {
        let law = if law.is_empty() { self.law.as_str() } else { law.get(language) };
        match language {
            Language::En => self.after_law(law),
            Language::Ja => self.in_japanese(law, numbering),
        }
    }

    fn in_japanese(&self, law: &str, numbering: Numbering) -> String {
        let version = self.version.as_ref().map(|v| format!("（{v}）"));
        let article = self.article.iter().enumerate().map(|(index, number)| match index {
            0 => format!("第{number}条"),
            _ => format!("の{number}"),
        });
        let paragraph = self.paragraph.map(|n| format!("第{n}項"));
        let item = self.item.as_ref().map(|item| {
            let number = roman(item).filter(|_| numbering == Numbering::Roman);
            number.map_or_else(|| format!("({item})"), |n| format!("第{n}号"))
        });
        let rest: String = version.into_iter().chain(article).chain(paragraph).chain(item).collect();
        format!("{law}{rest}")
    }

    fn after_law(&self, law: &str) -> String {
        let version = self.version.as_ref().map(|v| format!(" {v}")).unwrap_or_default();
        let article: Vec<String> = self.article.iter().map(u16::to_string).collect();
        let paragraph = self.paragraph.map(|n| format!("({n})")).unwrap_or_default();
        let item = self.item.as_ref().map(|i| format!("({i})")).unwrap_or_default();
        format!("{law}{version} {}{paragraph}{item}", article.join("-"))
    }
}

impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.after_law(&self.law))
    }
}

impl FromStr for Citation {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text.len() > CITATION_BYTES_MAX {
            return Err(());
        }
        let (before, place) = text.trim().rsplit_once(' ').ok_or(())?;
        let (law, version) = match before.rsplit_once(' ') {
            Some((law, version)) if is_date(version) => (law, Some(VersionName::from(version))),
            _ => (before, None),
        };
        let law = law.trim();
        if !law.starts_with(|c: char| c.is_ascii_uppercase()) {
            return Err(());
        }
        let (article, rest) = place.split_at(place.find('(').unwrap_or(place.len()));
        let article: Vec<u16> = article.split('-').map(number).collect::<Option<_>>().ok_or(())?;
        let mut parts = parentheses(rest).ok_or(())?.into_iter();
        let (mut paragraph, mut item) = (None, None);
        if let Some(first) = parts.next() {
            paragraph = number(first);
            let second = if paragraph.is_some() { parts.next() } else { Some(first) };
            item = second.map(|s| is_item(s).then(|| s.to_owned()).ok_or(())).transpose()?;
        }
        if parts.next().is_some() {
            return Err(());
        }
        Ok(Self { law: law.to_owned(), version, article, paragraph, item })
    }
}

/// The number of a fact about law, as the project keeps them: `APPI-27-5c`, `TEL-1`. It looks like a citation but is
/// none: which place of which law a fact is about, the packs say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactNumber(String);

impl FactNumber {
    /// The number as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it begins with: `APPI` for `APPI-27-5c`.
    #[must_use]
    pub fn family(&self) -> &str {
        self.0.split_once('-').map_or(self.0.as_str(), |(family, _)| family)
    }
}

impl fmt::Display for FactNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for FactNumber {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (family, rest) = text.split_once('-').ok_or(())?;
        let is_family = family.len() >= 2
            && family.starts_with(|c: char| c.is_ascii_uppercase())
            && family.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        let is_rest = rest.len() <= 40
            && rest.split('-').all(|p| !p.is_empty() && p.chars().all(|c| c.is_ascii_alphanumeric()));
        if is_family && is_rest { Ok(Self(text.to_owned())) } else { Err(()) }
    }
}

/// What a policy or a pack cites of the law.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cited {
    /// A place in a law.
    Provision(Citation),
    /// A fact by its number.
    Fact(FactNumber),
}

impl FromStr for Cited {
    type Err = ();

    /// Reads either form. What is neither, such as the number of a requirement, `R41`, is not about law.
    fn from_str(text: &str) -> Result<Self, ()> {
        let fact = text.parse().map(Self::Fact);
        fact.or_else(|()| text.parse().map(Self::Provision))
    }
}

impl fmt::Display for Cited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Provision(citation) => citation.fmt(f),
            Self::Fact(fact) => fact.fmt(f),
        }
    }
}

/// `2022-04-01`.
fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

/// A number from 1, without signs and without zeros in front.
fn number(text: &str) -> Option<u16> {
    let is_plain = text.starts_with(|c: char| ('1'..='9').contains(&c));
    text.parse().ok().filter(|_| is_plain)
}

fn is_item(text: &str) -> bool {
    (1..=8).contains(&text.len()) && text.chars().all(|c| c.is_ascii_lowercase())
}

/// What stands in parentheses, one after the other and nothing else.
fn parentheses(text: &str) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (part, after) = rest.strip_prefix('(')?.split_once(')')?;
        parts.push(part);
        rest = after;
    }
    Some(parts)
}

/// The value of a small Roman numeral: 3 for `iii`.
fn roman(text: &str) -> Option<u16> {
    (1..=39).find(|n| to_roman(*n) == text)
}

fn to_roman(number: u16) -> String {
    let mut left = number;
    let mut out = String::new();
    for (value, sign) in [(10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")] {
        while left >= value {
            out += sign;
            left -= value;
        }
    }
    out
}

/// The letter of a number from 1: `c` for 3.
fn letter(number: u16) -> Option<char> {
    let offset = u8::try_from(number).ok()?.checked_sub(1)?;
    b'a'.checked_add(offset).map(char::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_citation_reads_and_prints() {
        for text in [
            "APPI 22",
            "APPI 27(1)",
            "APPI 27(5)(iii)",
            "APPI 2022-04-01 27(5)(iii)",
            "APPI Rules 7(iv)",
            "GDPR 6(1)(c)",
            "Attorneys Act 23-2",
            "Code of Criminal Procedure 218(1)",
        ] {
            assert_eq!(text.parse::<Citation>().unwrap().to_string(), text);
        }
        for bad in [
            "",
            "R41",
            "APPI",
            "APPI-27-5c",
            "APPI x",
            "APPI 27(5",
            "APPI 27()",
            "APPI 0",
            "APPI 27(1)(i)(x)",
        ] {
            assert!(bad.parse::<Citation>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_citation_has_the_parts_that_it_is_made_of() {
        let citation: Citation = "APPI 2022-04-01 27(5)(iii)".parse().unwrap();
        assert_eq!(citation.law, "APPI");
        assert_eq!(citation.version, Some(VersionName::from("2022-04-01")));
        assert_eq!((citation.article.as_slice(), citation.paragraph), ([27].as_slice(), Some(5)));
        assert_eq!(citation.item.as_deref(), Some("iii"));
        assert_eq!(citation.of_any_version().whole().unwrap().to_string(), "APPI 27(5)");
    }

    #[test]
    fn a_citation_is_written_as_people_of_each_language_write_it() {
        let appi = Text([(Language::Ja, "個人情報保護法".to_owned())].into());
        let words = |text: &str, numbering| {
            text.parse::<Citation>().unwrap().in_words(Language::Ja, &appi, numbering)
        };
        assert_eq!(words("APPI 27(5)(iii)", Numbering::Roman), "個人情報保護法第27条第5項第3号");
        assert_eq!(words("APPI 27-2(1)", Numbering::Roman), "個人情報保護法第27条の2第1項");
        assert_eq!(words("APPI 6(1)(c)", Numbering::Letters), "個人情報保護法第6条第1項(c)");
        let plain: Citation = "APPI 27(5)(iii)".parse().unwrap();
        assert_eq!(plain.in_words(Language::En, &Text::default(), Numbering::Roman), "APPI 27(5)(iii)");
    }

    #[test]
    fn a_fact_number_looks_like_a_citation_and_is_none() {
        assert_eq!("APPI 27(5)(iii)".parse::<Citation>().unwrap().as_fact().as_str(), "APPI-27-5c");
        assert_eq!("APPI 22".parse::<Citation>().unwrap().as_fact().as_str(), "APPI-22");
        let fact: FactNumber = "APPI26-3".parse().unwrap();
        assert_eq!(fact.family(), "APPI26");
        assert_eq!("TEL-1".parse(), Ok(Cited::Fact(FactNumber("TEL-1".to_owned()))));
        assert!("R41".parse::<Cited>().is_err());
        assert!(matches!("Number Act 19".parse(), Ok(Cited::Provision(_))));
    }
}
