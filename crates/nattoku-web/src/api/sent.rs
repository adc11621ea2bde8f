//! What a caller sent: JSON in UTF-8, and not too much of it.

use axum::body::{Bytes, HttpBody as _};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use nattoku_operations::Fields;

use super::BODY_BYTES_MAX;
use super::problem::{Kind, Problem};
use crate::Web;

/// A text that says it is JSON.
pub(crate) struct Sent(Text);

/// A text in UTF-8, where it came.
pub(crate) struct Text(Bytes);

impl FromRequest<Web> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(
                Kind::NotJson,
                "Content-Type: application/json を付けてください",
                "say so by Content-Type: application/json",
            ));
        }
        read(request, web).await.map(Self)
    }
}

impl Sent {
    /// The object that was sent.
    pub(crate) fn fields(&self) -> Result<Fields<'_>, Problem> {
        self.0.fields()
    }
}

impl Text {
    /// The object that it is.
    pub(crate) fn fields(&self) -> Result<Fields<'_>, Problem> {
        let text = std::str::from_utf8(&self.0).map_err(|_| {
            Problem::new(Kind::Malformed, "本文が UTF-8 ではありません", "the body is not UTF-8")
        })?;
        Ok(Fields::parse(text)?)
    }
}

/// The text that was sent, whatever it says it is.
pub(crate) async fn read(request: Request, web: &Web) -> Result<Text, Problem> {
    let too_large = || {
        Problem::new(
            Kind::TooLarge,
            format!("本文は {BODY_BYTES_MAX} バイトまでです"),
            format!("a body has at most {BODY_BYTES_MAX} bytes"),
        )
    };
    // Said beforehand: then nothing of it is waited for.
    if request.body().size_hint().lower() > BODY_BYTES_MAX as u64 {
        return Err(too_large());
    }
    let bytes = Bytes::from_request(request, web).await.map_err(|rejection| {
        if rejection.status() == Kind::TooLarge.status() {
            too_large()
        } else {
            Problem::new(
                Kind::Malformed,
                "本文が途中で終わっているか、届くのに時間がかかりすぎています",
                "the body ends half way, or took too long to come",
            )
        }
    });
    bytes.map(Text)
}

/// Whether what is sent says that it is JSON.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    said.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}
