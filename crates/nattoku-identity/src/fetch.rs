//! Requests to an issuer: few, small, and with a deadline. Nothing is followed elsewhere, and nothing crosses a network in the clear.

use std::time::Duration;

use nattoku_model::Language;
use serde_json::Value;
use ureq::http::{Response, Uri};
use ureq::{Agent, Body};

/// How long a request may take.
const DEADLINE: Duration = Duration::from_secs(5);
/// Longest answer read.
const ANSWER_BYTES_MAX: u64 = 1 << 20;

/// Why nothing was fetched. No secret stands in it.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The address is neither `https` nor of this very machine.
    #[error("`{0}` is neither https nor of this machine, so nothing is fetched from it")]
    Unsafe(String),
    /// It cannot be reached, or answers too late or too much.
    #[error("`{address}` cannot be reached: {why}")]
    Unreachable {
        /// What was asked.
        address: String,
        /// What went wrong.
        why: String,
    },
    /// It answers something else than what was asked for.
    #[error("`{address}` answers {}", .what.in_english())]
    Strange {
        /// What was asked.
        address: String,
        /// What is wrong with the answer.
        what: Oddity,
    },
    /// No authority is known that a certificate could be signed by.
    #[error(
        "no authority is known by which a certificate could be checked: there is none in the file, as PEM"
    )]
    NoAuthorities,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddity {
    /// It is not JSON.
    NoJson,
    /// It has another status than 200.
    Status(u16),
    /// What tells of an issuer tells of another one.
    OtherIssuer,
    /// It lacks a field.
    Without(&'static str),
    /// It has no set of keys that can be used.
    NoKeys,
}

impl Oddity {
    fn in_english(self) -> String {
        match self {
            Self::NoJson => "no JSON".to_owned(),
            Self::Status(status) => format!("{status} instead of 200"),
            Self::OtherIssuer => "with another `issuer`; write the issuer as it writes itself".to_owned(),
            Self::Without(field) => format!("without `{field}`"),
            Self::NoKeys => "no set of keys that can be used".to_owned(),
        }
    }

    fn in_japanese(self) -> String {
        match self {
            Self::NoJson => "JSON ではありません".to_owned(),
            Self::Status(status) => format!("200 ではなく {status} です"),
            Self::OtherIssuer => "`issuer` が違います。発行者が自ら名乗るとおりに書いてください".to_owned(),
            Self::Without(field) => format!("`{field}` がありません"),
            Self::NoKeys => "使える鍵がありません".to_owned(),
        }
    }
}

impl FetchError {
    /// What to say of it.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        match (language, self) {
            (Language::En, _) => self.to_string(),
            (Language::Ja, Self::Unsafe(address)) => {
                format!("`{address}` は https でもこのマシンのアドレスでもないため、取得しません")
            }
            (Language::Ja, Self::Unreachable { address, why }) => {
                format!("`{address}` に届きません（{why}）")
            }
            (Language::Ja, Self::Strange { address, what }) => {
                format!("`{address}` の応答が正しくありません: {}", what.in_japanese())
            }
            (Language::Ja, Self::NoAuthorities) => "証明書を確かめるための認証局がありません".to_owned(),
        }
    }
}

/// What asks.
#[derive(Debug, Clone)]
pub struct Fetch {
    agent: Agent,
}

impl Fetch {
    /// Asks servers whose certificates are signed by these authorities, as PEM, or else by those that the system trusts.
    ///
    /// # Errors
    /// There is no authority in it.
    pub fn new(authorities: Option<&[u8]>) -> Result<Self, FetchError> {
        let authorities = nattoku_outbound::authorities(authorities).ok_or(FetchError::NoAuthorities)?;
        Ok(Self { agent: nattoku_outbound::config(authorities, DEADLINE).into() })
    }

    /// What stands at an address, as JSON.
    pub(crate) fn json(&self, address: &str) -> Result<Value, FetchError> {
        if !is_safe(address) {
            return Err(FetchError::Unsafe(address.to_owned()));
        }
        let asked = self.agent.get(address).header("Accept", "application/json").call();
        match answered(address, asked)? {
            (200, Some(told)) => Ok(told),
            (200, None) => Err(strange(address, Oddity::NoJson)),
            (status, _) => Err(strange(address, Oddity::Status(status))),
        }
    }

    /// What is answered to a form, with its status. What is no JSON is null.
    pub(crate) fn post_form(
        &self,
        address: &str,
        authorization: &str,
        form: &[(&str, &str)],
    ) -> Result<(u16, Value), FetchError> {
        if !is_safe(address) {
            return Err(FetchError::Unsafe(address.to_owned()));
        }
        let request = self.agent.post(address).header("Accept", "application/json");
        let asked = request.header("Authorization", authorization).send_form(form.iter().copied());
        let (status, told) = answered(address, asked)?;
        Ok((status, told.unwrap_or_default()))
    }
}

fn strange(address: &str, what: Oddity) -> FetchError {
    FetchError::Strange { address: address.to_owned(), what }
}

/// The status of an answer, and what it is, where it is JSON.
fn answered(
    address: &str,
    answer: Result<Response<Body>, ureq::Error>,
) -> Result<(u16, Option<Value>), FetchError> {
    let unreachable =
        |error: ureq::Error| FetchError::Unreachable { address: address.to_owned(), why: error.to_string() };
    let mut answer = answer.map_err(unreachable)?;
    let bytes = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec();
    Ok((answer.status().as_u16(), serde_json::from_slice(&bytes.map_err(unreachable)?).ok()))
}

/// Whether what is sent to an address crosses no network in the clear: `https`, or `http` to this very machine.
#[must_use]
pub fn is_safe(address: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else { return false };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return false };
    // A name before the host would have `http://localhost@elsewhere` read as what it is not.
    if authority.as_str().contains('@') || authority.host().is_empty() {
        return false;
    }
    match scheme {
        "https" => true,
        "http" => matches!(authority.host(), "127.0.0.1" | "localhost" | "[::1]"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stub::{answering, json, status};

    #[test]
    fn nothing_is_asked_in_the_clear_but_of_this_machine() {
        for safe in
            ["https://id.example.jp", "https://id.example.jp/a?b", "http://127.0.0.1:1", "http://[::1]:1/"]
        {
            assert!(is_safe(safe), "{safe}");
        }
        for other in [
            "http://id.example.jp",
            "http://localhost@id.example.jp",
            "http://localhost:80@id.example.jp",
            "http://127.0.0.1.example.jp",
            "https://user@id.example.jp",
            "ftp://localhost",
            "file:///etc/passwd",
            "https://",
            "//id.example.jp",
            "id.example.jp",
            "",
        ] {
            assert!(!is_safe(other), "{other}");
            let fetch = Fetch::new(None).unwrap();
            assert!(matches!(fetch.json(other), Err(FetchError::Unsafe(_))), "{other}");
        }
    }

    /// What nobody who is asked may do to whoever asks.
    #[test]
    fn what_is_asked_is_answered_in_bounds_or_not_at_all() {
        let address = answering(|here| {
            let elsewhere = format!("302 Found\r\nLocation: {here}/good");
            let endless = format!("HTTP/1.1 200 OK\r\n\r\n[{}", " ".repeat(2 << 20));
            vec![
                ("/good", json(&serde_json::json!({ "a": 1 }))),
                ("/elsewhere", status(&elsewhere)),
                ("/endless", endless),
                ("/page", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<html>".to_owned()),
            ]
        });
        let fetch = Fetch::new(None).unwrap();
        let asked = |path: &str| fetch.json(&format!("{address}{path}"));
        assert_eq!(asked("/good").unwrap()["a"], 1);
        let told = asked("/elsewhere").unwrap_err().to_string();
        assert!(told.contains("302 instead of 200"), "{told}");
        let told = asked("/elsewhere").unwrap_err().sentence(Language::Ja);
        assert!(told.contains("200 ではなく 302 です"), "{told}");
        assert!(matches!(asked("/endless"), Err(FetchError::Unreachable { .. })));
        assert!(matches!(asked("/page"), Err(FetchError::Strange { .. })));
        // Nothing is ever answered here.
        assert!(matches!(asked("/silence"), Err(FetchError::Unreachable { .. })));
    }

    #[test]
    fn a_file_without_a_certificate_is_not_taken_for_trust() {
        assert!(matches!(Fetch::new(Some(b"nothing")), Err(FetchError::NoAuthorities)));
    }
}
