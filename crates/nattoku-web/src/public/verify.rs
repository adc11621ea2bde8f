//! `/{language}/verify`: anybody checks a receipt, without an account (R47). What is sent is checked and forgotten.

use askama::Template;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::MethodRouter;
use nattoku_ledger::receipt::RECEIPT_BYTES_MAX;
use nattoku_model::Language;
use nattoku_operations::CheckedReceipt;

use super::sent_receipt::{self, Fault};
use super::verdict::Verdict;
use crate::Web;
use crate::frame::{self, Frame};
use crate::visit::{Answer, Arrival, Kind, Visit, open};

/// As much is read of what is sent: a receipt of any length that is taken, and what a form puts around it.
const SENT_BYTES_MAX: usize = RECEIPT_BYTES_MAX + 64 * 1024;

#[derive(Template)]
#[template(path = "verify.html")]
struct VerifyPage<'a> {
    frame: Frame<'a>,
    /// The log's public key; none where the ledger is not signed here.
    key: Option<String>,
    verdict: Option<Verdict>,
    /// What is wrong with what was sent, in words.
    fault: Option<String>,
    /// What was sent, to be sent again.
    kept: String,
}

/// The page and its form.
pub(crate) fn routes(language: Language) -> MethodRouter<Web> {
    let post = move |State(web): State<Web>, request: Request| sent(web, language, request);
    open(Some(language), page).post(post).layer(DefaultBodyLimit::max(SENT_BYTES_MAX))
}

fn page(visit: &Visit) -> Answer {
    show(visit, None, None, String::new())
}

async fn sent(web: Web, language: Language, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let bare = Request::from_parts(parts.clone(), Body::empty());
    let Ok(arrival) = Arrival::from_request(bare, &web).await;
    let sent = sent_receipt::read(Request::from_parts(parts, body), &web).await;
    arrival.answer_in_time(Some(language), Kind::Checks, move |visit| answer(visit, &sent)).await
}

/// Checks what was sent.
fn answer(visit: &Visit, sent: &sent_receipt::Sent) -> Answer {
    let text = match sent.receipt() {
        Ok(text) => text,
        Err(fault) => return faulty(visit, &fault, sent.kept()),
    };
    match visit.nattoku().check_receipt(text) {
        None => page(visit),
        Some(CheckedReceipt::Unreadable(error)) => faulty(visit, &Fault::of(error), sent.kept()),
        Some(checked) => {
            let verdict = Verdict::of(visit, &checked);
            let kept = if verdict.holds { "" } else { sent.kept() };
            show(visit, Some(verdict), None, kept.to_owned())
        }
    }
}

fn faulty(visit: &Visit, fault: &Fault, kept: &str) -> Answer {
    let mut response = show(visit, None, Some(fault.sentence(visit)), kept.to_owned())?;
    *response.status_mut() = match fault {
        Fault::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(response)
}

fn show(visit: &Visit, verdict: Option<Verdict>, fault: Option<String>, kept: String) -> Answer {
    frame::page(&VerifyPage {
        frame: Frame::new(visit, visit.words.get("verify-title"), ""),
        key: visit.nattoku().log_key().map(ToString::to_string),
        verdict,
        fault,
        kept,
    })
}
