//! The number of a call: what joins its answer, its lines in the log, and its trace, whose id it is.

use std::fmt;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use http::HeaderValue;

use crate::random;

/// Sixteen bytes, not all of them zero; written as 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Number([u8; 16]);

impl Number {
    /// Another than any before.
    #[must_use]
    pub fn new() -> Self {
        let number = (u128::from(random::next()) << 64) | u128::from(random::next());
        Self(number.max(1).to_be_bytes())
    }

    /// Of a text of 32 lower-case hexadecimal digits, as W3C's `traceparent` has it.
    pub(crate) fn of_trace(text: &[u8]) -> Option<Self> {
        let mut bytes = [0; 16];
        (text.len() == 32).then_some(())?;
        HEXLOWER.decode_mut(text, &mut bytes).ok()?;
        Self::of(bytes)
    }

    /// Of what somebody else calls the request, where that is a UUID or 32 hexadecimal digits: what proxies make, and no word of anybody's.
    pub(crate) fn of_request_id(text: &[u8]) -> Option<Self> {
        let mut digits = [0; 32];
        match text.len() {
            32 => digits.copy_from_slice(text),
            36 if [8, 13, 18, 23].iter().all(|at| text.get(*at) == Some(&b'-')) => {
                let mut rest = text.iter().filter(|byte| **byte != b'-');
                digits.iter_mut().zip(&mut rest).for_each(|(digit, byte)| *digit = *byte);
            }
            _ => return None,
        }
        let mut bytes = [0; 16];
        HEXLOWER_PERMISSIVE.decode_mut(&digits, &mut bytes).ok()?;
        Self::of(bytes)
    }

    fn of(bytes: [u8; 16]) -> Option<Self> {
        (bytes != [0; 16]).then_some(Self(bytes))
    }

    /// Its bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// As a header has it.
    #[must_use]
    pub fn header(self) -> HeaderValue {
        HeaderValue::from_bytes(&self.digits()).unwrap_or(HeaderValue::from_static(""))
    }

    fn digits(self) -> [u8; 32] {
        let mut digits = [0; 32];
        HEXLOWER.encode_mut(&self.0, &mut digits);
        digits
    }
}

impl Default for Number {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.digits()).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_are_alike() {
        let many: HashSet<Number> = (0..100_000).map(|_| Number::new()).collect();
        assert_eq!(many.len(), 100_000);
    }

    #[test]
    fn what_proxies_call_a_request_is_its_number_and_nothing_else_is() {
        let of = |text: &str| Number::of_request_id(text.as_bytes()).map(|number| number.to_string());
        let digits = "bfe9eb29ab874ca3be83a1d5d8305716";
        assert_eq!(of(digits).as_deref(), Some(digits));
        assert_eq!(of(&digits.to_uppercase()).as_deref(), Some(digits));
        assert_eq!(of("bfe9eb29-ab87-4ca3-be83-a1d5d8305716").as_deref(), Some(digits));
        for other in [
            "",
            "sakura",
            "00000000000000000000000000000000",
            "bfe9eb29ab874ca3be83a1d5d830571g",
            "bfe9eb29-ab87-4ca3-be83-a1d5d830571-",
            "bfe9eb29-ab874-ca3-be83-a1d5d8305716",
            "bfe9eb29ab874ca3be83a1d5d83057160000",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
        assert_eq!(Number::of_trace(digits.as_bytes()).unwrap().header(), digits);
        assert_eq!(Number::of_trace(digits.to_uppercase().as_bytes()), None, "W3C has it in lower case");
    }
}
