//! `/{language}/my/receipts/{revision}/…`: a receipt as a file to take along, by which anybody can check it (R47).

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use nattoku_model::Revision;
use nattoku_operations::{ReceiptFile, ReceiptWanted};

use super::others::is_by_another;
use crate::refusal::Refusal;
use crate::visit::{Answer, Visit, see_other};

/// `…/receipt.json`: the whole receipt, for the person alone. Of an act that was somebody else's for the person there is none: what is
/// personal of it names that person too.
pub(crate) fn whole(visit: &Visit, principal: &str) -> Answer {
    file(visit, principal, true)
}

/// `…/to-show.json`: without what is personal, to be shown around.
pub(crate) fn to_show(visit: &Visit, principal: &str) -> Answer {
    file(visit, principal, false)
}

fn file(visit: &Visit, principal: &str, with_payload: bool) -> Answer {
    let revision = visit.parameter("revision").parse().map(Revision).map_err(|_| Refusal::NotFound)?;
    let nattoku = visit.nattoku();
    let view = nattoku.receipt(principal, revision).map_err(Refusal::of)?.ok_or(Refusal::NotFound)?;
    let names_another = with_payload && is_by_another(&view.recorded.event);
    if names_another || nattoku.receipt_file_state(revision) == ReceiptFile::NotHere {
        return Err(Refusal::NotFound);
    }
    let wanted =
        ReceiptWanted { principal, revision: Some(revision), language: visit.language, with_payload };
    // The page says when it can be had.
    let Some(receipt) = nattoku.receipt_file(&wanted).map_err(Refusal::of)? else {
        return Ok(see_other(&visit.link(&format!("my/receipts/{revision}"))));
    };
    let kind = if with_payload { "" } else { "-to-show" };
    attachment(
        &format!("receipt-{}{kind}.json", view.receipt.number()),
        "application/json",
        receipt.to_json(),
    )
}

/// A file to be kept, under a name of letters, digits, `-` and `.`.
pub(super) fn attachment(
    name: &str,
    kind: &'static str,
    bytes: impl Into<axum::body::Body>,
) -> Result<Response, Refusal> {
    let named = format!("attachment; filename=\"{name}\"");
    let named = HeaderValue::from_str(&named).map_err(|_| Refusal::Failed)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, named),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, bytes.into()).into_response())
}
