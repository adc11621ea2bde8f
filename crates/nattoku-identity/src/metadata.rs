//! What an issuer tells of itself: RFC 8414, and OpenID Connect Discovery before it.

use serde_json::Value;

use crate::fetch::{Fetch, FetchError, Oddity};

/// What an issuer tells of itself, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// Where its keys are.
    pub jwks_uri: String,
    /// Where people sign in.
    pub authorization_endpoint: Option<String>,
    /// Where codes are redeemed.
    pub token_endpoint: Option<String>,
    /// Where people sign out.
    pub end_session_endpoint: Option<String>,
}

impl Metadata {
    /// Asks an issuer. What tells of another issuer than the one asked is not believed (RFC 8414, 3.3).
    ///
    /// # Errors
    /// It cannot be reached, or tells something else.
    pub fn fetch(fetch: &Fetch, issuer: &str) -> Result<Self, FetchError> {
        let (first, second) = addresses(issuer);
        let (address, told) = match fetch.json(&first) {
            Ok(told) => (first, told),
            // An issuer has one of the two.
            Err(FetchError::Strange { .. }) => (second.clone(), fetch.json(&second)?),
            Err(error) => return Err(error),
        };
        let strange = |what| FetchError::Strange { address: address.clone(), what };
        let text = |name: &str| told.get(name).and_then(Value::as_str).map(str::to_owned);
        if text("issuer").as_deref() != Some(issuer) {
            return Err(strange(Oddity::OtherIssuer));
        }
        let jwks_uri = text("jwks_uri").ok_or_else(|| strange(Oddity::Without("jwks_uri")))?;
        Ok(Self {
            jwks_uri,
            authorization_endpoint: text("authorization_endpoint"),
            token_endpoint: text("token_endpoint"),
            end_session_endpoint: text("end_session_endpoint"),
        })
    }
}

/// Where an issuer tells of itself: as OpenID Connect has it, and as RFC 8414 has it.
fn addresses(issuer: &str) -> (String, String) {
    let base = issuer.trim_end_matches('/');
    let connect = format!("{base}/.well-known/openid-configuration");
    // RFC 8414 puts it between the host and the path.
    let (scheme, rest) = base.split_once("://").unwrap_or(("https", base));
    let (host, path) = rest.split_once('/').map_or((rest, String::new()), |(h, p)| (h, format!("/{p}")));
    (connect, format!("{scheme}://{host}/.well-known/oauth-authorization-server{path}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::stub::{self, answering, status};

    const CONNECT: &str = "/.well-known/openid-configuration";
    const OAUTH: &str = "/.well-known/oauth-authorization-server";

    fn told(answers: impl FnOnce(&str) -> Vec<(&'static str, String)>) -> Result<Metadata, FetchError> {
        Metadata::fetch(&Fetch::new(None).unwrap(), &answering(answers))
    }

    #[test]
    fn an_issuer_is_believed_about_itself_alone() {
        let of =
            |issuer: &str| stub::json(&json!({ "issuer": issuer, "jwks_uri": format!("{issuer}/keys") }));
        let found = told(|here| vec![(CONNECT, of(here))]).unwrap();
        assert!(found.jwks_uri.ends_with("/keys") && found.token_endpoint.is_none());
        let found = told(|here| vec![(CONNECT, status("404 Not Found")), (OAUTH, of(here))]).unwrap();
        assert!(found.jwks_uri.ends_with("/keys"));
        let other = told(|_| vec![(CONNECT, of("https://elsewhere.example"))]).unwrap_err().to_string();
        assert!(other.contains("another `issuer`"), "{other}");
        let slash = told(|here| vec![(CONNECT, of(&format!("{here}/")))]).unwrap_err().to_string();
        assert!(slash.contains("another `issuer`"), "{slash}");
        let without = told(|here| vec![(CONNECT, stub::json(&json!({ "issuer": here })))]);
        assert!(without.unwrap_err().to_string().contains("without `jwks_uri`"));
        let neither = [(CONNECT, status("404 Not Found")), (OAUTH, status("404 Not Found"))];
        assert!(told(|_| neither.into()).unwrap_err().to_string().contains("404"));
    }

    #[test]
    fn an_issuer_tells_of_itself_at_two_addresses() {
        let (connect, oauth) = addresses("https://id.example.jp/realms/a");
        assert_eq!(connect, "https://id.example.jp/realms/a/.well-known/openid-configuration");
        assert_eq!(oauth, "https://id.example.jp/.well-known/oauth-authorization-server/realms/a");
        let (connect, oauth) = addresses("https://id.example.jp/");
        assert_eq!(connect, "https://id.example.jp/.well-known/openid-configuration");
        assert_eq!(oauth, "https://id.example.jp/.well-known/oauth-authorization-server");
    }
}
