//! Signing people in by an `OpenID` provider: by whose word, and which of its claims names the principal.

use axum::http::HeaderValue;
use jiff::Timestamp;
use nattoku_identity::{Attempt, Person, Provider, SignInError};
use nattoku_model::Language;
use tokio::sync::Semaphore;

use crate::headers;
use crate::refusal::Refusal;

/// How many codes are redeemed at once: each takes a thread while the provider answers, and whoever knows the address can have one taken.
const AT_ONCE: usize = 16;
/// How long a sign-in may take, in seconds, from when it is begun.
pub(crate) const LASTS_SECONDS: u32 = 600;

/// Somebody who has signed in.
pub(crate) struct Proof {
    pub(crate) principal: String,
    /// The provider's word.
    pub(crate) id_token: String,
    /// When they showed the provider who they are, where it tells.
    pub(crate) proved: Option<Timestamp>,
}

/// By whose word people are signed in.
pub struct SignIn {
    provider: Provider,
    principal_claim: String,
    room: Semaphore,
    /// What pages allow of themselves, with the way to the provider.
    pub(crate) content_security_policy: HeaderValue,
}

impl SignIn {
    /// A provider, and the claim that is the principal's id. Nothing is asked of it yet.
    #[must_use]
    pub fn of(provider: Provider, principal_claim: String) -> Self {
        let content_security_policy = headers::content_security_policy(provider.origin());
        Self { provider, principal_claim, room: Semaphore::new(AT_ONCE), content_security_policy }
    }

    /// Asks the provider what is due. Blocks; pages go on in the meantime.
    pub fn refresh(&self, now: Timestamp) {
        self.provider.refresh(now);
    }

    /// Where the browser goes to sign in; with `anew`, be it that the provider knows who it is.
    pub(crate) fn begin(&self, attempt: &Attempt, language: Language, anew: bool) -> Result<String, Refusal> {
        self.provider.begin(attempt, language.tag(), anew).ok_or(Refusal::ProviderAway)
    }

    /// Whether what came back says that it is of this provider, or says nothing of it (RFC 9207).
    pub(crate) fn is_from(&self, issuer: Option<&str>) -> bool {
        issuer.is_none_or(|issuer| issuer == self.provider.name())
    }

    /// Who has signed in, by the code that the browser brought back. Blocks.
    pub(crate) fn redeem(&self, attempt: &Attempt, code: &str, now: Timestamp) -> Result<Proof, Refusal> {
        let Ok(_place) = self.room.try_acquire() else { return Err(Refusal::Busy) };
        let Person { payload, id_token } =
            self.provider.redeem(attempt, code, now).map_err(|error| match error {
                SignInError::Away(error) => {
                    tracing::warn!(%error, "the provider of sign-ins is away");
                    Refusal::ProviderAway
                }
                error => {
                    tracing::warn!(%error, "nobody was signed in");
                    Refusal::NotSignedIn
                }
            })?;
        let principal = payload.text(&self.principal_claim).filter(|principal| !principal.is_empty());
        let principal = principal.ok_or_else(|| {
            tracing::warn!(claim = self.principal_claim, "the provider does not tell the principal's id");
            Refusal::UnknownPrincipal
        })?;
        let proved = payload.authenticated().map_err(|error| {
            tracing::warn!(%error, "nobody was signed in");
            Refusal::NotSignedIn
        })?;
        Ok(Proof { principal: principal.to_owned(), id_token, proved })
    }

    /// Where the browser goes to sign out at the provider too.
    pub(crate) fn end(&self, id_token: &str) -> Option<String> {
        self.provider.end(id_token)
    }
}
