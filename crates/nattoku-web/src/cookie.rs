//! The cookies: one names a session and nothing else; one keeps what belongs to a sign-in at a provider while it is under way; one the
//! page that was wanted, until whoever wanted it has signed in.

use axum::http::{HeaderMap, header};

use crate::sign_in::LASTS_SECONDS;

/// A cookie.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cookie {
    name: &'static str,
    /// Its name over TLS: one that begins so browsers take of this very host alone, and of no part of it.
    of_host: &'static str,
    /// After how long browsers forget it; with their own session where nothing is said.
    lasts_seconds: Option<u32>,
}

/// Names a session. It ends with the browser's session; the server ends it earlier.
pub(crate) const SESSION: Cookie =
    Cookie { name: "nattoku_session", of_host: "__Host-nattoku_session", lasts_seconds: None };
/// Keeps a sign-in for as long as it may take.
pub(crate) const ATTEMPT: Cookie =
    Cookie { name: "nattoku_sign_in", of_host: "__Host-nattoku_sign_in", lasts_seconds: Some(LASTS_SECONDS) };

/// Keeps the page that was wanted, for as long as a link may wait to be opened.
pub(crate) const WANTED: Cookie =
    Cookie { name: "nattoku_wanted", of_host: "__Host-nattoku_wanted", lasts_seconds: Some(12 * 60 * 60) };

impl Cookie {
    /// What it holds, if the request brings it.
    pub(crate) fn read(self, headers: &HeaderMap, is_secure: bool) -> Option<&str> {
        let wanted = self.name(is_secure);
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(name, value)| (name == wanted).then_some(value))
    }

    /// The header that sets it.
    pub(crate) fn set(self, value: &str, is_secure: bool) -> String {
        self.header(value, self.lasts_seconds, is_secure)
    }

    /// The header that takes it away.
    pub(crate) fn clear(self, is_secure: bool) -> String {
        self.header("", Some(0), is_secure)
    }

    fn header(self, value: &str, lasts_seconds: Option<u32>, is_secure: bool) -> String {
        let name = self.name(is_secure);
        let lasts = lasts_seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let secure = if is_secure { "; Secure" } else { "" };
        format!("{name}={value}; HttpOnly; SameSite=Lax; Path=/{lasts}{secure}")
    }

    const fn name(self, is_secure: bool) -> &'static str {
        if is_secure { self.of_host } else { self.name }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=b; nattoku_session=abc; c=d"));
        assert_eq!(SESSION.read(&headers, false), Some("abc"));
        assert_eq!(ATTEMPT.read(&headers, false), None);
    }

    #[test]
    fn over_tls_a_cookie_is_of_this_host_alone() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("nattoku_session=a; nattoku_sign_in=b"));
        for cookie in [SESSION, ATTEMPT, WANTED] {
            let set = cookie.set("t", true);
            assert!(set.starts_with("__Host-nattoku_") && set.ends_with("; Secure"), "{set}");
            assert!(set.contains("=t; HttpOnly; SameSite=Lax; Path=/") && !set.contains("Domain"), "{set}");
            assert!(!cookie.set("t", false).contains("Secure"));
            assert_eq!(cookie.read(&headers, true), None);
            assert!(cookie.clear(true).contains("; Max-Age=0; Secure"));
        }
        assert_eq!(i64::from(WANTED.lasts_seconds.unwrap()), crate::session::LINK_LASTS.as_secs());
        assert!(
            ATTEMPT.set("t", true).contains("; Max-Age=600;") && !SESSION.set("t", true).contains("Max-Age")
        );
    }
}
