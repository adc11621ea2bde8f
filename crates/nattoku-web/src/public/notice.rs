//! `/{language}/privacy`: the whole notice on one page.

use askama::Template;
use axum::http::{HeaderValue, header};

use crate::frame::{self, Frame};
use crate::notice::{Shown, ShownSection, Tables};
use crate::refusal::Refusal;
use crate::visit::{Answer, Visit};

/// Open or closed desks and new versions may show five minutes late.
const CACHE_CONTROL: &str = "public, max-age=300, stale-while-revalidate=60";

#[derive(Template)]
#[template(path = "notice.html")]
struct NoticePage<'a> {
    frame: Frame<'a>,
    intro: Vec<Shown>,
    sections: Vec<ShownSection>,
    /// Version, dates, prevailing language, whom it applies to.
    facts: Shown,
}

/// Shows the version in force, in the visit's language.
pub(crate) fn page(visit: &Visit) -> Answer {
    let policy = visit.web.nattoku.versions().current();
    let notice = visit.web.nattoku.notice(visit.language).ok_or(Refusal::NotFound)?;
    let tables = Tables::new(visit, policy);
    let page = NoticePage {
        frame: Frame::new(visit, notice.title.clone(), "notice"),
        intro: tables.intro(notice),
        sections: tables.sections(notice),
        facts: tables.edition(),
    };
    let mut response = frame::page(&page)?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE_CONTROL));
    Ok(response)
}
