//! How what is sent is signed: by Standard Webhooks, which receivers have libraries for.

use base64ct::{Base64, Encoding as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use nattoku_store::SigningSecret;
use sha2::Sha256;

/// What a secret begins with as a text.
const PREFIX: &str = "whsec_";
/// How many bytes a secret may have.
const BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// The text is no secret. It says nothing of what the text holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a secret is `whsec_` and the base64 of 24 to 64 bytes")]
pub struct NotASecret;

/// A secret as receivers are given it.
#[must_use]
pub fn secret_text(secret: &SigningSecret) -> String {
    format!("{PREFIX}{}", Base64::encode_string(secret.bytes()))
}

/// Reads a secret.
///
/// # Errors
/// It is none.
pub fn read_secret(text: &str) -> Result<SigningSecret, NotASecret> {
    let encoded = text.strip_prefix(PREFIX).ok_or(NotASecret)?;
    let bytes = Base64::decode_vec(encoded).map_err(|_| NotASecret)?;
    if BYTES.contains(&bytes.len()) { Ok(SigningSecret::new(bytes)) } else { Err(NotASecret) }
}

/// The value of `webhook-signature` for a message that is sent at an instant, in seconds since 1970.
#[must_use]
pub fn sign(secret: &SigningSecret, id: &str, timestamp: i64, body: &str) -> String {
    // A key of any length will do.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.bytes()) else { return String::new() };
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", Base64::encode_string(&mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's own reference libraries.
    #[test]
    fn it_signs_as_the_specification_does() {
        let secret = read_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature =
            sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(secret_text(&secret), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        assert_eq!(format!("{secret:?}"), "SigningSecret(…)");
    }

    #[test]
    fn what_is_no_secret_is_none() {
        for wrong in [
            "",
            "whsec_",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whsec_AAAA",
            "whsec_no base64 at all, but long enough",
        ] {
            assert_eq!(read_secret(wrong), Err(NotASecret), "{wrong}");
        }
        assert!(read_secret(&secret_text(&SigningSecret::new(vec![7; 65]))).is_err());
    }
}
