//! Pages that tell a status other than success: one template, every language.

use std::error::Error;

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use nattoku_operations::OperationError;
use nattoku_store::StoreError;
use nattoku_trace::{current_number, note};

use crate::frame::Frame;
use crate::visit::Visit;

/// Why a page is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// 400: what came back from the provider is not of a sign-in that this browser has begun, or comes too late.
    NoAttempt,
    /// 403: the provider has not signed anybody in.
    NotSignedIn,
    /// 403: whoever was to show once more who they are has not, or the provider does not tell that they have.
    NotConfirmed,
    /// 403: whoever has signed in is nobody that the ledger knows.
    UnknownPrincipal,
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
    /// 503: the provider by which people sign in cannot be reached.
    ProviderAway,
    /// 503: so much is asked of the ledger at once that this was not taken on.
    Busy,
    /// 503: the ledger, or what lies beside it, does not answer.
    Away,
    /// 503: the same of an act, which was not done.
    NotDone,
    /// 503: the same of an act of which it is not known whether it was done.
    NotKnown,
}

/// After how many seconds whoever was not served may come again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

#[derive(Template)]
#[template(path = "status.html")]
struct Status<'a> {
    frame: Frame<'a>,
    number: u16,
    text: String,
    advice: String,
    /// How the desk finds it in the log, where something is told of it there.
    call: Option<String>,
    /// Whether the history tells what became of it.
    is_in_history: bool,
}

impl Refusal {
    /// What an operation could not do is our fault: the page before it offered only what can be done.
    pub(crate) fn of(error: impl Error + 'static) -> Self {
        let told: &(dyn Error + 'static) = &error;
        let store = match told.downcast_ref() {
            Some(OperationError::Store(store)) => Some(store),
            _ => told.downcast_ref(),
        };
        match store {
            Some(StoreError::Uncertain { .. }) => {
                tracing::error!(%error, "whether something was recorded is not known");
                return Self::NotKnown;
            }
            // It has stopped, says nothing, or is another program's for too long.
            Some(
                StoreError::Unreachable { .. }
                | StoreError::Unavailable { .. }
                | StoreError::Locked
                | StoreError::Held { .. },
            ) => {
                tracing::error!(%error, "the store does not answer");
                return Self::Away;
            }
            _ => {}
        }
        match told.downcast_ref() {
            Some(operation) if OperationError::is_busy(operation) => {
                tracing::warn!(%error, "an operation was not taken on");
                return Self::Busy;
            }
            // Names somebody.
            Some(OperationError::UnknownPrincipal(_)) => {
                tracing::error!("an operation failed: the ledger knows no such principal any more");
            }
            _ => tracing::error!(%error, "an operation failed"),
        }
        Self::Failed
    }

    const fn status(self) -> StatusCode {
        match self {
            Self::NoAttempt => StatusCode::BAD_REQUEST,
            Self::ForeignRequest | Self::NotSignedIn | Self::NotConfirmed | Self::UnknownPrincipal => {
                StatusCode::FORBIDDEN
            }
            Self::NotFound | Self::UnknownLink => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::SpentLink => StatusCode::GONE,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Busy | Self::Away | Self::NotDone | Self::NotKnown | Self::ProviderAway => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::NoAttempt => "no-attempt",
            Self::NotSignedIn => "not-signed-in",
            Self::NotConfirmed => "not-confirmed",
            Self::UnknownPrincipal => "unknown-principal",
            Self::ProviderAway => "provider-away",
            Self::ForeignRequest => "foreign",
            Self::NotFound => "not-found",
            Self::UnknownLink => "unknown-link",
            Self::WrongMethod => "wrong-method",
            Self::SpentLink => "spent-link",
            Self::Failed => "failed",
            Self::Busy => "busy",
            Self::Away => "away",
            Self::NotDone => "not-done",
            Self::NotKnown => "not-known",
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
            call: current_number()
                .filter(|_| self.is_told())
                .map(|number| words.fill("refusal-call", &number.to_string())),
            is_in_history: self == Self::NotKnown,
        };
        note("nattoku.problem", || name);
        let mut response =
            crate::frame::page(&status).unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response());
        self.mark(&mut response);
        response
    }

    /// Whether it is in the log.
    const fn is_told(self) -> bool {
        matches!(
            self,
            Self::NotSignedIn
                | Self::NotConfirmed
                | Self::UnknownPrincipal
                | Self::Failed
                | Self::Busy
                | Self::Away
                | Self::NotDone
                | Self::NotKnown
                | Self::ProviderAway
        )
    }

    /// What tells programs of it.
    fn mark(self, response: &mut Response) {
        *response.status_mut() = self.status();
        if self.status() == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    fn marked(refusal: Refusal) -> (u16, Option<String>) {
        let mut response = Response::default();
        refusal.mark(&mut response);
        let after = response.headers().get(header::RETRY_AFTER);
        (response.status().as_u16(), after.map(|after| after.to_str().unwrap().to_owned()))
    }

    #[derive(Clone, Default)]
    struct Told(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Told {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// Somebody was erased while they were signed in.
    #[test]
    fn what_fails_is_told_without_saying_of_whom() {
        let told = Told::default();
        let writes = told.clone();
        let lines = tracing_subscriber::fmt().with_writer(move || writes.clone()).finish();
        tracing::subscriber::with_default(lines, || {
            assert_eq!(Refusal::of(OperationError::UnknownPrincipal("sakura".to_owned())), Refusal::Failed);
            Refusal::of(OperationError::from(StoreError::Full));
        });
        let told = String::from_utf8(told.0.lock().unwrap().clone()).unwrap();
        assert_eq!(told.lines().count(), 2, "{told}");
        assert!(!told.contains("sakura"), "{told}");
    }

    #[test]
    fn whoever_comes_when_too_much_is_asked_is_told_to_come_again() {
        let busy = Refusal::of(OperationError::from(StoreError::Busy));
        assert_eq!(marked(busy), (503, Some("5".to_owned())));
        let failed = Refusal::of(OperationError::from(StoreError::Full));
        assert_eq!(marked(failed), (500, None));
    }

    #[test]
    fn a_store_that_does_not_answer_is_told_as_that() {
        let away = || StoreError::Unreachable { source: "it has stopped".into() };
        let uncertain = || StoreError::Uncertain { source: "it has stopped".into() };
        for (error, refusal) in [(away(), Refusal::Away), (uncertain(), Refusal::NotKnown)] {
            let told = Refusal::of(OperationError::from(error));
            assert_eq!((told, marked(told)), (refusal, (503, Some("5".to_owned()))));
        }
        assert_eq!(Refusal::of(away()), Refusal::Away, "what comes without an operation");
    }
}
