//! The notice as files beside its pages: plain text, JSON, and a feed of its versions.

use nattoku_model::name::VersionName;
use nattoku_operations::Publication;

use super::address::version_path;
use super::{block, feed, json, page, plain};
use crate::reading::Reading;

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum File {
    /// The notice of a version as plain text.
    Text(VersionName),
    /// The notice of a version as JSON.
    Json(VersionName),
    /// What was published when.
    Feed,
}

impl File {
    /// Every file with its address below the language. The current version is at two: one that stays with the version, and
    /// one that is always the newest.
    pub(crate) fn all(publication: &Publication) -> Vec<(String, Self)> {
        let current = publication.current().version.clone();
        let mut files = vec![("feed.atom".to_owned(), Self::Feed)];
        let versions = publication.versions().oldest_first();
        let paths = versions.iter().map(|p| (version_path(&p.version), p.version.clone()));
        for (path, version) in std::iter::once(("privacy".to_owned(), current)).chain(paths) {
            files.push((format!("{path}.txt"), Self::Text(version.clone())));
            files.push((format!("{path}.json"), Self::Json(version)));
        }
        files
    }

    /// Its type, for those who serve it.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text/plain; charset=utf-8",
            Self::Json(_) => "application/json",
            Self::Feed => "application/atom+xml; charset=utf-8",
        }
    }

    /// What is in it; nothing where the text of the version is not at hand.
    pub(crate) fn content(&self, reading: &Reading<'_>) -> Option<String> {
        let version = match self {
            Self::Feed => return feed::render(reading).ok(),
            Self::Text(version) | Self::Json(version) => version,
        };
        let policy = reading.publication.versions().get(version)?;
        if matches!(self, Self::Json(_)) {
            return Some(format!("{:#}\n", json::notice(reading, policy)?));
        }
        let (title, before, sections) = page::sections_of(reading, policy)?;
        let mut before = block::blocks(&before);
        if let Some(digest) = reading.publication.digest(version) {
            let word = reading.words.get("content-hash");
            before.insert(0, block::Block::Facts { facts: vec![(word, format!("sha256:{digest}"))] });
        }
        Some(plain::document(&title, &before, &block::sections(&sections)))
    }
}
