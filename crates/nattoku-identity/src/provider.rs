//! An `OpenID` provider by which people sign in: the authorization code flow with PKCE, of OpenID Connect Core 1.0.
//!
//! Nothing is remembered here of a sign-in that is under way: all of it follows from one secret, which the browser keeps.

use std::sync::{Arc, PoisonError, RwLock};

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use jiff::{SignedDuration, Timestamp};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::fetch::{Fetch, FetchError, Oddity, is_safe};
use crate::issuer::{Issuer, IssuerSettings, age};
use crate::metadata::Metadata;
use crate::refused::Refused;
use crate::token::Payload;

/// After how long a provider is asked anew what it tells of itself, and how long after it did not answer.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
const APART: SignedDuration = SignedDuration::from_secs(5);
/// What stands in an address as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// By whom people sign in, and as whom a site asks.
#[derive(Clone)]
pub struct ProviderSettings {
    /// The provider: the issuer of what says who somebody is. Its audience is the site.
    pub issuer: IssuerSettings,
    /// The site's secret at the provider.
    pub client_secret: String,
    /// What is asked for, with `openid` first.
    pub scopes: Vec<String>,
    /// Where the provider sends people back to.
    pub return_address: String,
    /// Where it sends them once they have signed out.
    pub out_address: String,
}

/// A provider.
pub struct Provider {
    settings: ProviderSettings,
    fetch: Fetch,
    issuer: Issuer,
    known: RwLock<Known>,
}

#[derive(Default)]
struct Known {
    metadata: Option<Arc<Metadata>>,
    fetched: Option<Timestamp>,
    tried: Option<Timestamp>,
}

/// A sign-in that is under way. Whoever knows the secret can go on with it, and nobody else.
pub struct Attempt {
    secret: [u8; 32],
}

/// Somebody of whom a provider says who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// What it says of them.
    pub payload: Payload,
    /// The same as it was said, by which the provider knows whom to sign out.
    pub id_token: String,
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The provider cannot be reached.
    #[error("the provider cannot be reached: {0}")]
    Away(FetchError),
    /// What came back is not of a sign-in that this browser began, or was used before.
    #[error("the provider refuses the code: {0}")]
    Code(String),
    /// What the provider says of who they are is not to be taken.
    #[error("the provider's word is not taken: {0}")]
    Word(Refused),
}

impl Attempt {
    /// Of 32 random bytes.
    #[must_use]
    pub const fn of(secret: [u8; 32]) -> Self {
        Self { secret }
    }

    /// Of what the browser has kept.
    #[must_use]
    pub fn from_cookie(text: &str) -> Option<Self> {
        let secret = HEXLOWER.decode(text.as_bytes()).ok()?;
        secret.try_into().ok().map(Self::of)
    }

    /// What the browser keeps.
    #[must_use]
    pub fn to_cookie(&self) -> String {
        HEXLOWER.encode(&self.secret)
    }

    /// Whether what came back belongs to it.
    #[must_use]
    pub fn has_state(&self, state: &str) -> bool {
        self.state() == state
    }

    fn state(&self) -> String {
        self.derived("state")
    }

    fn nonce(&self) -> String {
        self.derived("nonce")
    }

    fn verifier(&self) -> String {
        self.derived("verifier")
    }

    /// One of three values, from each of which nobody gets the secret, and so none of the others.
    fn derived(&self, what: &str) -> String {
        let digest = Sha256::new().chain_update("nattoku sign-in ").chain_update(what).chain_update(b"\n");
        BASE64URL_NOPAD.encode(&digest.chain_update(self.secret).finalize())
    }
}

impl Provider {
    /// A provider of which nothing is known yet.
    #[must_use]
    pub fn new(settings: ProviderSettings, fetch: Fetch) -> Self {
        let issuer = Issuer::new(settings.issuer.clone(), fetch.clone());
        Self { settings, fetch, issuer, known: RwLock::default() }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.issuer.name()
    }

    /// Asks it what is due: what it tells of itself, and its keys. Blocks.
    pub fn refresh(&self, now: Timestamp) {
        let is_due = {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            age(known.fetched, now) > FRESH && age(known.tried, now) >= APART
        };
        if is_due {
            self.known.write().unwrap_or_else(PoisonError::into_inner).tried = Some(now);
            match Metadata::fetch(&self.fetch, self.name()) {
                Ok(metadata) => {
                    let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
                    known.metadata = Some(Arc::new(metadata));
                    known.fetched = Some(now);
                }
                Err(error) => tracing::warn!(provider = self.name(), %error, "the provider cannot be asked"),
            }
        }
        if self.issuer.is_to_fetch(now) {
            // What went wrong has been told.
            let _ = self.issuer.fetch(now);
        }
    }

    /// Where a browser goes to sign in; nothing while the provider has not been reached yet. With `anew` the provider is to ask who it is
    /// though it knows, and to tell when that was.
    #[must_use]
    pub fn begin(&self, attempt: &Attempt, language: &str, anew: bool) -> Option<String> {
        let metadata = self.metadata()?;
        let begins = metadata.authorization_endpoint.as_deref().filter(|address| is_safe(address))?;
        let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(attempt.verifier().as_bytes()));
        let (scopes, state, nonce) = (self.settings.scopes.join(" "), attempt.state(), attempt.nonce());
        let mut query = vec![
            ("response_type", "code"),
            ("client_id", self.settings.issuer.audience.as_str()),
            ("redirect_uri", &self.settings.return_address),
            ("scope", &scopes),
            ("state", &state),
            ("nonce", &nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("ui_locales", language),
        ];
        if anew {
            // OpenID Connect Core 1.0, 3.1.2.1: either would do, and some providers know but one of them.
            query.extend([("prompt", "login"), ("max_age", "0")]);
        }
        Some(with_query(begins, &query))
    }

    /// Redeems the code that a browser brings back, and checks who the provider says it is. Blocks.
    ///
    /// # Errors
    /// The provider is away, refuses the code, or says something that is not to be taken.
    pub fn redeem(&self, attempt: &Attempt, code: &str, now: Timestamp) -> Result<Person, SignInError> {
        let answer = self.exchange(attempt, code)?;
        let id_token = answer.get("id_token").and_then(Value::as_str);
        let id_token = id_token.ok_or(SignInError::Word(Refused::Field("id_token")))?;
        let mut checked = self.issuer.check_identity(id_token, &attempt.nonce(), now);
        if checked.as_ref().is_err_and(Refused::wants_keys) && self.issuer.may_fetch(now) {
            let _ = self.issuer.fetch(now);
            checked = self.issuer.check_identity(id_token, &attempt.nonce(), now);
        }
        let payload = checked.map_err(SignInError::Word)?;
        Ok(Person { payload, id_token: id_token.to_owned() })
    }

    /// Where a browser goes to sign out at the provider too, where it has such an address beside that of its own name.
    #[must_use]
    pub fn end(&self, id_token: &str) -> Option<String> {
        let metadata = self.metadata()?;
        let ends = metadata.end_session_endpoint.as_deref()?;
        // A page's forms lead to the provider and nowhere else.
        if origin(ends) != origin(self.name()) {
            return None;
        }
        let query = [
            ("id_token_hint", id_token),
            ("client_id", &self.settings.issuer.audience),
            ("post_logout_redirect_uri", &self.settings.out_address),
        ];
        Some(with_query(ends, &query))
    }

    /// Scheme, host and port of it.
    #[must_use]
    pub fn origin(&self) -> &str {
        origin(self.name())
    }

    fn metadata(&self) -> Option<Arc<Metadata>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).metadata.clone()
    }

    fn exchange(&self, attempt: &Attempt, code: &str) -> Result<Value, SignInError> {
        let strange = || FetchError::Strange {
            address: self.name().to_owned(),
            what: Oddity::Without("token_endpoint"),
        };
        let metadata = self.metadata();
        let address = metadata.as_ref().and_then(|metadata| metadata.token_endpoint.as_deref());
        let address = address.ok_or_else(|| SignInError::Away(strange()))?;
        let verifier = attempt.verifier();
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.settings.return_address),
            ("code_verifier", &verifier),
        ];
        // RFC 6749, 2.3.1: both are encoded before they are joined.
        let (id, secret) = (encoded(&self.settings.issuer.audience), encoded(&self.settings.client_secret));
        let authorization = format!("Basic {}", BASE64.encode(format!("{id}:{secret}").as_bytes()));
        let (status, answer) =
            self.fetch.post_form(address, &authorization, &form).map_err(SignInError::Away)?;
        match status {
            200 => Ok(answer),
            400..500 => {
                let why = answer.get("error").and_then(Value::as_str).unwrap_or("nothing said");
                Err(SignInError::Code(why.chars().filter(char::is_ascii_graphic).take(80).collect()))
            }
            _ => Err(SignInError::Away(FetchError::Strange {
                address: address.to_owned(),
                what: Oddity::Status(status),
            })),
        }
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

fn with_query(address: &str, query: &[(&str, &str)]) -> String {
    let joined: Vec<String> =
        query.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}{}", joined.join("&"))
}

fn origin(address: &str) -> &str {
    let host = address.find("://").map_or(0, |at| at.saturating_add(3));
    let rest = address.get(host..).unwrap_or_default();
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    address.get(..host.saturating_add(end)).unwrap_or(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_an_attempt_tells_the_rest() {
        let attempt = Attempt::of([7; 32]);
        let all = [attempt.state(), attempt.nonce(), attempt.verifier(), attempt.to_cookie()];
        for (index, one) in all.iter().enumerate() {
            assert!(all.iter().skip(index + 1).all(|other| other != one));
            // RFC 7636: a verifier has 43 to 128 characters.
            assert!(one.len() >= 43 && one.len() <= 128);
        }
        let kept = Attempt::from_cookie(&attempt.to_cookie()).unwrap();
        assert!(kept.has_state(&attempt.state()) && !kept.has_state(&attempt.nonce()) && !kept.has_state(""));
        assert!(!Attempt::of([8; 32]).has_state(&attempt.state()));
        for other in ["", "07", &"zz".repeat(32), &"07".repeat(33)] {
            assert!(Attempt::from_cookie(other).is_none(), "{other}");
        }
    }

    #[test]
    fn addresses_are_put_together() {
        assert_eq!(
            with_query("https://a/b", &[("c", "d e&f"), ("g", "本")]),
            "https://a/b?c=d%20e%26f&g=%E6%9C%AC"
        );
        assert_eq!(with_query("https://a/b?x=1", &[("c", "d")]), "https://a/b?x=1&c=d");
        assert_eq!(origin("https://id.example.jp:8443/realms/a?b"), "https://id.example.jp:8443");
        assert_eq!(origin("https://id.example.jp"), "https://id.example.jp");
    }
}
