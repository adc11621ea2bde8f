//! The keys that an issuer publishes (RFC 7517), of those that are for checking signatures.

use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse};
use serde_json::Value;

use crate::algorithm::{Algorithm, Family};

/// Most keys that are taken of one issuer.
const KEYS_MAX: usize = 64;

/// Keys of an issuer.
#[derive(Debug, Default)]
pub(crate) struct Keys(Vec<Key>);

#[derive(Debug)]
struct Key {
    id: Option<String>,
    family: Family,
    /// The one algorithm that the issuer says it is for.
    only: Option<String>,
    decoding: DecodingKey,
}

impl Keys {
    /// Those of a published set. What is no public key for signatures, or of a kind that is not known, is left out.
    ///
    /// Nothing where it is no set of keys, or none of it can be used.
    pub(crate) fn of(set: &Value) -> Option<Self> {
        let keys = set.get("keys")?.as_array()?;
        let keys: Vec<Key> = keys.iter().take(KEYS_MAX).filter_map(Key::of).collect();
        (!keys.is_empty()).then_some(Self(keys))
    }

    /// The key by which a token is to be checked: that of its `kid`, or, where it names none, the only one of its kind.
    pub(crate) fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Option<&DecodingKey> {
        let mut fitting = self.0.iter().filter(|key| key.is_for(algorithm));
        let found = if let Some(id) = id {
            fitting.find(|key| key.id.as_deref() == Some(id))?
        } else {
            let only = fitting.next()?;
            fitting.next().is_none().then_some(only)?
        };
        Some(&found.decoding)
    }
}

impl Key {
    fn of(told: &Value) -> Option<Self> {
        let only = told.get("alg").and_then(Value::as_str).map(str::to_owned);
        let jwk: Jwk = serde_json::from_value(told.clone()).ok()?;
        let is_for_signatures = jwk.common.public_key_use.is_none_or(|u| u == PublicKeyUse::Signature)
            && jwk.common.key_operations.is_none_or(|all| all.contains(&KeyOperations::Verify));
        // A shared secret has no family here, so that a set with one lets nobody sign by it.
        let family = match &jwk.algorithm {
            AlgorithmParameters::RSA(_) => Family::Rsa,
            AlgorithmParameters::EllipticCurve(key) => match key.curve {
                EllipticCurve::P256 => Family::P256,
                EllipticCurve::P384 => Family::P384,
                _ => return None,
            },
            AlgorithmParameters::OctetKeyPair(key) => match key.curve {
                EllipticCurve::Ed25519 => Family::Ed25519,
                _ => return None,
            },
            _ => return None,
        };
        let decoding = match &jwk.algorithm {
            AlgorithmParameters::RSA(rsa) => DecodingKey::from_rsa_components(&rsa.n, &rsa.e),
            AlgorithmParameters::EllipticCurve(ec) => DecodingKey::from_ec_components(&ec.x, &ec.y),
            AlgorithmParameters::OctetKeyPair(ed) => DecodingKey::from_ed_components(&ed.x),
            _ => return None,
        };
        let decoding = decoding.ok().filter(|_| is_for_signatures)?;
        Some(Self { id: jwk.common.key_id, family, only, decoding })
    }

    fn is_for(&self, algorithm: Algorithm) -> bool {
        self.family == algorithm.family()
            && self.only.as_deref().is_none_or(|only| only == algorithm.as_str())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ed25519(id: &str) -> Value {
        json!({ "kty": "OKP", "crv": "Ed25519", "kid": id, "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" })
    }

    fn with(mut key: Value, name: &str, value: Value) -> Value {
        key[name] = value;
        key
    }

    #[test]
    fn a_key_is_found_by_its_id_and_by_what_it_is_for() {
        let keys = Keys::of(&json!({ "keys": [ed25519("a"), ed25519("b")] })).unwrap();
        assert!(keys.find(Some("a"), Algorithm::EdDsa).is_some());
        assert!(keys.find(Some("c"), Algorithm::EdDsa).is_none());
        assert!(keys.find(Some("a"), Algorithm::Rs256).is_none());
        assert!(keys.find(None, Algorithm::EdDsa).is_none(), "which of the two is not said");
        let one = Keys::of(&json!({ "keys": [ed25519("a")] })).unwrap();
        assert!(one.find(None, Algorithm::EdDsa).is_some());
    }

    #[test]
    fn what_is_no_key_for_signatures_is_left_out() {
        let refused = [
            json!({ "kty": "oct", "kid": "a", "k": "c2VjcmV0" }),
            with(ed25519("a"), "use", json!("enc")),
            with(ed25519("a"), "key_ops", json!(["sign"])),
            with(ed25519("a"), "crv", json!("X25519")),
            json!({ "kty": "of later", "kid": "a" }),
            json!(5),
        ];
        for key in refused {
            assert!(Keys::of(&json!({ "keys": [key] })).is_none(), "{key}");
            let beside = Keys::of(&json!({ "keys": [key, ed25519("b")] })).unwrap();
            assert!(beside.find(Some("b"), Algorithm::EdDsa).is_some(), "{key}");
            assert!(beside.find(Some("a"), Algorithm::EdDsa).is_none(), "{key}");
        }
        let other = with(ed25519("a"), "alg", json!("ES256"));
        let keys = Keys::of(&json!({ "keys": [other] })).unwrap();
        assert!(keys.find(Some("a"), Algorithm::EdDsa).is_none());
        for set in [json!({}), json!([]), json!({ "keys": [] }), json!({ "keys": 5 })] {
            assert!(Keys::of(&set).is_none(), "{set}");
        }
    }
}
