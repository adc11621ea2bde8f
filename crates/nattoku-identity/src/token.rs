//! One token (RFC 7519): its header before it is checked, its payload after.

use jiff::Timestamp;
use jsonwebtoken::dangerous::insecure_decode_claims;
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};
use serde_json::{Map, Value};

use crate::algorithm::Algorithm;
use crate::refused::Refused;

/// Longest token that is looked at, in bytes.
const BYTES_MAX: usize = 8 * 1024;
/// By how much the issuer's clock may be off, in seconds.
const LEEWAY: i64 = 30;

/// What the header of a token for calls may say that it is (RFC 9068, 4).
pub(crate) const ACCESS: &[&str] = &["at+jwt", "jwt"];
/// The same of a token that tells who somebody is; many providers leave it out.
pub(crate) const IDENTITY: &[&str] = &["", "jwt"];

/// Whether a text is a token of an issuer, rather than one of our own: only the former have points in them.
#[must_use]
pub fn looks_like_jwt(text: &str) -> bool {
    text.len() <= BYTES_MAX && text.bytes().filter(|byte| *byte == b'.').count() == 2
}

/// Of which issuer a token says that it is. Nothing is checked yet: it says by whose keys to check.
#[must_use]
pub fn issuer_of(token: &str) -> Option<String> {
    let payload: Map<String, Value> = insecure_decode_claims(token).ok()?;
    payload.get("iss").and_then(Value::as_str).map(str::to_owned)
}

/// What a token's header says, as far as it may be taken.
pub(crate) struct Head {
    pub(crate) algorithm: Algorithm,
    pub(crate) key: Option<String>,
}

impl Head {
    pub(crate) fn of(token: &str, kinds: &[&str], allowed: &[Algorithm]) -> Result<Self, Refused> {
        if !looks_like_jwt(token) {
            return Err(Refused::NotAJwt);
        }
        let header = decode_header(token).map_err(|_| Refused::NotAJwt)?;
        let algorithm = Algorithm::of(header.alg).filter(|algorithm| allowed.contains(algorithm));
        let Some(algorithm) = algorithm else {
            let allowed: Vec<&str> = allowed.iter().map(|algorithm| algorithm.as_str()).collect();
            return Err(Refused::Algorithm { allowed: allowed.join(", ") });
        };
        if header.crit.is_some() {
            return Err(Refused::Critical);
        }
        // The names of media types are compared without regard to case, and may leave `application/` out.
        let kind = header.typ.unwrap_or_default().to_ascii_lowercase();
        let kind = kind.strip_prefix("application/").unwrap_or(&kind);
        if !kinds.contains(&kind) {
            return Err(Refused::Kind);
        }
        Ok(Self { algorithm, key: header.kid })
    }

    /// The payload, where the key has signed it.
    pub(crate) fn payload(&self, token: &str, key: &DecodingKey) -> Result<Payload, Refused> {
        let mut signature_alone = Validation::new(self.algorithm.outer());
        // What the payload says is held against a clock and settings of ours.
        signature_alone.required_spec_claims.clear();
        signature_alone.validate_exp = false;
        signature_alone.validate_nbf = false;
        signature_alone.validate_aud = false;
        let decoded = decode::<Map<String, Value>>(token, key, &signature_alone);
        decoded.map(|decoded| Payload(decoded.claims)).map_err(|_| Refused::Signature)
    }
}

/// What an issuer has signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload(Map<String, Value>);

impl Payload {
    /// A field that is a text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// Whether a field is a text, or a list of texts that has it.
    fn has(&self, name: &str, wanted: &str) -> bool {
        match self.0.get(name) {
            Some(Value::String(text)) => text == wanted,
            Some(Value::Array(texts)) => texts.iter().any(|text| text.as_str() == Some(wanted)),
            _ => false,
        }
    }

    /// Whether it is for one alone: no other audience beside, unless it says which of them has asked.
    pub(crate) fn is_for_alone(&self, audience: &str) -> bool {
        let others = matches!(self.0.get("aud"), Some(Value::Array(all)) if all.len() > 1);
        match self.0.get("azp") {
            None => !others,
            Some(party) => party.as_str() == Some(audience),
        }
    }

    /// The program that the token was issued to: `client_id` as RFC 9068 has it, or `azp` as others do; where there is neither,
    /// whom it is about.
    ///
    /// # Errors
    /// They contradict each other, or there is none.
    pub fn client(&self) -> Result<&str, Refused> {
        let (id, party) = (self.0.get("client_id"), self.0.get("azp"));
        if let (Some(id), Some(party)) = (id, party)
            && id != party
        {
            return Err(Refused::Field("azp"));
        }
        let found = id.or(party).or_else(|| self.0.get("sub")).and_then(Value::as_str);
        found.filter(|client| !client.is_empty()).ok_or(Refused::Field("client_id"))
    }

    /// When it ceases to hold.
    ///
    /// # Errors
    /// It does not say.
    pub fn expires(&self) -> Result<Timestamp, Refused> {
        self.date("exp")?.ok_or(Refused::Field("exp"))
    }

    /// When whoever it is about showed the issuer who they are (`auth_time`), where it says.
    ///
    /// # Errors
    /// What it says is no date.
    pub fn authenticated(&self) -> Result<Option<Timestamp>, Refused> {
        self.date("auth_time")
    }

    /// Holds it against whose it is to be, for whom, and when.
    pub(crate) fn hold(&self, issuer: &str, audience: &str, now: Timestamp) -> Result<(), Refused> {
        if self.text("iss") != Some(issuer) {
            return Err(Refused::Issuer);
        }
        if !self.has("aud", audience) {
            return Err(Refused::Audience { wanted: audience.to_owned() });
        }
        let now = now.as_second();
        if self.expires()?.as_second().saturating_add(LEEWAY) <= now {
            return Err(Refused::Expired);
        }
        for begins in ["nbf", "iat"] {
            let begins = self.date(begins)?;
            if begins.is_some_and(|begins| begins.as_second() > now.saturating_add(LEEWAY)) {
                return Err(Refused::NotYet);
            }
        }
        Ok(())
    }

    fn date(&self, name: &'static str) -> Result<Option<Timestamp>, Refused> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        // RFC 7519 allows a fraction of a second, which nobody needs.
        #[expect(clippy::cast_possible_truncation, reason = "what is cut off is a fraction, or no date")]
        let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64));
        let date = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
        date.map(Some).ok_or(Refused::Field(name))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn payload(payload: Value) -> Payload {
        let Value::Object(payload) = payload else { panic!("{payload}") };
        Payload(payload)
    }

    fn held(changed: &str, value: Value) -> Result<(), Refused> {
        let mut usual =
            json!({ "iss": "https://a", "aud": ["x", "us"], "exp": 1_000, "nbf": 100, "iat": 100 });
        usual[changed] = value;
        payload(usual).hold("https://a", "us", Timestamp::from_second(500).unwrap())
    }

    #[test]
    fn a_token_is_for_one_audience_and_one_time() {
        assert_eq!(held("aud", json!("us")), Ok(()));
        assert_eq!(held("iss", json!("https://a/")), Err(Refused::Issuer));
        for other in [json!("usa"), json!(["them"]), json!([]), json!(null), json!({ "us": 1 })] {
            assert_eq!(held("aud", other), Err(Refused::Audience { wanted: "us".to_owned() }));
        }
        for (exp, wanted) in
            [(500, Ok(())), (471, Ok(())), (470, Err(Refused::Expired)), (0, Err(Refused::Expired))]
        {
            assert_eq!(held("exp", json!(exp)), wanted, "{exp}");
        }
        assert_eq!(held("exp", json!(470.9)), Err(Refused::Expired));
        for no_date in [json!(null), json!("1000"), json!(1e300), json!(true)] {
            assert_eq!(held("exp", no_date), Err(Refused::Field("exp")));
        }
        for begins in ["nbf", "iat"] {
            assert_eq!(held(begins, json!(530)), Ok(()));
            assert_eq!(held(begins, json!(531)), Err(Refused::NotYet));
            assert!(matches!(held(begins, json!("soon")), Err(Refused::Field(_))));
        }
        let without = payload(json!({ "iss": "https://a", "aud": "us" }));
        let now = Timestamp::from_second(500).unwrap();
        assert_eq!(without.hold("https://a", "us", now), Err(Refused::Field("exp")));
    }

    #[test]
    fn when_somebody_showed_who_they_are_is_told_by_some() {
        let told = |value: Value| payload(json!({ "auth_time": value })).authenticated();
        assert_eq!(told(json!(500)), Ok(Some(Timestamp::from_second(500).unwrap())));
        assert_eq!(told(json!("today")), Err(Refused::Field("auth_time")));
        assert_eq!(payload(json!({ "sub": "u" })).authenticated(), Ok(None));
    }

    #[test]
    fn who_somebody_is_is_told_to_one_alone() {
        for (told, alone) in [
            (json!({ "aud": "us" }), true),
            (json!({ "aud": ["us"] }), true),
            (json!({ "aud": ["us", "them"] }), false),
            (json!({ "aud": ["us", "them"], "azp": "us" }), true),
            (json!({ "aud": "us", "azp": "them" }), false),
        ] {
            assert_eq!(payload(told.clone()).is_for_alone("us"), alone, "{told}");
        }
    }

    #[test]
    fn the_program_is_who_the_token_was_issued_to() {
        let client = |value: Value| payload(value).client().map(str::to_owned).map_err(|_| ());
        assert_eq!(client(json!({ "client_id": "a", "sub": "u" })), Ok("a".to_owned()));
        assert_eq!(client(json!({ "azp": "a", "sub": "u" })), Ok("a".to_owned()));
        assert_eq!(client(json!({ "azp": "a", "client_id": "a" })), Ok("a".to_owned()));
        assert_eq!(client(json!({ "sub": "u" })), Ok("u".to_owned()));
        for neither in [
            json!({ "azp": "a", "client_id": "b", "sub": "u" }),
            json!({ "client_id": 5, "sub": "u" }),
            json!({ "client_id": "", "sub": "u" }),
            json!({}),
        ] {
            assert_eq!(client(neither.clone()), Err(()), "{neither}");
        }
    }
}
