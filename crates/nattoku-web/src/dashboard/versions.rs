//! `/{language}/my/versions/{version}`: what a version of the policy changes for one person, and which version applies to what.

mod change;

use askama::Template;
use nattoku_model::name::VersionName;
use nattoku_model::policy::Policy;

use super::governing::Why;
use crate::frame::{self, Frame};
use crate::notice::address::{Page, version_segment};
use crate::refusal::Refusal;
use crate::visit::{Answer, Visit};
use change::Told;
use nattoku_operations::VersionChange;

#[derive(Template)]
#[template(path = "my/version.html")]
struct VersionPage<'a> {
    frame: Frame<'a>,
    as_of: String,
    /// From when it is in force.
    from: String,
    /// What stands above the sentences on which version applies.
    which: String,
    governing: Vec<String>,
    /// Where it governs nothing: by what it was replaced.
    replaced: Option<String>,
    /// Why nothing can be compared, where that is so.
    alone: Option<String>,
    told: Told,
    /// Other pages about the same version: address, words.
    links: Vec<(String, String)>,
    /// The other versions: address, words.
    others: Vec<(String, String)>,
}

/// Shows it.
pub(crate) fn page(visit: &Visit, principal: &str) -> Answer {
    let versions = visit.nattoku().versions();
    let wanted = visit.parameter("version");
    let mut all = versions.oldest_first().into_iter().rev();
    let policy = all.find(|p| version_segment(&p.version) == wanted).ok_or(Refusal::NotFound)?;
    let change = visit.nattoku().version_change(principal, &policy.version).map_err(Refusal::of)?;
    let change = change.ok_or(Refusal::NotFound)?;
    let words = visit.words;
    let is_ahead = policy.effective > visit.now;
    let day = visit.dates.day_off(&policy.effective, &visit.now);
    let others = versions.oldest_first().into_iter().rev().filter(|p| p.version != policy.version);
    frame::page(&VersionPage {
        frame: Frame::own(visit, words.fill("change-title", policy.version.as_str()), "record"),
        as_of: words.fill("as-of", &visit.dates.minute(&visit.now)),
        from: words.fill2(
            if is_ahead { "change-begins" } else { "change-began" },
            policy.version.as_str(),
            &day,
        ),
        which: if is_ahead {
            words.fill("change-which-then", &visit.dates.day(&policy.effective))
        } else {
            words.get("change-which")
        },
        governing: Why::at(visit, principal, change.as_of)?.sentences(&change.governing),
        replaced: replaced(visit, policy, &change),
        alone: alone(visit, &change),
        told: Told::of(visit, policy, &change),
        links: links(visit, &change),
        others: others.map(|other| link(visit, other)).collect(),
    })
}

/// What the newest version in force changes, and each that is to come: address, words.
pub(super) fn newest(visit: &Visit) -> Vec<(String, String)> {
    let versions = visit.nattoku().versions();
    let in_force = versions.in_force(visit.now).map(|p| p.effective);
    let newest =
        versions.oldest_first().into_iter().rev().filter(|p| in_force.is_none_or(|e| p.effective >= e));
    newest.map(|policy| link(visit, policy)).collect()
}

/// The page of a version, from the language on.
pub(crate) fn path(version: &VersionName) -> String {
    format!("my/versions/{}", version_segment(version))
}

fn link(visit: &Visit, policy: &Policy) -> (String, String) {
    let text = visit.words.fill("change-title", policy.version.as_str());
    let text = if policy.effective > visit.now {
        visit.words.fill2("title-from", &text, &visit.dates.day(&policy.effective))
    } else {
        text
    };
    (visit.link(&path(&policy.version)), text)
}

/// Where none of what is held is governed by the version: which one replaced it.
fn replaced(visit: &Visit, policy: &Policy, change: &VersionChange) -> Option<String> {
    let governs = change.governing.iter().any(|line| line.version == policy.version);
    let newer =
        visit.nattoku().versions().oldest_first().into_iter().find(|p| p.effective > policy.effective)?;
    let day = visit.dates.day(&newer.effective);
    (!governs).then(|| visit.words.fill2("change-replaced", newer.version.as_str(), &day))
}

/// Why there is nothing to compare with.
fn alone(visit: &Visit, change: &VersionChange) -> Option<String> {
    match (&change.text_absent, &change.before) {
        (Some(absent), _) => Some(visit.words.fill("change-text-absent", absent.as_str())),
        (None, None) => Some(visit.words.get("change-first")),
        (None, Some(_)) => None,
    }
}

fn links(visit: &Visit, change: &VersionChange) -> Vec<(String, String)> {
    let words = visit.words;
    let address = |page: &Page| visit.link(&page.path(visit.nattoku().policy()));
    let read = Page::Version(change.version.clone());
    let mut links = vec![(address(&read), words.get("read-version"))];
    if let Some(before) = &change.before {
        let page = Page::Difference(before.clone(), change.version.clone());
        links.push((address(&page), words.fill("compare-with", before.as_str())));
    }
    links.push((visit.link("my/choices"), words.get("do-choices")));
    links
}
