//! The feed of versions (R7, R74), in the Atom format.

use askama::Template;
use nattoku_model::policy::Policy;
use sha2::{Digest, Sha256};

use super::address::Page;
use crate::hex::hex;
use crate::reading::Reading;

#[derive(Template)]
#[template(path = "feed.xml")]
struct Feed<'a> {
    language: &'static str,
    id: String,
    title: String,
    author: &'a str,
    updated: String,
    address: String,
    itself: String,
    entries: Vec<Entry>,
}

struct Entry {
    id: String,
    title: String,
    updated: String,
    address: String,
    summary: String,
}

/// The versions, newest first. Their dates are those of the policy: a feed made again says the same.
pub(super) fn render(reading: &Reading<'_>) -> askama::Result<String> {
    let words = reading.words;
    let current = reading.publication.current();
    let link = |page: &Page| reading.link(&page.path(current));
    let author = current.controller.name.get(reading.language);
    let versions = reading.publication.versions().oldest_first();
    let entries = versions.iter().rev().map(|policy| Entry {
        id: identifier(&[&policy.name, policy.version.as_str(), reading.language.tag()]),
        title: words.fill("page-version", policy.version.as_str()),
        updated: updated(policy),
        address: link(&Page::Version(policy.version.clone())),
        summary: words.fill2("feed-summary", policy.version.as_str(), &reading.dates.day(&policy.effective)),
    });
    Feed {
        language: reading.language.tag(),
        id: identifier(&[&current.name, reading.language.tag()]),
        title: words.fill("feed-title", author),
        author,
        updated: updated(current),
        address: link(&Page::Whole),
        itself: reading.link("feed.atom"),
        entries: entries.collect(),
    }
    .render()
}

/// The day it was announced, or else that from which it is in force: by then readers must have heard.
fn updated(policy: &Policy) -> String {
    let announced = policy.announced.and_then(|day| day.to_zoned_datetime(policy.timezone.clone()).ok());
    policy.local(announced.map_or(policy.effective, |day| day.timestamp()))
}

/// A name that stays the same wherever the site is: a UUID of version 8 made of the words that tell it apart.
fn identifier(words: &[&str]) -> String {
    let digest = Sha256::digest(words.join("\n").as_bytes());
    let hex = hex(digest.get(..16).unwrap_or_default());
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("urn:uuid:{}-{}-8{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_a_uuid_that_stays() {
        let id = identifier(&["carrier", "2019-12-11", "ja"]);
        assert_eq!(id, identifier(&["carrier", "2019-12-11", "ja"]));
        assert_ne!(id, identifier(&["carrier", "2019-12-11", "en"]));
        let groups: Vec<usize> = id.trim_start_matches("urn:uuid:").split('-').map(str::len).collect();
        assert_eq!(groups, [8, 4, 4, 4, 12]);
    }
}
