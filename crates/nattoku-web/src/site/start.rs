//! The two pages without a language: where one is chosen, and what is not found.

use askama::Template;
use nattoku_model::Language;
use nattoku_operations::Publication;

use crate::assets;
use crate::words::Words;

#[derive(Template)]
#[template(path = "start.html")]
struct Start {
    /// The language of the page as a whole: that of its title.
    language: &'static str,
    title: String,
    stylesheet: String,
    icon: String,
    parts: Vec<Part>,
}

struct Part {
    tag: &'static str,
    title: String,
    lead: String,
    /// Words and address of the way on.
    name: String,
    address: String,
}

/// `/`: the notice in each language.
pub(super) fn index(publication: &Publication, languages: &[Language]) -> askama::Result<String> {
    let part = |language: &Language| {
        let words = Words::of(*language);
        let controller = publication.current().controller.name.get(*language);
        Part {
            tag: language.tag(),
            title: words.fill("choose-lead", controller),
            lead: words.get("choose-language"),
            name: language.own_name().to_owned(),
            address: format!("/{language}/privacy"),
        }
    };
    start(languages, part)
}

/// What is served where nothing is: it may be read at any address.
pub(super) fn lost(_: &Publication, languages: &[Language]) -> askama::Result<String> {
    let part = |language: &Language| {
        let words = Words::of(*language);
        Part {
            tag: language.tag(),
            title: words.get("lost-title"),
            lead: words.get("lost-lead"),
            name: words.get("nav-notice"),
            address: format!("/{language}/privacy"),
        }
    };
    start(languages, part)
}

fn start(languages: &[Language], part: impl Fn(&Language) -> Part) -> askama::Result<String> {
    let parts: Vec<Part> = languages.iter().map(part).collect();
    Start {
        language: languages.first().map_or("ja", |l| l.tag()),
        title: parts.iter().map(|p| p.title.as_str()).collect::<Vec<_>>().join(" – "),
        stylesheet: assets::stylesheet_address().to_owned(),
        icon: assets::icon_address().to_owned(),
        parts,
    }
    .render()
}
