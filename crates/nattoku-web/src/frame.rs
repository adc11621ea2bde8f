//! What stands around every page: title, navigation, the way to the other language, and where to ask.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use nattoku_model::Language;
use nattoku_model::policy::Policy;

use crate::assets;
use crate::desk::{DeskView, desks};
use crate::reading::Reading;
use crate::refusal::Refusal;
use crate::visit::Visit;
use crate::words::Words;

/// The navigation of pages about the person signed in: five words.
const OWN: [(&str, &str); 5] = [
    ("home", "my"),
    ("data", "my/data"),
    ("choices", "my/choices"),
    ("recipients", "my/recipients"),
    ("record", "my/record"),
];

/// The navigation of pages for everybody where the dashboard stands beside the notice.
const BESIDE: [(&str, &str); 6] = {
    let [home, data, choices, recipients, record] = OWN;
    [home, data, choices, recipients, record, ("notice", "privacy")]
};

/// The navigation of a rendered site.
const NOTICE: [(&str, &str); 4] = [
    ("notice", "privacy"),
    ("given", "privacy/recipients"),
    ("versions", "privacy/versions"),
    ("contact", "privacy/contact"),
];

/// The frame of one page.
pub(crate) struct Frame<'a> {
    pub(crate) words: &'static Words,
    pub(crate) language: &'static str,
    pub(crate) reading: Language,
    pub(crate) title: String,
    pub(crate) stylesheet: &'static str,
    pub(crate) icon: &'static str,
    /// The languages other than this one: tag, own name, address of the same page.
    pub(crate) others: Vec<(&'static str, &'static str, String)>,
    /// The current entry of the navigation, or nothing.
    pub(crate) place: &'static str,
    /// Whether somebody is signed in, as far as this page may know.
    pub(crate) signed_in: bool,
    /// When whoever is signed in no longer is, as a sentence.
    pub(crate) ends: Option<String>,
    /// Whether the Personal Data Dashboard stands beside the page.
    pub(crate) has_dashboard: bool,
    pub(crate) policy: &'a Policy,
    pub(crate) desks: Vec<DeskView>,
}

impl<'a> Frame<'a> {
    /// The frame of a page with its title, at a place of the navigation.
    pub(crate) fn new(visit: &'a Visit, title: String, place: &'static str) -> Self {
        Self::of(&visit.reading(), title, place)
    }

    /// The frame of a page for everybody, on the server or in a rendered site.
    pub(crate) fn of(reading: &Reading<'a>, title: String, place: &'static str) -> Self {
        let policy = reading.publication.current();
        let others = Language::ALL
            .into_iter()
            .filter(|l| *l != reading.language && policy.languages.contains(l))
            .map(|l| (l.tag(), l.own_name(), in_language(reading.address, l)))
            .collect();
        Self {
            words: reading.words,
            language: reading.language.tag(),
            reading: reading.language,
            title,
            stylesheet: assets::stylesheet_address(),
            icon: assets::icon_address(),
            others,
            place,
            signed_in: false,
            ends: None,
            has_dashboard: reading.has_dashboard,
            policy,
            desks: desks(reading, policy),
        }
    }

    /// The frame of a page about the person signed in.
    pub(crate) fn own(visit: &'a Visit, title: String, place: &'static str) -> Self {
        Self { signed_in: true, ends: ends(visit), ..Self::new(visit, title, place) }
    }

    /// An address in the page's language.
    pub(crate) fn link(&self, rest: &str) -> String {
        format!("/{}/{rest}", self.language)
    }

    /// The entries of the navigation: key of their words, address.
    pub(crate) fn navigation(&self) -> &'static [(&'static str, &'static str)] {
        match (self.signed_in, self.has_dashboard) {
            (true, _) => &OWN,
            (false, true) => &BESIDE,
            (false, false) => &NOTICE,
        }
    }

    /// Where the name of the site leads.
    pub(crate) fn home(&self) -> String {
        self.link(if self.has_dashboard { "my" } else { "privacy" })
    }

    /// The controller's name in the page's language.
    pub(crate) fn controller(&self) -> &str {
        self.policy.controller.name.get(self.reading)
    }
}

/// Until when whoever is signed in is so, if they do nothing and whatever they do.
fn ends(visit: &Visit) -> Option<String> {
    let (idle, last) = visit.whose()?.ends(visit.now);
    let [by_idling, in_any_case] = [idle, last].map(|at| visit.dates.time(&at, &visit.now));
    Some(if idle == last {
        visit.words.fill("session-ends-soon", &in_any_case)
    } else {
        visit.words.fill2("session-ends", &by_idling, &in_any_case)
    })
}

/// The same page in another language: the first part of the path is the language. An address without a language
/// in it goes to the first page.
fn in_language(address: &str, language: Language) -> String {
    let rest = address.trim_start_matches('/');
    let (first, rest) = rest.split_once('/').unwrap_or((rest, ""));
    if first.parse::<Language>().is_ok() {
        format!("/{language}/{rest}")
    } else {
        format!("/{language}/privacy")
    }
}

/// Renders a page.
pub(crate) fn page(template: &impl Template) -> Result<Response, Refusal> {
    template.render().map(|html| Html(html).into_response()).map_err(|error| {
        tracing::error!(%error, "a template failed");
        Refusal::Failed
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_language_keeps_the_page() {
        assert_eq!(in_language("/ja/my/history?page=2", Language::En), "/en/my/history?page=2");
        assert_eq!(in_language("/nothing", Language::En), "/en/privacy");
    }
}
