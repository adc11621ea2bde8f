//! `/{language}/my/data`: what is held, where it came from, by which version it is governed, how long it is kept.

use askama::Template;
use nattoku_model::policy::Policy;

use crate::frame::{self, Frame};
use crate::notice::category_title;
use crate::refusal::Refusal;
use crate::visit::{Answer, Visit};
use nattoku_operations::{HeldCategory, HeldLine};

#[derive(Template)]
#[template(path = "my/data.html")]
struct Data<'a> {
    frame: Frame<'a>,
    as_of: String,
    held: Vec<Held>,
    /// Kinds of data that are not held.
    absent: Vec<String>,
}

/// A kind of data that is held.
struct Held {
    anchor: String,
    title: String,
    description: String,
    classes: Vec<String>,
    count: String,
    activities: Vec<String>,
    lines: Vec<Row>,
}

/// One acquisition.
struct Row {
    machine: String,
    when: String,
    way: String,
    source: String,
    governing: String,
    kept: String,
}

/// Shows what is held.
pub(crate) fn page(visit: &Visit, principal: &str) -> Answer {
    let policy = visit.web.nattoku.versions().current();
    let holdings = visit.web.nattoku.holdings(principal).map_err(Refusal::of)?;
    let absent =
        policy.categories.iter().filter(|(name, _)| !holdings.iter().any(|h| name.covers(&h.category)));
    let absent = absent.map(|(_, c)| c.title.get(visit.language).to_owned()).collect();
    frame::page(&Data {
        frame: Frame::own(visit, visit.words.get("data-title"), "data"),
        as_of: visit.words.fill("as-of", &visit.dates.minute(&visit.now)),
        held: holdings.iter().map(|h| held(visit, policy, h)).collect(),
        absent,
    })
}

fn held(visit: &Visit, policy: &Policy, held: &HeldCategory) -> Held {
    let words = visit.words;
    let category = policy.categories.get(&held.category);
    Held {
        anchor: held.category.as_str().replace('.', "-"),
        title: category_title(policy, &held.category, visit.language),
        description: category.map(|c| c.description.get(visit.language).to_owned()).unwrap_or_default(),
        classes: held.classes.iter().map(|c| words.named("class", c.as_str())).collect(),
        count: words.count("acquisitions", held.lines.len()),
        activities: held
            .activities
            .iter()
            .filter_map(|name| policy.activities.get(name))
            .map(|activity| activity.title.get(visit.language).to_owned())
            .collect(),
        lines: held.lines.iter().map(|line| row(visit, policy, line)).collect(),
    }
}

fn row(visit: &Visit, policy: &Policy, line: &HeldLine) -> Row {
    let words = visit.words;
    let entruster = line.entrusted_from.as_ref().and_then(|name| policy.entrusters.get(name));
    let origin = line.source.as_ref().and_then(|name| policy.sources.get(name));
    let mut source = origin.map(|s| s.title.get(visit.language).to_owned()).unwrap_or_default();
    if let Some(entruster) = entruster {
        source.push_str(&words.fill("entrusted-by", entruster.title.get(visit.language)));
    }
    let kept = match (&line.kept_until, &line.retention) {
        (Some(until), _) if *until <= visit.now => words.fill("kept-ended", &visit.dates.day(until)),
        (Some(until), _) => words.fill("kept-until", &visit.dates.day(until)),
        (None, Some(period)) => words.fill("kept-after-end", &visit.dates.period(*period)),
        (None, None) => words.get("kept-no-rule"),
    };
    Row {
        machine: visit.dates.machine(&line.acquired),
        when: visit.dates.day(&line.acquired),
        way: origin.map(|s| words.named("origin", s.channel.as_str())).unwrap_or_default(),
        source,
        governing: line.governing.to_string(),
        kept,
    }
}
