//! What a question that is not answered is told: what a server tells, so that a program need not know which of the two it asks.

use nattoku_client::{ClientError, Problem};
use nattoku_model::Language;
use nattoku_operations::{FieldError, NodeError, OperationError};
use nattoku_store::StoreError;
use serde_json::{Map, Value, json};

/// Declares the kinds: name for programs, status, title in English and Japanese. They are those of the server's that it can come to here.
macro_rules! kinds {
    ($($name:ident $kind:literal $status:literal $en:literal $ja:literal;)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        enum Kind { $($name),* }

        impl Kind {
            const fn of(self, language: Language) -> (&'static str, u16, &'static str) {
                match (self, language) {
                    $(
                        (Self::$name, Language::En) => ($kind, $status, $en),
                        (Self::$name, Language::Ja) => ($kind, $status, $ja),
                    )*
                }
            }
        }
    };
}

kinds! {
    Malformed "malformed" 400 "The request cannot be read" "要求を読めません";
    NotAllowed "not-allowed" 403 "This program may not ask so" "このプログラムでは許されていません";
    UnknownPrincipal "unknown-principal" 404 "The ledger knows no such principal" "その本人は台帳にありません";
    Conflict "conflict" 409 "The state is not what the request takes it for" "状態が要求の前提と異なります";
    Undeclared "undeclared" 422 "A name is not declared in the policy" "ポリシーに宣言されていない名前です";
    Refused "refused" 422 "It cannot be done as asked" "求められたとおりにはできません";
    Failed "failed" 500 "Something went wrong here" "こちらで問題が起きました";
    Busy "busy" 503 "Not taken on for now" "いまは引き受けられません";
    Behind "behind" 503 "The ledger has not come so far here" "台帳がまだそこまで進んでいません";
}

/// The question cannot be read.
pub(crate) fn malformed(error: &FieldError, language: Language) -> ClientError {
    let more = error.field.iter().map(|field| ("field", json!(field)));
    refused(Kind::Malformed, error.problem.get(language).to_owned(), more, language)
}

/// Somebody asks as another.
pub(crate) fn not_allowed(own: &str, asked: &str, language: Language) -> ClientError {
    let asked: String = asked.chars().take(80).collect();
    let detail = match language {
        Language::Ja => format!("このプログラムは `{own}` として尋ね、`{asked}` としては尋ねられません"),
        Language::En => format!("this program asks as `{own}`, and may not ask as `{asked}`"),
    };
    refused(Kind::NotAllowed, detail, [("application", json!(asked))], language)
}

/// The operation did not answer.
pub(crate) fn of_operation(error: &OperationError, language: Language) -> ClientError {
    let mut more = Vec::new();
    let kind = match error {
        OperationError::UnknownPrincipal(_) => Kind::UnknownPrincipal,
        OperationError::Undeclared(names) => {
            let names = names.iter().map(|undeclared| {
                json!({ "what": undeclared.what, "name": undeclared.name, "nearest": undeclared.nearest })
            });
            more.push(("names", names.collect()));
            Kind::Undeclared
        }
        OperationError::Refused(_) => Kind::Refused,
        OperationError::Conflict { revision, .. } => {
            more.push(("revision", json!(revision)));
            Kind::Conflict
        }
        OperationError::Changed => Kind::Conflict,
        OperationError::Behind { have, want } => {
            more.extend([("revision", json!(have)), ("min_revision", json!(want))]);
            Kind::Behind
        }
        OperationError::OtherPolicy { revision } => {
            more.push(("revision", json!(revision)));
            Kind::Busy
        }
        OperationError::Store(error) => kind_of_store(error),
        OperationError::Leftover { .. } => Kind::Failed,
    };
    refused(kind, error.sentence(language), more, language)
}

/// The node could not follow.
pub(crate) fn of_node(error: &NodeError, language: Language) -> ClientError {
    match error {
        NodeError::Store(error) => refused(kind_of_store(error), error.message(language), [], language),
        error @ NodeError::NotReady(_) => refused(Kind::Busy, error.to_string(), [], language),
        error => failed(error.to_string(), language),
    }
}

/// It broke off.
pub(crate) fn failed(why: String, language: Language) -> ClientError {
    refused(Kind::Failed, why, [], language)
}

fn kind_of_store(error: &StoreError) -> Kind {
    match error {
        StoreError::Busy | StoreError::Locked | StoreError::Unavailable { .. } | StoreError::Held { .. } => {
            Kind::Busy
        }
        _ => Kind::Failed,
    }
}

fn refused(
    kind: Kind,
    detail: String,
    more: impl IntoIterator<Item = (&'static str, Value)>,
    language: Language,
) -> ClientError {
    let (kind, status, title) = kind.of(language);
    let mut members: Map<String, Value> =
        more.into_iter().map(|(member, value)| (member.to_owned(), value)).collect();
    for (member, value) in [
        ("type", json!(format!("urn:nattoku:problem:{kind}"))),
        ("title", json!(title)),
        ("status", json!(status)),
        ("detail", json!(detail)),
    ] {
        members.insert(member.to_owned(), value);
    }
    let (kind, title) = (kind.to_owned(), title.to_owned());
    ClientError::Refused(Problem { kind, status, title, detail, json: Value::Object(members) })
}
