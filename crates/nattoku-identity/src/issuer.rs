//! An issuer whose tokens are taken, with its keys as they were last fetched.

use std::sync::{Arc, PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};

use crate::algorithm::Algorithm;
use crate::fetch::{Fetch, FetchError, Oddity};
use crate::keys::Keys;
use crate::metadata::Metadata;
use crate::refused::Refused;
use crate::token::{ACCESS, Head, IDENTITY, Payload};

/// After how long keys are fetched anew without anybody asking for others.
const FRESH: SignedDuration = SignedDuration::from_mins(15);
/// For how long keys are good while the issuer cannot be reached.
const KEPT: SignedDuration = SignedDuration::from_hours(6);
/// How long it is between two fetches at least, so that nobody floods the issuer by tokens that name keys it does not have.
const APART: SignedDuration = SignedDuration::from_mins(1);
/// The same while there are no keys that could be used.
const APART_WITHOUT: SignedDuration = SignedDuration::from_secs(5);

/// What is taken of an issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerSettings {
    /// Its name, as it writes itself.
    pub issuer: String,
    /// For whom its tokens have to be.
    pub audience: String,
    /// Where its keys are; where nothing is said, where it says itself.
    pub jwks_uri: Option<String>,
    /// By which algorithms its tokens may be signed.
    pub algorithms: Vec<Algorithm>,
}

/// An issuer.
#[derive(Debug)]
pub struct Issuer {
    settings: IssuerSettings,
    fetch: Fetch,
    known: RwLock<Known>,
}

#[derive(Debug, Default)]
struct Known {
    keys: Arc<Keys>,
    /// When the keys were fetched.
    fetched: Option<Timestamp>,
    /// When it was last tried.
    tried: Option<Timestamp>,
}

/// How long ago something was. A clock that was set back makes it no younger.
pub(crate) fn age(then: Option<Timestamp>, now: Timestamp) -> SignedDuration {
    then.map_or(SignedDuration::MAX, |then| now.duration_since(then).abs())
}

impl Issuer {
    /// An issuer of which no keys are known yet.
    #[must_use]
    pub fn new(settings: IssuerSettings, fetch: Fetch) -> Self {
        Self { settings, fetch, known: RwLock::default() }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.settings.issuer
    }

    /// Checks a token by the keys that are known. Nobody is asked.
    ///
    /// # Errors
    /// It is not to be taken; where it [wants keys](Refused::wants_keys), perhaps it is once they are fetched anew.
    pub fn check(&self, token: &str, now: Timestamp) -> Result<Payload, Refused> {
        self.check_as(token, ACCESS, now)
    }

    /// Checks an ID token (OpenID Connect Core 1.0, 3.1.3.7): what the issuer says of who has signed in, for the attempt of a nonce.
    pub(crate) fn check_identity(
        &self,
        token: &str,
        nonce: &str,
        now: Timestamp,
    ) -> Result<Payload, Refused> {
        let payload = self.check_as(token, IDENTITY, now)?;
        if payload.text("nonce") != Some(nonce) {
            return Err(Refused::Field("nonce"));
        }
        if !payload.is_for_alone(&self.settings.audience) {
            return Err(Refused::Field("azp"));
        }
        Ok(payload)
    }

    fn check_as(&self, token: &str, kinds: &[&str], now: Timestamp) -> Result<Payload, Refused> {
        let head = Head::of(token, kinds, &self.settings.algorithms)?;
        let keys = {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            if age(known.fetched, now) > KEPT {
                return Err(Refused::NoKeys);
            }
            Arc::clone(&known.keys)
        };
        let key = keys.find(head.key.as_deref(), head.algorithm).ok_or(Refused::UnknownKey)?;
        let payload = head.payload(token, key)?;
        payload.hold(&self.settings.issuer, &self.settings.audience, now)?;
        Ok(payload)
    }

    /// Whether it is time to fetch the keys without anybody waiting for them.
    #[must_use]
    pub fn is_to_fetch(&self, now: Timestamp) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        age(known.fetched, now) > FRESH && known.may_fetch(now)
    }

    /// Whether the keys may be fetched for somebody whose token's key is not known.
    #[must_use]
    pub fn may_fetch(&self, now: Timestamp) -> bool {
        self.known.read().unwrap_or_else(PoisonError::into_inner).may_fetch(now)
    }

    /// Fetches the keys. Where that fails, those that are known go on to hold for a time.
    ///
    /// # Errors
    /// The issuer cannot be reached, or what it answers is no set of keys.
    pub fn fetch(&self, now: Timestamp) -> Result<(), FetchError> {
        self.known.write().unwrap_or_else(PoisonError::into_inner).tried = Some(now);
        let fetched = self.keys();
        match &fetched {
            Ok(_) => tracing::info!(issuer = self.name(), "the issuer's keys were fetched"),
            Err(error) => tracing::warn!(issuer = self.name(), %error, "the issuer's keys cannot be fetched"),
        }
        let keys = Arc::new(fetched?);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.keys = keys;
        known.fetched = Some(now);
        Ok(())
    }

    fn keys(&self) -> Result<Keys, FetchError> {
        let address = match &self.settings.jwks_uri {
            Some(address) => address.clone(),
            None => Metadata::fetch(&self.fetch, &self.settings.issuer)?.jwks_uri,
        };
        let what = Oddity::NoKeys;
        Keys::of(&self.fetch.json(&address)?).ok_or(FetchError::Strange { address, what })
    }
}

impl Known {
    fn may_fetch(&self, now: Timestamp) -> bool {
        let apart = if age(self.fetched, now) > KEPT { APART_WITHOUT } else { APART };
        age(self.tried, now) >= apart
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;
    use jsonwebtoken::{EncodingKey, Header, encode};
    use serde_json::{Value, json};

    use super::*;
    use crate::stub::{answering, json as answer};

    /// The private key of RFC 8037, A.1, as PKCS #8.
    const PRIVATE: &str =
        "302e020100300506032b6570042204209d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";

    /// The public one.
    fn keys() -> Value {
        json!({ "keys": [
            { "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" },
        ] })
    }

    fn signed(kind: Option<&str>, payload: &Value) -> String {
        let mut header = Header::new(jsonwebtoken::Algorithm::EdDSA);
        header.typ = kind.map(str::to_owned);
        let key = EncodingKey::from_ed_der(&HEXLOWER.decode(PRIVATE.as_bytes()).unwrap());
        encode(&header, payload, &key).unwrap()
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    fn issuer(keys: &Value) -> Issuer {
        let address = answering(|_| vec![("/keys", answer(keys))]);
        let settings = IssuerSettings {
            issuer: "https://id.example.jp".to_owned(),
            audience: "us".to_owned(),
            jwks_uri: Some(format!("{address}/keys")),
            algorithms: vec![Algorithm::EdDsa],
        };
        Issuer::new(settings, Fetch::new(None).unwrap())
    }

    /// How often keys are fetched, by the clock of whoever asks, also where that is set back.
    #[test]
    fn keys_are_fetched_now_and_then() {
        let issuer = issuer(&keys());
        assert!(issuer.is_to_fetch(at(0)) && issuer.may_fetch(at(0)));
        issuer.fetch(at(0)).unwrap();
        assert!(!issuer.is_to_fetch(at(900)) && issuer.is_to_fetch(at(901)));
        assert!(!issuer.may_fetch(at(59)) && issuer.may_fetch(at(60)));
        assert!(!issuer.may_fetch(at(-59)) && issuer.may_fetch(at(-60)));
        assert!(issuer.is_to_fetch(at(-901)));
    }

    /// OpenID Connect Core 1.0, 3.1.3.7. A token for calls is no word about who somebody is.
    #[test]
    fn who_has_signed_in_is_told_to_one_site_for_one_attempt() {
        let issuer = issuer(&keys());
        issuer.fetch(at(0)).unwrap();
        let exp = at(600).as_second();
        let usual = json!({ "iss": "https://id.example.jp", "aud": "us", "exp": exp, "nonce": "n" });
        let with = |name: &str, value: Value| {
            let mut payload = usual.clone();
            payload[name] = value;
            payload
        };
        let checked =
            |kind, payload: &Value| issuer.check_identity(&signed(kind, payload), "n", at(0)).map(|_| ());
        for kind in [None, Some("JWT"), Some("application/jwt")] {
            assert_eq!(checked(kind, &usual), Ok(()), "{kind:?}");
        }
        assert_eq!(checked(Some("at+jwt"), &usual), Err(Refused::Kind));
        for (name, value, refused) in [
            ("nonce", json!("another"), Refused::Field("nonce")),
            ("nonce", json!(null), Refused::Field("nonce")),
            ("azp", json!("them"), Refused::Field("azp")),
            ("aud", json!(["us", "them"]), Refused::Field("azp")),
            ("aud", json!("them"), Refused::Audience { wanted: "us".to_owned() }),
            ("iss", json!("https://elsewhere.example"), Refused::Issuer),
            ("exp", json!(at(-31).as_second()), Refused::Expired),
        ] {
            assert_eq!(checked(None, &with(name, value.clone())), Err(refused), "{name} {value}");
        }
        // And the other way round.
        assert_eq!(issuer.check(&signed(None, &usual), at(0)), Err(Refused::Kind));
        assert!(issuer.check(&signed(Some("at+jwt"), &usual), at(0)).is_ok());
    }

    /// What comes instead of keys does not take the place of those that are known, and is asked for again soon where none are.
    #[test]
    fn what_is_no_set_of_keys_is_none() {
        let issuer = issuer(&json!({ "keys": [{ "kty": "oct", "k": "c2VjcmV0" }] }));
        assert!(issuer.fetch(at(0)).unwrap_err().to_string().contains("no set of keys that can be used"));
        assert!(!issuer.may_fetch(at(4)) && issuer.may_fetch(at(5)));
        let of_eddsa = "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.e30.c2lnbmF0dXJl";
        assert_eq!(issuer.check(of_eddsa, at(0)), Err(Refused::NoKeys));
    }
}
