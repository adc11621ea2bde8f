//! `/{language}/my/choices/{kind}/{name}`: one consent item or choice with its whole history and its texts.

use askama::Template;

use super::will::Will;
use crate::frame::{self, Frame};
use crate::visit::{Answer, Visit};

#[derive(Template)]
#[template(path = "my/choice.html")]
struct ChoicePage<'a> {
    frame: Frame<'a>,
    as_of: String,
    will: Will,
    /// Whether an act was not carried out because the state had changed meanwhile.
    changed: bool,
}

/// Shows it.
pub(crate) fn page(visit: &Visit, principal: &str) -> Answer {
    let will = Will::of(visit, principal)?;
    frame::page(&ChoicePage {
        frame: Frame::own(visit, will.title.clone(), "choices"),
        as_of: visit.words.fill("as-of", &visit.dates.minute(&visit.now)),
        changed: visit.query("changed") == Some("1"),
        will,
    })
}
