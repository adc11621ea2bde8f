//! The pages of the notice and their addresses, the same on the server and in a rendered site.

use nattoku_model::name::{PurposeName, VersionName};
use nattoku_model::policy::Policy;
use nattoku_operations::Publication;

/// A page of the notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Page {
    /// The whole notice of the current version.
    Whole,
    /// The notice in a few lines, each with an example and the way on.
    Short,
    /// The whole notice with every part open, to be printed.
    Print,
    /// How to make a claim (R54, APPI-32-1).
    Claims,
    /// One purpose with all its examples (R73).
    Purpose(PurposeName),
    /// Everybody who gets data, by kind.
    Recipients,
    /// Work done by others (R62).
    Processors,
    /// The published joint uses (R67, APPI-27-5c).
    JointUse,
    /// The published anonymized information (R68, APPI-43-2).
    Anonymized,
    /// What devices are made to send to others (TEL-4).
    ExternalTransmission,
    /// Where to ask, and who else takes complaints (R70, R71).
    Contact,
    /// The documents beside the notice (R78).
    Documents,
    /// The words of law that the pages use, in plain words.
    Glossary,
    /// Every version (R7, R74).
    Versions,
    /// The whole notice of one version, or that its text is not at hand.
    Version(VersionName),
    /// What a version changed of another, by word.
    Difference(VersionName, VersionName),
    /// For whom the pages are made to be readable, and where they are not.
    Accessibility,
    /// Every page and file.
    Sitemap,
}

impl Page {
    /// Every page, in the order in which the site lists them.
    pub(crate) fn all(publication: &Publication) -> Vec<Self> {
        let policy = publication.current();
        let mut pages = vec![Self::Whole, Self::Short];
        pages.extend(purposes(policy).into_iter().map(|(name, _)| Self::Purpose(name.clone())));
        pages.extend([
            Self::Recipients,
            Self::Processors,
            Self::JointUse,
            Self::Anonymized,
            Self::ExternalTransmission,
            Self::Claims,
            Self::Contact,
            Self::Documents,
            Self::Glossary,
            Self::Print,
            Self::Versions,
        ]);
        let versions = publication.versions().oldest_first();
        pages.extend(versions.iter().rev().map(|policy| Self::Version(policy.version.clone())));
        for (newer, older) in compared(&versions) {
            pages.push(Self::Difference(older.version.clone(), newer.version.clone()));
        }
        pages.extend([Self::Accessibility, Self::Sitemap]);
        pages
    }

    /// The address below the language: `privacy/purposes/1`.
    pub(crate) fn path(&self, policy: &Policy) -> String {
        match self {
            Self::Whole => "privacy".to_owned(),
            Self::Short => "privacy/short".to_owned(),
            Self::Print => "privacy/print".to_owned(),
            Self::Claims => "privacy/claims".to_owned(),
            Self::Purpose(name) => format!("privacy/purposes/{}", purpose_segment(policy, name)),
            Self::Recipients => "privacy/recipients".to_owned(),
            Self::Processors => "privacy/processors".to_owned(),
            Self::JointUse => "privacy/joint-use".to_owned(),
            Self::Anonymized => "privacy/anonymized".to_owned(),
            Self::ExternalTransmission => "privacy/external-transmission".to_owned(),
            Self::Contact => "privacy/contact".to_owned(),
            Self::Documents => "privacy/documents".to_owned(),
            Self::Glossary => "privacy/glossary".to_owned(),
            Self::Versions => "privacy/versions".to_owned(),
            Self::Version(version) => version_path(version),
            Self::Difference(older, newer) => {
                format!("privacy/diff/{}/{}", segment(older.as_str()), segment(newer.as_str()))
            }
            Self::Accessibility => "accessibility".to_owned(),
            Self::Sitemap => "sitemap".to_owned(),
        }
    }

    /// The page at an address below the language, if there is one.
    pub(crate) fn at(publication: &Publication, path: &str) -> Option<Self> {
        Self::all(publication).into_iter().find(|page| page.path(publication.current()) == path)
    }

    /// The name of its entry in the navigation of a rendered site, empty where it has none.
    pub(crate) const fn place(&self, has_dashboard: bool) -> &'static str {
        match self {
            Self::Whole => "notice",
            _ if has_dashboard => "notice",
            Self::Recipients => "given",
            Self::Versions => "versions",
            Self::Contact => "contact",
            _ => "",
        }
    }
}

/// The address of a version below the language; its files have the same with an ending.
pub(crate) fn version_path(version: &VersionName) -> String {
    format!("privacy/versions/{}", version_segment(version))
}

/// A version's name as a part of an address.
pub(crate) fn version_segment(version: &VersionName) -> String {
    segment(version.as_str())
}

/// The purposes in the order of their numbers.
pub(crate) fn purposes(policy: &Policy) -> Vec<(&PurposeName, &nattoku_model::policy::Purpose)> {
    let mut purposes: Vec<_> = policy.purposes.iter().collect();
    purposes.sort_by_key(|(_, p)| (p.number.len(), p.number.clone()));
    purposes
}

/// Which versions are compared, newer first in each pair: each with the one before it, and the current one with all.
pub(crate) fn compared<'p>(oldest_first: &[&'p Policy]) -> Vec<(&'p Policy, &'p Policy)> {
    let mut pairs: Vec<(&Policy, &Policy)> = Vec::new();
    for pair in oldest_first.windows(2) {
        if let [older, newer] = pair {
            pairs.push((newer, older));
        }
    }
    if let Some((current, earlier)) = oldest_first.split_last() {
        let before = earlier.split_last().map_or(&[][..], |(_, before)| before);
        pairs.extend(before.iter().map(|older| (*current, *older)));
    }
    pairs
}

/// The number of a purpose where it can stand in an address, or else its name.
pub(crate) fn purpose_segment(policy: &Policy, name: &PurposeName) -> String {
    let number = policy.purposes.get(name).map(|p| p.number.as_str()).unwrap_or_default();
    let is_plain = !number.is_empty() && number.chars().all(|c| c.is_ascii_alphanumeric());
    if is_plain { number.to_owned() } else { segment(name.as_str()) }
}

/// A name as a part of an address and of a file's name: what could mean something else there is written `~` and its bytes.
fn segment(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for (at, byte) in name.bytes().enumerate() {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || c == '-' || c == '_' || (c == '.' && at > 0) {
            out.push(c);
        } else {
            out.push('~');
            out.push_str(&crate::hex::hex(&[byte]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_part_of_an_address() {
        assert_eq!(segment("2019-12-11"), "2019-12-11");
        assert_eq!(segment("1.0"), "1.0");
        assert_eq!(segment(".."), "~2e.");
        assert_eq!(segment("a/b"), "a~2fb");
    }
}
