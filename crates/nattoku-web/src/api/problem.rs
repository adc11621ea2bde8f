//! What went wrong, as RFC 9457 has it: a kind for programs, a sentence for people, and what else helps to mend it.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use nattoku_identity::Refused;
use nattoku_model::Language;
use nattoku_operations::{FieldError, NodeError, OperationError, RecordError, Undeclared};
use nattoku_policy::diagnostic::Words;
use nattoku_store::StoreError;
use nattoku_trace::{Number, note};
use serde_json::{Map, Value, json};

use crate::oauth::NotLetIn;

/// After how many seconds whoever was not served may come again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("1");

/// What the number of the call begins with, in which it happened.
const CALL_PREFIX: &str = "urn:nattoku:call:";

/// What kinds of problem begin with; the rest is the [`Kind`]'s name.
const KIND_PREFIX: &str = "urn:nattoku:problem:";

/// Declares the kinds: name for programs, status, title in English and Japanese.
macro_rules! kinds {
    ($($name:ident $kind:literal $status:ident $en:literal $ja:literal;)*) => {
        /// What kind of problem it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Kind { $($name),* }

        impl Kind {
            /// Every kind.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its name.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$name => $kind),* }
            }

            /// Its name among all the world's.
            pub(crate) fn urn(self) -> String {
                format!("{KIND_PREFIX}{}", self.name())
            }

            /// The status that goes with it.
            pub(crate) const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status),* }
            }

            const fn title(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, Language::En) => $en, (Self::$name, Language::Ja) => $ja),*
                }
            }
        }
    };
}

kinds! {
    Malformed "malformed" BAD_REQUEST "The request cannot be read" "要求を読めません";
    NoToken "no-token" UNAUTHORIZED "The call brings no token" "トークンがありません";
    UnknownToken "unknown-token" UNAUTHORIZED "The token is not good, or not any more" "トークンが有効ではありません";
    NotAllowed "not-allowed" FORBIDDEN "The token does not allow this" "このトークンでは許されていません";
    NoSuchAddress "no-such-address" NOT_FOUND "There is nothing at this address" "このアドレスには何もありません";
    UnknownPrincipal "unknown-principal" NOT_FOUND "The ledger knows no such principal" "その本人は台帳にありません";
    NoSuchEvent "no-such-event" NOT_FOUND "There is no such event of that principal" "その本人にそのできごとはありません";
    WrongMethod "wrong-method" METHOD_NOT_ALLOWED "This address is not for that method" "このアドレスではその操作はできません";
    Conflict "conflict" CONFLICT "The state is not what the request takes it for" "状態が要求の前提と異なります";
    TooLarge "too-large" PAYLOAD_TOO_LARGE "Too much was sent at once" "一度に送れる量を超えています";
    NotJson "not-json" UNSUPPORTED_MEDIA_TYPE "What is sent must be JSON" "JSON で送ってください";
    Undeclared "undeclared" UNPROCESSABLE_ENTITY "A name is not declared in the policy" "ポリシーに宣言されていない名前です";
    Refused "refused" UNPROCESSABLE_ENTITY "It cannot be done as asked" "求められたとおりにはできません";
    TooMany "too-many" TOO_MANY_REQUESTS "More calls than are allowed" "許された回数を超えています";
    Failed "failed" INTERNAL_SERVER_ERROR "Something went wrong here" "こちらで問題が起きました";
    Busy "busy" SERVICE_UNAVAILABLE "Not taken on for now" "いまは引き受けられません";
    Behind "behind" SERVICE_UNAVAILABLE "The ledger has not come so far here" "台帳がまだそこまで進んでいません";
}

/// Why a call was not answered as asked.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    kind: Kind,
    detail: Words,
    /// Members beside those of RFC 9457.
    more: Map<String, Value>,
}

impl Problem {
    /// A problem of a kind, in words.
    pub(crate) fn new(kind: Kind, ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { kind, detail: Words::new(ja, en), more: Map::new() }
    }

    /// Says what else helps.
    pub(crate) fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.more.insert(member.to_owned(), value.into());
        self
    }

    pub(crate) fn no_such_address() -> Self {
        Self::new(
            Kind::NoSuchAddress,
            "使えるアドレスは /openapi.json にあります",
            "the addresses there are stand in /openapi.json",
        )
    }

    pub(crate) fn wrong_method() -> Self {
        Self::new(
            Kind::WrongMethod,
            "アドレスごとの操作は /openapi.json にあります",
            "the methods of each address stand in /openapi.json",
        )
    }

    /// Whoever reads what was sent says this of it.
    pub(crate) fn malformed(error: &FieldError) -> Self {
        let Words { ja, en } = error.problem.clone();
        let problem = Self::new(Kind::Malformed, ja, en);
        match &error.field {
            Some(field) => problem.with("field", field.as_str()),
            None => problem,
        }
    }

    /// What it is, for programs.
    pub(crate) const fn kind(&self) -> Kind {
        self.kind
    }

    /// The sentence.
    pub(crate) fn detail(&self, language: Language) -> &str {
        self.detail.get(language)
    }

    /// Members beside those of RFC 9457.
    pub(crate) const fn more(&self) -> &Map<String, Value> {
        &self.more
    }

    /// The problem as RFC 9457 has it, and in which call it happened.
    pub(crate) fn json(&self, language: Language, call: Option<Number>) -> Value {
        let mut members = self.more.clone();
        members.insert("type".to_owned(), json!(self.kind.urn()));
        members.insert("title".to_owned(), json!(self.kind.title(language)));
        members.insert("status".to_owned(), json!(self.kind.status().as_u16()));
        members.insert("detail".to_owned(), json!(self.detail(language)));
        if let Some(call) = call {
            members.insert("instance".to_owned(), json!(format!("{CALL_PREFIX}{call}")));
        }
        Value::Object(members)
    }

    /// The answer that tells it.
    pub(crate) fn response(&self, language: Language, call: Option<Number>) -> Response {
        let mut response =
            (self.kind.status(), [(header::CONTENT_TYPE, "application/problem+json")]).into_response();
        *response.body_mut() = self.json(language, call).to_string().into();
        let headers = response.headers_mut();
        match self.kind {
            Kind::NoToken => {
                headers
                    .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"nattoku\""));
            }
            Kind::UnknownToken => {
                let invalid = HeaderValue::from_static("Bearer realm=\"nattoku\", error=\"invalid_token\"");
                headers.insert(header::WWW_AUTHENTICATE, invalid);
            }
            Kind::Busy | Kind::Behind | Kind::TooMany => {
                headers.insert(header::RETRY_AFTER, RETRY_AFTER);
            }
            _ => {}
        }
        response
    }
}

impl IntoResponse for Problem {
    /// In English; the [frame](super::frame) says it anew in the caller's language.
    fn into_response(self) -> Response {
        note("nattoku.problem", || self.kind.name());
        let mut response = self.response(Language::En, None);
        response.extensions_mut().insert(self);
        response
    }
}

impl From<FieldError> for Problem {
    fn from(error: FieldError) -> Self {
        Self::malformed(&error)
    }
}

impl From<OperationError> for Problem {
    fn from(error: OperationError) -> Self {
        let [ja, en] = [Language::Ja, Language::En].map(|language| error.sentence(language));
        match &error {
            OperationError::UnknownPrincipal(_) => Self::new(Kind::UnknownPrincipal, ja, en),
            OperationError::Undeclared(names) => {
                Self::new(Kind::Undeclared, ja, en).with("names", undeclared_json(names))
            }
            OperationError::Refused(_) => Self::new(Kind::Refused, ja, en),
            OperationError::Conflict { revision, .. } => {
                Self::new(Kind::Conflict, ja, en).with("revision", *revision)
            }
            OperationError::Changed => Self::new(Kind::Conflict, ja, en),
            OperationError::Behind { have, want } => {
                Self::new(Kind::Behind, ja, en).with("revision", *have).with("min_revision", *want)
            }
            OperationError::OtherPolicy { revision } => {
                Self::new(Kind::Busy, ja, en).with("revision", *revision)
            }
            OperationError::Store(error) => Self::of_store(error),
            OperationError::Leftover { .. } => Self::failed(&error),
        }
    }
}

impl Problem {
    /// What keeps the ledger from being read or written is told to whoever runs the server, and not to the caller.
    fn of_store(error: &StoreError) -> Self {
        match error {
            StoreError::Uncertain { .. } => {
                tracing::error!(%error, "whether something was recorded is not known");
                Self::new(
                    Kind::Failed,
                    "記録されたかどうか分かりません。同じ Idempotency-Key でもう一度送ってください",
                    "whether it was recorded is not known; send it again with the same Idempotency-Key",
                )
            }
            StoreError::Busy
            | StoreError::Locked
            | StoreError::Unavailable { .. }
            | StoreError::Held { .. } => {
                tracing::warn!(%error, "a call was not taken on");
                Self::new(
                    Kind::Busy,
                    "台帳がいま応じられません。少し待ってもう一度送ってください",
                    "the ledger does not answer for now; wait a moment and send it again",
                )
            }
            error => Self::failed(error),
        }
    }

    /// Our fault, told to whoever runs the server.
    pub(crate) fn failed(error: &dyn std::error::Error) -> Self {
        tracing::error!(%error, "a call failed");
        Self::failed_here()
    }

    /// The same, of which whoever runs the server has been told.
    pub(crate) fn failed_here() -> Self {
        Self::new(
            Kind::Failed,
            "運用する人に知らせました。時間をおいてもう一度送ってください",
            "whoever runs this server has been told; send it again later",
        )
    }
}

impl From<RecordError> for Problem {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Event { index, error, conflicts_with } => {
                let Words { ja, en } = error.problem;
                let kind = if conflicts_with.is_some() { Kind::Conflict } else { Kind::Refused };
                let problem = Self::new(kind, ja, en).with("index", index).with("field", error.field);
                match conflicts_with {
                    Some(revision) => problem.with("revision", revision),
                    None => problem,
                }
            }
            RecordError::Store(error) => Self::of_store(&error),
        }
    }
}

impl From<NotLetIn> for Problem {
    fn from(error: NotLetIn) -> Self {
        match error {
            NotLetIn::Token(refused) => {
                let kind = if refused == Refused::NoKeys { Kind::Busy } else { Kind::UnknownToken };
                Self::new(kind, refused.sentence(Language::Ja), refused.sentence(Language::En))
            }
            NotLetIn::Client(Words { ja, en }) => Self::new(Kind::NotAllowed, ja, en),
        }
    }
}

impl From<NodeError> for Problem {
    fn from(error: NodeError) -> Self {
        match &error {
            NodeError::Store(error) => Self::of_store(error),
            NodeError::NotReady(_) => {
                tracing::warn!(%error, "a call was not taken on");
                Self::new(
                    Kind::Busy,
                    "新しいポリシーをまだ用意しています。少し待ってもう一度送ってください",
                    "another policy is being made ready; wait a moment and send it again",
                )
            }
            error => Self::failed(error),
        }
    }
}

/// Names that the policy does not declare, each with the nearest that it does.
pub(crate) fn undeclared_json(names: &[Undeclared]) -> Value {
    let names = names.iter().map(|undeclared| {
        json!({ "what": undeclared.what, "name": undeclared.name, "nearest": undeclared.nearest })
    });
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tests that bring problems about, through the real router.
    const PROVOKED: &str = include_str!("../../tests/it/api/problems.rs");

    #[test]
    fn every_kind_is_brought_about_by_a_test() {
        for kind in Kind::ALL {
            let row = format!("\"{}\", {}", kind.name(), kind.status().as_u16());
            assert!(PROVOKED.contains(&row), "no test brings about {row}");
        }
    }

    #[test]
    fn every_kind_has_a_name_of_its_own_and_words_in_every_language() {
        let names: std::collections::BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(names.len(), Kind::ALL.len());
        for kind in Kind::ALL {
            assert!(kind.name().bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", kind.name());
            assert!(kind.status().is_client_error() || kind.status().is_server_error());
            assert!(kind.title(Language::En).is_ascii() && !kind.title(Language::Ja).is_ascii());
        }
    }

    #[test]
    fn what_else_is_told_does_not_hide_what_it_is() {
        let problem =
            Problem::new(Kind::Conflict, "日本語", "English").with("status", 200).with("revision", 7);
        let told = problem.json(Language::Ja, None);
        assert_eq!(
            told,
            json!({
                "type": "urn:nattoku:problem:conflict",
                "title": "状態が要求の前提と異なります",
                "status": 409,
                "detail": "日本語",
                "revision": 7,
            })
        );
    }
}
