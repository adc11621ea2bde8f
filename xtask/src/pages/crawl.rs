//! Finds the pages by following links, so that a new page is checked without being listed anywhere.
//!
//! Pages that differ only in which thing they show (a path part with a digit in it) are one kind; one of each
//! kind is looked at. Where names make many kinds below one page (`/ja/my/choices/consent/NAME`), a few are.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::http;
use crate::steps::{Failure, Outcome};

/// More kinds of page than this are a mistake of the crawl, or of the site.
const PAGES_MAX: usize = 250;

/// How many pages below one page are looked at.
const BELOW_ONE_MAX: usize = 4;

/// A page as it was answered.
pub(crate) struct Found {
    /// Its path, with its query.
    pub(crate) path: String,
    pub(crate) body: String,
}

/// What has been found so far, by every viewer.
#[derive(Default)]
pub(crate) struct Seen {
    kinds: BTreeSet<String>,
    below: BTreeMap<String, usize>,
}

impl Seen {
    fn is_wanted(&self, path: &str) -> bool {
        let enough =
            below(path).and_then(|above| self.below.get(&above)).is_some_and(|n| *n >= BELOW_ONE_MAX);
        !enough && !self.kinds.contains(&kind_of(path))
    }

    fn add(&mut self, path: &str) {
        self.kinds.insert(kind_of(path));
        if let Some(above) = below(path) {
            *self.below.entry(above).or_default() += 1;
        }
    }
}

/// The pages reached from `starts`, leaving out what `seen` has, which grows. A start
/// that leads elsewhere is followed; one that is not there is passed over.
pub(crate) fn pages(
    origin: &str,
    cookie: Option<&str>,
    starts: &[&str],
    seen: &mut Seen,
) -> Outcome<Vec<Found>> {
    let mut found = Vec::new();
    let mut asked = BTreeSet::new();
    let mut waiting: VecDeque<String> = starts.iter().map(|start| (*start).to_owned()).collect();
    while let Some(path) = waiting.pop_front() {
        if !seen.is_wanted(&path) || !asked.insert(kind_of(&path)) {
            continue;
        }
        let answer = http::get(origin, &path, cookie)?;
        if answer.status >= 500 {
            return Err(Failure::new(format!("{path} answers {}", answer.status)));
        }
        if (300..400).contains(&answer.status) {
            waiting.extend(answer.header("location").filter_map(|target| resolve(origin, &path, target)));
        }
        if answer.status == 404 && !starts.contains(&path.as_str()) {
            return Err(Failure::new(format!(
                "{path} answers 404: a page links to it, or it is the other language of a page"
            )));
        }
        if answer.is_page() {
            seen.add(&path);
            waiting.extend(other_language(&path));
            waiting.extend(targets(&answer.body).filter_map(|target| resolve(origin, &path, &target)));
            if found.len() >= PAGES_MAX {
                return Err(Failure::new(format!("more than {PAGES_MAX} kinds of page; the last is {path}")));
            }
            found.push(Found { path, body: answer.body });
        }
    }
    Ok(found)
}

/// The same page in the other language.
fn other_language(path: &str) -> Option<String> {
    [("/ja", "/en"), ("/en", "/ja")].into_iter().find_map(|(this, other)| {
        let rest = path.strip_prefix(this)?;
        (rest.is_empty() || rest.starts_with(['/', '?'])).then(|| format!("{other}{rest}"))
    })
}

/// The addresses of a page's anchors.
fn targets(html: &str) -> impl Iterator<Item = String> {
    html.split("<a ").skip(1).filter_map(|rest| {
        let tag = rest.split('>').next().unwrap_or(rest);
        let target = tag.split_once("href=\"")?.1.split('"').next()?;
        Some(target.replace("&amp;", "&").replace("&#38;", "&"))
    })
}

/// A link as a path on this server; nothing for one that leads away, downloads or signs out.
fn resolve(origin: &str, page: &str, target: &str) -> Option<String> {
    let target = target.split('#').next().unwrap_or_default();
    let target = target.strip_prefix(origin).unwrap_or(target);
    if target.is_empty() || target.contains(':') || target.starts_with("//") {
        return None;
    }
    let path = if target.starts_with('/') {
        target.to_owned()
    } else if target.starts_with('?') {
        format!("{}{target}", page.split('?').next().unwrap_or(page))
    } else {
        let folder = page.split('?').next().unwrap_or(page).rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{folder}/{target}")
    };
    let ends_session = ["sign-out", "signout", "sign_out", "logout"].iter().any(|word| path.contains(word));
    (!ends_session).then_some(path)
}

/// What kind of page a path leads to: parts that carry a digit stand for any thing of their sort, and of a
/// query only the names count.
fn kind_of(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let general = |part: &str| {
        if part.contains(|c: char| c.is_ascii_digit()) { "*".to_owned() } else { part.to_owned() }
    };
    let parts: Vec<String> = path.split('/').map(general).collect();
    let names: BTreeSet<&str> =
        query.split('&').filter_map(|pair| pair.split('=').next()).filter(|name| !name.is_empty()).collect();
    format!("{}?{}", parts.join("/"), names.into_iter().collect::<Vec<_>>().join("&"))
}

/// The page that a path lies deep below, and how deep; nothing for the pages near the root.
fn below(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('?').next().unwrap_or(path).split('/').collect();
    // Of a person's own pages, those of one kind of data or one recipient stand a part higher.
    let is_own = parts.get(2) == Some(&"my") && parts.len() == 5;
    let n_above = if is_own { 4 } else { 5 };
    let above = parts.get(..n_above)?.join("/");
    (parts.len() > n_above).then(|| format!("{above} {}", parts.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_become_paths_on_this_server() {
        let resolve = |target| resolve("http://127.0.0.1:9", "/ja/my/history?page=2", target);
        assert_eq!(resolve("/ja/privacy#top").as_deref(), Some("/ja/privacy"));
        assert_eq!(resolve("http://127.0.0.1:9/verify").as_deref(), Some("/verify"));
        assert_eq!(resolve("?page=3").as_deref(), Some("/ja/my/history?page=3"));
        assert_eq!(resolve("consents").as_deref(), Some("/ja/my/consents"));
        for away in ["#top", "mailto:a@b", "https://example.invalid/", "//x/", "/sign-out"] {
            assert_eq!(resolve(away), None, "{away}");
        }
    }

    #[test]
    fn one_page_of_each_kind() {
        assert_eq!(kind_of("/desk/principals/p-17?at=1"), kind_of("/desk/principals/p-18?at=2"));
        assert_ne!(kind_of("/ja/my"), kind_of("/en/my"));
        assert_ne!(kind_of("/ja/my"), kind_of("/ja/my?at=1"));
    }

    #[test]
    fn a_few_of_a_persons_own() {
        let mut seen = Seen::default();
        for name in ["a", "b", "c", "d"] {
            let path = format!("/ja/my/data/{name}");
            assert!(seen.is_wanted(&path));
            seen.add(&path);
        }
        assert!(!seen.is_wanted("/ja/my/data/e"));
        assert!(seen.is_wanted("/ja/my/recipients/e") && seen.is_wanted("/ja/my/data"));
    }

    #[test]
    fn a_few_of_many_names() {
        let mut seen = Seen::default();
        for name in ["a", "b", "c", "d"] {
            let path = format!("/ja/my/choices/consent/{name}");
            assert!(seen.is_wanted(&path));
            seen.add(&path);
        }
        assert!(!seen.is_wanted("/ja/my/choices/consent/e"));
        assert!(seen.is_wanted("/ja/my/choices/consent/e/stop"));
        assert!(seen.is_wanted("/en/my/choices/consent/e"));
        assert!(seen.is_wanted("/ja/my/choices"));
    }

    #[test]
    fn a_page_has_its_other_language() {
        assert_eq!(other_language("/ja/my?at=1").as_deref(), Some("/en/my?at=1"));
        assert_eq!(other_language("/en").as_deref(), Some("/ja"));
        assert_eq!(other_language("/entry"), None);
    }

    #[test]
    fn anchors_are_read() {
        let html = "<a class=\"x\" href=\"/a?b=1&amp;c=2\">A</a><link href=\"/s.css\"><a href=\"/d\">D</a>";
        assert_eq!(targets(html).collect::<Vec<_>>(), ["/a?b=1&c=2", "/d"]);
    }
}
