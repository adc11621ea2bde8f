//! Every link followed: to a file of the site and a place in it, or elsewhere; what leads nowhere is told (R78). On the way,
//! addresses become relative to the file they stand in.

use std::collections::{BTreeMap, BTreeSet};

use super::{Files, Site};
use crate::notice::unescape;

/// A link that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeadLink {
    /// The address as the page has it, and as its source wrote it.
    pub link: String,
    /// The file it stands in.
    pub file: String,
}

/// The one page that is read at addresses of any depth: its links begin at the root.
const LOST: &str = "404.html";

/// Follows the links of every page.
pub(super) fn follow(files: &Files) -> Site {
    let anchors: BTreeMap<&String, BTreeSet<String>> = files
        .content
        .iter()
        .filter_map(|(path, bytes)| {
            let html = path.ends_with(".html").then(|| std::str::from_utf8(bytes).ok())??;
            Some((path, values(html, " id=\"").map(unescape).collect()))
        })
        .collect();
    let mut walk = Walk { files, anchors, external: BTreeSet::new(), dead: BTreeSet::new() };
    let mut content = BTreeMap::new();
    for (path, bytes) in &files.content {
        let is_linked = path.ends_with(".html") || path.ends_with(".atom");
        let text = std::str::from_utf8(bytes).ok().filter(|_| is_linked);
        content.insert(path.clone(), text.map_or_else(|| bytes.clone(), |t| walk.page(path, t).into_bytes()));
    }
    Site {
        external: walk.external.into_iter().collect(),
        dead: walk.dead.into_iter().collect(),
        files: content,
    }
}

struct Walk<'f> {
    files: &'f Files,
    anchors: BTreeMap<&'f String, BTreeSet<String>>,
    external: BTreeSet<String>,
    dead: BTreeSet<DeadLink>,
}

impl Walk<'_> {
    /// The page with its links made relative.
    fn page(&mut self, path: &str, html: &str) -> String {
        let mut out = String::with_capacity(html.len());
        let mut rest = html;
        // Our own templates put every attribute in double quotes, and no text has one unescaped.
        while let Some((before, from)) = rest.split_once(" href=\"") {
            let (value, after) = from.split_once('"').unwrap_or((from, ""));
            out.push_str(before);
            out.push_str(" href=\"");
            let link = unescape(value);
            if let Some(target) = self.target(path, &link) {
                out.push_str(&target.replace('&', "&amp;"));
            } else {
                out.push_str(value);
                self.dead.insert(DeadLink { link, file: path.to_owned() });
            }
            out.push('"');
            rest = after;
        }
        out.push_str(rest);
        out
    }

    /// Where a link leads as the page at `path` must say it; nothing where it leads nowhere.
    fn target(&mut self, path: &str, link: &str) -> Option<String> {
        let is_elsewhere =
            link.split_once(':').is_some_and(|(scheme, _)| !scheme.contains(['/', '#', '?', '.']));
        if is_elsewhere {
            if link.starts_with("http") {
                self.external.insert(link.to_owned());
            }
            return Some(link.to_owned());
        }
        let (address, fragment) = link.split_once('#').unwrap_or((link, ""));
        let there = if address.is_empty() { path.to_owned() } else { self.file_at(path, address)? };
        if !fragment.is_empty() && !self.anchors.get(&there)?.contains(fragment) {
            return None;
        }
        if address.is_empty() {
            return Some(link.to_owned());
        }
        let hash = if fragment.is_empty() { "" } else { "#" };
        let way = if path == LOST { format!("/{there}") } else { relative(path, &there) };
        Some(format!("{way}{hash}{fragment}"))
    }

    /// The file at an address: from the root, or relative to the notice of the page's language.
    fn file_at(&self, path: &str, address: &str) -> Option<String> {
        let whole = if address.starts_with('/') {
            address.to_owned()
        } else {
            let language = path.split('/').next().unwrap_or_default();
            resolve(language, address)
        };
        self.files.by_address.get(&whole).cloned()
    }
}

/// An address relative to `/{language}/privacy` from the root: `privacy/contact` → `/ja/privacy/contact`.
fn resolve(language: &str, address: &str) -> String {
    let mut parts = vec![language];
    for part in address.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// The way from one file to another: `ja/privacy/contact.html` to `ja/privacy.html` is `../privacy.html`.
fn relative(from: &str, to: &str) -> String {
    let folders: Vec<&str> = from.split('/').collect();
    let folders = folders.split_last().map_or(&[][..], |(_, folders)| folders);
    let target: Vec<&str> = to.split('/').collect();
    let target_folders = target.split_last().map_or(&[][..], |(_, folders)| folders);
    let common = folders.iter().zip(target_folders).take_while(|(a, b)| a == b).count();
    let up = folders.iter().skip(common).map(|_| "..");
    up.chain(target.iter().skip(common).copied()).collect::<Vec<_>>().join("/")
}

/// The values that stand after `attribute`, up to the next quote.
fn values<'h>(html: &'h str, attribute: &'h str) -> impl Iterator<Item = &'h str> {
    html.split(attribute).skip(1).filter_map(|rest| rest.split_once('"').map(|(value, _)| value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_between_files_are_relative() {
        for (from, to, way) in [
            ("ja/privacy.html", "ja/privacy/contact.html", "privacy/contact.html"),
            ("ja/privacy/contact.html", "ja/privacy.html", "../privacy.html"),
            ("ja/privacy/diff/1/2.html", "assets/app.css", "../../../../assets/app.css"),
            ("index.html", "en/privacy.html", "en/privacy.html"),
            ("ja/privacy.html", "ja/privacy.html", "privacy.html"),
            ("ja/privacy.html", "en/privacy.html", "../en/privacy.html"),
        ] {
            assert_eq!(relative(from, to), way, "{from} to {to}");
        }
    }

    #[test]
    fn an_author_writes_links_relative_to_the_notice() {
        assert_eq!(resolve("ja", "privacy/contact"), "/ja/privacy/contact");
        assert_eq!(resolve("ja", "../en/privacy"), "/en/privacy");
    }

    fn site(pages: &[(&str, &str)]) -> Site {
        let mut files = Files::default();
        for (path, html) in pages {
            let address = format!("/{}", path.trim_end_matches(".html"));
            files.add(&address, (*path).to_owned(), html.as_bytes().to_vec()).unwrap();
        }
        follow(&files)
    }

    #[test]
    fn a_link_to_a_page_or_a_place_that_is_not_there_is_told() {
        let site = site(&[
            ("ja/a.html", "<a href=\"/ja/b#x\"><a href=\"/ja/b#y\"><a href=\"/ja/c\"><a href=\"#here\">"),
            ("ja/b.html", "<p id=\"x\">"),
        ]);
        let dead: Vec<&str> = site.dead.iter().map(|d| d.link.as_str()).collect();
        assert_eq!(dead, ["#here", "/ja/b#y", "/ja/c"]);
        assert!(std::str::from_utf8(&site.files["ja/a.html"]).unwrap().contains("href=\"b.html#x\""));
    }

    #[test]
    fn addresses_elsewhere_are_listed_and_left_as_they_are() {
        let html = "<a href=\"https://a.example/?x=1&amp;y=2\"><a href=\"tel:03\">";
        let site = site(&[("ja/a.html", html)]);
        assert_eq!(site.external, ["https://a.example/?x=1&y=2"]);
        assert_eq!(site.files["ja/a.html"], html.as_bytes());
        assert!(site.dead.is_empty());
    }
}
