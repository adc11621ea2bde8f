//! The one cookie: it names a session and nothing else.

use axum::http::{HeaderMap, header};

/// Its name.
pub(crate) const NAME: &str = "nattoku_session";

/// The session's token, if the request brings one.
pub(crate) fn read(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == NAME).then_some(value))
}

/// The header that sets it. It ends with the browser's session; the server ends it earlier.
pub(crate) fn set(token: &str, is_secure: bool) -> String {
    format!("{NAME}={token}; HttpOnly; SameSite=Lax; Path=/{}", secure(is_secure))
}

/// The header that takes it away.
pub(crate) fn clear(is_secure: bool) -> String {
    format!("{NAME}=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0{}", secure(is_secure))
}

const fn secure(is_secure: bool) -> &'static str {
    if is_secure { "; Secure" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=b; nattoku_session=abc; c=d"));
        assert_eq!(read(&headers), Some("abc"));
    }

    #[test]
    fn only_tls_binds_it() {
        assert!(!set("t", false).contains("Secure"));
        assert!(set("t", true).ends_with("; Secure"));
    }
}
