//! Pages that tell a status other than success: one template, every language.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::frame::Frame;
use crate::visit::Visit;

/// Why a page is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// 403: the request came from another site.
    ForeignRequest,
    /// 404: there is no such page, or nothing of that name.
    NotFound,
    /// 404: no sign-in link of that token was ever made here.
    UnknownLink,
    /// 405: the page exists and is not for this method.
    WrongMethod,
    /// 410: the sign-in link was used, or waited too long.
    SpentLink,
    /// 500: our fault.
    Failed,
}

#[derive(Template)]
#[template(path = "status.html")]
struct Status<'a> {
    frame: Frame<'a>,
    number: u16,
    text: String,
    advice: String,
}

impl Refusal {
    /// What an operation could not do is our fault: the page before it offered only what can be done.
    pub(crate) fn of(error: impl std::fmt::Display) -> Self {
        tracing::error!(%error, "an operation failed");
        Self::Failed
    }

    const fn status(self) -> StatusCode {
        match self {
            Self::ForeignRequest => StatusCode::FORBIDDEN,
            Self::NotFound | Self::UnknownLink => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::SpentLink => StatusCode::GONE,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::ForeignRequest => "foreign",
            Self::NotFound => "not-found",
            Self::UnknownLink => "unknown-link",
            Self::WrongMethod => "wrong-method",
            Self::SpentLink => "spent-link",
            Self::Failed => "failed",
        }
    }

    /// The page that says so.
    pub(crate) fn page(self, visit: &Visit) -> Response {
        let words = visit.words;
        let name = self.name();
        let status = Status {
            frame: Frame::new(visit, words.named("refusal-title", name), ""),
            number: self.status().as_u16(),
            text: words.named("refusal-text", name),
            advice: words.named("refusal-advice", name),
        };
        let mut response =
            crate::frame::page(&status).unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response());
        *response.status_mut() = self.status();
        response
    }
}
