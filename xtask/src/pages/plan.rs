//! What `tests/browser/pages.mjs` is to look at, and how: its head says what each field means.

use std::path::Path;

use serde_json::{Value, json};

use super::crawl::Found;
use super::{Pages, statuses};
use crate::steps::{Failure, Outcome};

/// What the home page may transfer when nothing is kept from before.
const HOME_BYTES_MAX: u32 = 40_000;

/// Who looks at pages.
pub(crate) struct Viewer {
    name: String,
    cookie: Option<String>,
}

impl Viewer {
    /// A viewer with the session cookie that signs them in.
    pub(crate) fn new(name: &str, cookie: Option<String>) -> Self {
        Self { name: name.to_owned(), cookie }
    }
}

/// Every check of every page.
pub(crate) fn of_checks(pages: &Pages) -> Outcome<Value> {
    let signed_in = pages.groups.iter().find(|(viewer, _)| viewer.cookie.is_some());
    let (viewer, found) = signed_in.ok_or_else(|| Failure::new("nobody is signed in"))?;
    let asks = found.iter().find(|page| is_choice(page) && asks_to_stop(page));
    let asks = asks.ok_or_else(|| Failure::new("no page asks whether a choice is to be stopped"))?;
    let home = format!("{}/ja/my", pages.demo.url);
    Ok(json!({
        "origin": pages.demo.url,
        "pages": all(pages),
        "journey": { "url": home, "viewer": viewer.name, "cookie": viewer.cookie },
        "statuses": { "cookie": viewer.cookie, "act": asks.path, "ledger": pages.demo.ledger },
    }))
}

/// Every page, for its pictures to be laid out in a folder.
pub(crate) fn of_sheet(pages: &Pages, folder: &Path) -> Value {
    json!({ "origin": pages.demo.url, "pages": all(pages), "sheet": folder })
}

/// What Lighthouse looks at: the home page and the notice, which come by a telephone more often than the others.
pub(crate) fn of_lighthouse(pages: &Pages) -> Value {
    let origin = &pages.demo.url;
    let cookie = pages.groups.iter().find_map(|(viewer, _)| viewer.cookie.as_ref());
    json!({
        "pages": [
            { "url": format!("{origin}/ja/my"), "cookie": cookie },
            { "url": format!("{origin}/ja/privacy") },
        ],
        "least": { "accessibility": 100, "best-practices": 100, "performance": 98 },
    })
}

/// Every page.
fn all(pages: &Pages) -> Vec<Value> {
    let origin = &pages.demo.url;
    let mut asked = Vec::new();
    for (viewer, found) in &pages.groups {
        for page in found {
            asked.push(one(origin, viewer, page));
            asked.extend(after_an_act(page).map(|path| {
                json!({
                    "url": format!("{origin}{path}"), "viewer": viewer.name, "cookie": viewer.cookie,
                })
            }));
        }
    }
    for (path, status) in statuses() {
        asked.push(json!({ "url": format!("{origin}{path}"), "viewer": "status", "status": status }));
    }
    for language in ["ja", "en"] {
        let url = format!("{origin}{}", pages.spent);
        asked.push(json!({ "url": url, "viewer": "status", "status": 410, "language": language }));
    }
    asked
}

fn one(origin: &str, viewer: &Viewer, page: &Found) -> Value {
    let path = &page.path;
    json!({
        "url": format!("{origin}{path}"),
        "viewer": viewer.name,
        "cookie": viewer.cookie,
        "bytes_max": path.ends_with("/my").then_some(HOME_BYTES_MAX),
        "print": path.contains("/privacy"),
        // The other language is of the same template.
        "keyboard": path.starts_with("/ja/"),
        "buttons": asks_to_stop(page),
    })
}

/// The page that comes after an act, or where there was nothing to do: the same with a word in its query.
fn after_an_act(page: &Found) -> Option<String> {
    let path = &page.path;
    if path.contains("/my/receipts/") && !path.contains('?') {
        return Some(format!("{path}?done=1"));
    }
    let is_item = page.path.contains("/my/choices/") && !is_act(path) && !path.contains('?');
    is_item.then(|| format!("{path}?changed=1"))
}

fn is_choice(page: &Found) -> bool {
    page.path.contains("/my/choices/choice/")
}

fn is_act(path: &str) -> bool {
    path.ends_with("/stop") || path.ends_with("/resume")
}

/// Whether it asks whether to stop, with two answers; what cannot be stopped has none.
fn asks_to_stop(page: &Found) -> bool {
    page.path.ends_with("/stop") && page.body.contains(&format!("action=\"{}\"", page.path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, body: &str) -> Found {
        Found { path: path.to_owned(), body: body.to_owned() }
    }

    #[test]
    fn pages_after_an_act_are_looked_at_too() {
        let after = |path: &str| after_an_act(&found(path, ""));
        assert_eq!(after("/ja/my/receipts/7").as_deref(), Some("/ja/my/receipts/7?done=1"));
        assert_eq!(
            after("/ja/my/choices/choice/offers").as_deref(),
            Some("/ja/my/choices/choice/offers?changed=1")
        );
        for none in
            ["/ja/my", "/ja/my/choices", "/ja/my/choices/choice/offers/stop", "/ja/my/receipts/7?done=1"]
        {
            assert_eq!(after(none), None, "{none}");
        }
    }

    #[test]
    fn a_page_asks_where_it_has_a_form_for_the_answer() {
        let path = "/ja/my/choices/choice/offers/stop";
        assert!(asks_to_stop(&found(path, &format!("<form method=\"post\" action=\"{path}\">"))));
        assert!(!asks_to_stop(&found(path, "<p>It cannot be stopped.</p>")));
    }
}
