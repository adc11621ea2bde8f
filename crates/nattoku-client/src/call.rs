//! What is sent: one value for each thing that can be asked, the same for both clients.

use std::fmt::Write as _;
use std::time::Duration;

use http::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::{Act, AudienceQuestion, ClientError, Event, Level, Page, Question, Settings};

/// What is written as it is within a part of an address. A point is not: `..` would be another address.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'~');
/// Random bytes in the name of a write.
const KEY_BYTES: usize = 16;

/// One call.
pub(crate) struct Call {
    pub(crate) path: String,
    /// What is posted; nothing is got.
    pub(crate) body: Option<String>,
    /// The name under which the server knows a write again.
    pub(crate) key: Option<String>,
    /// How long one try is waited for.
    pub(crate) wait: Duration,
}

/// What may be done with a consent item or a choice.
#[derive(Clone, Copy)]
pub(crate) struct Deed {
    place: &'static str,
    kind: &'static str,
    act: &'static str,
}

impl Deed {
    pub(crate) const GRANT: Self = Self { place: "consents", kind: "item", act: "grant" };
    pub(crate) const WITHDRAW: Self = Self { place: "consents", kind: "item", act: "withdraw" };
    pub(crate) const DECLINE: Self = Self { place: "choices", kind: "choice", act: "decline" };
    pub(crate) const RESTORE: Self = Self { place: "choices", kind: "choice", act: "restore" };
}

impl Call {
    pub(crate) fn decide(question: &Question, known: u64, settings: &Settings) -> Self {
        Self::post("/v1/decide", &question.json(known), settings.question_wait)
    }

    pub(crate) fn batch(questions: &[Value], settings: &Settings) -> Self {
        Self::post("/v1/decide/batch", &json!({ "questions": questions }), settings.write_wait)
    }

    pub(crate) fn explain(question: &Question, known: u64, settings: &Settings) -> Self {
        Self::post("/v1/explain", &question.json(known), settings.write_wait)
    }

    /// An act of will, and whose it is.
    pub(crate) fn act(act: Act, deed: Deed, settings: &Settings) -> Result<(String, Self), ClientError> {
        let Act { principal, about, key, mut fields } = act;
        fields.insert(deed.kind.to_owned(), json!(about));
        fields.insert("act".to_owned(), json!(deed.act));
        let call =
            Self::post(&of_principal(&principal, deed.place), &Value::Object(fields), settings.write_wait);
        Ok((principal, Self { key: Some(key.map_or_else(new_key, Ok)?), ..call }))
    }

    pub(crate) fn record(
        principal: &str,
        events: &[Event],
        level: Level,
        settings: &Settings,
    ) -> Result<Self, ClientError> {
        let events: Vec<Value> = events.iter().map(Event::json).collect();
        let body = json!({ "events": events, "acknowledge": level.name() });
        let call = Self::post(&of_principal(principal, "events"), &body, settings.write_wait);
        Ok(Self { key: Some(new_key()?), ..call })
    }

    pub(crate) fn audience(question: &AudienceQuestion, page: Option<Page>, settings: &Settings) -> Self {
        Self::post("/v1/audience", &question.json(page), settings.write_wait)
    }

    pub(crate) fn changed_since(since: u64, principals: &[&str], settings: &Settings) -> Self {
        let body = json!({ "since": since, "principals": principals });
        Self::post("/v1/changed-since", &body, settings.write_wait)
    }

    pub(crate) fn about(principal: &str, place: &str, settings: &Settings) -> Self {
        Self { path: of_principal(principal, place), body: None, key: None, wait: settings.write_wait }
    }

    pub(crate) fn policy(settings: &Settings) -> Self {
        Self { path: "/v1/policy".to_owned(), body: None, key: None, wait: settings.write_wait }
    }

    fn post(path: &str, body: &Value, wait: Duration) -> Self {
        Self { path: path.to_owned(), body: Some(body.to_string()), key: None, wait }
    }
}

fn new_key() -> Result<String, ClientError> {
    let mut random = [0; KEY_BYTES];
    getrandom::fill(&mut random).map_err(ClientError::Random)?;
    Ok(data_encoding::HEXLOWER.encode(&random))
}

fn of_principal(principal: &str, place: &str) -> String {
    let mut path = "/v1/principals/".to_owned();
    // Writing into a text does not fail.
    let _ = write!(path, "{}/{place}", utf8_percent_encode(principal, KEPT));
    path
}

/// The address that paths are put behind, where it can be called.
pub(crate) fn base(settings: &Settings) -> Result<String, ClientError> {
    let address = settings.address.trim_end_matches('/').to_owned();
    let wrong = |why| ClientError::Address { address: address.clone(), why };
    let uri: Uri = address.parse().map_err(|_| wrong("it is no address"))?;
    let host = uri.host().unwrap_or_default();
    let is_this_machine = matches!(host, "127.0.0.1" | "localhost" | "[::1]");
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if is_this_machine || settings.is_clear_text_allowed => {}
        Some("http") => {
            return Err(wrong("the token would be sent in the clear: write https, or allow clear text"));
        }
        _ => return Err(wrong("it begins with neither https:// nor http://")),
    }
    if uri.query().is_some() || uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err(wrong("it has more than a scheme, a host, a port and a path"));
    }
    Ok(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_principal_is_one_part_of_an_address() {
        let settings = Settings::new("http://127.0.0.1:1", "t");
        for (principal, path) in [
            ("sakura", "/v1/principals/sakura/consents"),
            ("../x", "/v1/principals/%2E%2E%2Fx/consents"),
            ("桜?#", "/v1/principals/%E6%A1%9C%3F%23/consents"),
        ] {
            assert_eq!(Call::about(principal, "consents", &settings).path, path);
        }
    }

    #[test]
    fn a_token_goes_in_the_clear_to_this_machine_alone() {
        let of = |address: &str| base(&Settings::new(address, "t"));
        assert_eq!(of("http://127.0.0.1:8080/").unwrap(), "http://127.0.0.1:8080");
        assert_eq!(of("https://nattoku.example/api").unwrap(), "https://nattoku.example/api");
        for address in
            ["http://nattoku.example", "nattoku.example", "ftp://127.0.0.1", "https://a@b", "https://a/?b"]
        {
            assert!(matches!(of(address), Err(ClientError::Address { .. })), "{address}");
        }
        assert!(base(&Settings::new("http://nattoku.example", "t").allow_clear_text()).is_ok());
    }

    #[test]
    fn every_write_has_a_name_of_its_own() {
        let settings = Settings::new("http://127.0.0.1:1", "t");
        let key = |act: Act| Call::act(act, Deed::GRANT, &settings).unwrap().1.key.unwrap();
        let first = key(Act::on("sakura", "a", "app"));
        assert_eq!(first.len(), 32);
        assert_ne!(first, key(Act::on("sakura", "a", "app")));
        assert_eq!(key(Act::on("sakura", "a", "app").key("mine")), "mine");
    }
}
