//! `/{language}/my/uses`: purpose by purpose, what is done with which data, for whom, and what stands in the way.

use askama::Template;
use nattoku_model::name::PurposeName;
use nattoku_model::policy::{Policy, Purpose};

use super::recipient::ways_to_stop;
use super::uses::{self, UseView};
use crate::frame::{self, Frame};
use crate::notice::address::{Page, purposes};
use crate::refusal::Refusal;
use crate::visit::{Answer, Visit};
use nattoku_operations::{Outcome, Use};

#[derive(Template)]
#[template(path = "my/uses.html")]
struct Uses<'a> {
    frame: Frame<'a>,
    as_of: String,
    purposes: Vec<View>,
}

/// A purpose, as it is for one person.
struct View {
    anchor: String,
    title: String,
    benefit: String,
    /// A use of it, as an example.
    example: Option<String>,
    data: String,
    receives: String,
    /// How many uses are open, in words.
    count: String,
    open: Vec<UseView>,
    others: Vec<UseView>,
    /// What stops some of it: address, words.
    stops: Vec<(String, String)>,
    /// The purpose in the notice.
    notice: String,
}

/// Shows them in the order of their numbers.
pub(crate) fn page(visit: &Visit, principal: &str) -> Answer {
    let words = visit.words;
    let policy = visit.nattoku().policy();
    let all = visit.nattoku().snapshot(principal).map_err(Refusal::of)?.uses();
    let view = |(name, purpose): (&PurposeName, &Purpose)| {
        let uses: Vec<&Use> = all.iter().filter(|u| u.act.purpose == *name).collect();
        view(visit, policy, (name, purpose), &uses)
    };
    frame::page(&Uses {
        frame: Frame::own(visit, words.get("uses-title"), "choices"),
        as_of: words.fill("as-of", &visit.dates.minute(&visit.now)),
        purposes: purposes(policy).into_iter().map(view).collect(),
    })
}

fn view(visit: &Visit, policy: &Policy, (name, purpose): (&PurposeName, &Purpose), all: &[&Use]) -> View {
    let words = visit.words;
    let (open, others): (Vec<&Use>, Vec<&Use>) = all.iter().partition(|u| u.outcome() == Outcome::InUse);
    let data = uses::data_now(visit, open.iter().copied());
    let receives = uses::receives(visit, open.iter().copied(), true);
    let (open, others) = (uses::views(visit, open), uses::views(visit, others));
    let example = open.first().or(others.first());
    let (stops, _) = ways_to_stop(visit, policy, all);
    View {
        anchor: format!("purpose-{name}"),
        title: words.fill2("page-purpose", &purpose.number, purpose.title.get(visit.language)),
        benefit: purpose.benefit.get(visit.language).to_owned(),
        example: example.map(|one| words.fill("uses-example", &one.title)),
        data,
        receives,
        count: words.count("uses-open", open.len()),
        open,
        others,
        stops,
        notice: visit.link(&Page::Purpose(name.clone()).path(policy)),
    }
}
