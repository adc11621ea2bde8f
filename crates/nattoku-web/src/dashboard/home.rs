//! `/{language}/my`: four questions with their numbers, then what happened last.

use askama::Template;

use super::governing::Why;
use super::line::{Line, lines};
use super::versions;
use crate::frame::{self, Frame};
use crate::refusal::Refusal;
use crate::visit::{Answer, Visit};

#[derive(Template)]
#[template(path = "my/home.html")]
struct Home<'a> {
    frame: Frame<'a>,
    as_of: String,
    tiles: [Tile; 4],
    governing: Vec<String>,
    /// What versions change for the person: address, words.
    changes: Vec<(String, String)>,
    recent: Vec<Line>,
}

/// A question with its number.
struct Tile {
    address: String,
    number: usize,
    /// What is counted, and of how many.
    unit: String,
    word: String,
    remark: String,
}

/// Shows the home page.
pub(crate) fn page(visit: &Visit, principal: &str) -> Answer {
    let words = visit.words;
    let overview = visit.nattoku().overview(principal).map_err(Refusal::of)?;
    let tile = |name: &str, address: &str, number: usize, of: usize| Tile {
        address: visit.link(address),
        number,
        unit: words.count(&format!("tile-{name}-unit"), of),
        word: words.named("tile", name),
        remark: words.count(&format!("tile-{name}-remark"), of),
    };
    let recent: Vec<_> = overview.recent.iter().collect();
    frame::page(&Home {
        frame: Frame::own(visit, words.get("home-title"), "home"),
        as_of: words.fill("as-of", &visit.dates.minute(&visit.now)),
        tiles: [
            tile("held", "my/data", overview.held, overview.sources),
            tile("given", "my/choices#consents", overview.consents_given, overview.consents_total),
            tile("stopped", "my/choices#choices", overview.choices_declined, overview.choices_total),
            tile("recipients", "my/recipients", overview.recipients.len(), overview.recipients.len()),
        ],
        governing: Why::now(visit, principal)?.sentences(&overview.governing),
        changes: versions::newest(visit),
        recent: lines(visit, principal, &recent, &overview.refusals)?,
    })
}
