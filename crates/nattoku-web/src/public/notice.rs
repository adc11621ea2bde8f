//! `/{language}/privacy` and below: the notice, its pages and its files, as a rendered site has them.

use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse};

use crate::notice::address::Page;
use crate::notice::file::File;
use crate::notice::page::render;
use crate::refusal::Refusal;
use crate::visit::{Answer, Visit};

/// Open or closed desks and new versions may show five minutes late.
const CACHE_CONTROL: &str = "public, max-age=300, stale-while-revalidate=60";

/// Shows the page or file at the address, in the visit's language.
pub(crate) fn page(visit: &Visit) -> Answer {
    let reading = visit.reading();
    let path = visit.address.split('?').next().unwrap_or_default();
    let path = path.strip_prefix(&reading.link("")).unwrap_or_default();
    let mut response = if let Some(page) = Page::at(reading.publication, path) {
        Html(render(&reading, &page).map_err(Refusal::of)?).into_response()
    } else {
        let files = File::all(reading.publication);
        let (_, file) = files.into_iter().find(|(at, _)| at == path).ok_or(Refusal::NotFound)?;
        let content = file.content(&reading).ok_or(Refusal::NotFound)?;
        ([(header::CONTENT_TYPE, file.kind())], content).into_response()
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE_CONTROL));
    Ok(response)
}
