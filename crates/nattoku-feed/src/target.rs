//! Where events may be sent: over TLS, or to this very machine.

use ureq::http::Uri;

/// An address to which events are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    url: String,
}

/// Why a text is no such address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotATarget {
    /// It cannot be read.
    #[error("it is no address")]
    Unreadable,
    /// What is personal would cross a network in the clear.
    #[error("it is not https; http is for this very machine alone (127.0.0.1, [::1], localhost)")]
    InTheClear,
    /// It has a user or a password.
    #[error("it has a user or a password in front of its host; what is sent is signed instead")]
    User,
}

impl Target {
    /// Reads an address.
    ///
    /// # Errors
    /// It cannot be used.
    pub fn read(text: &str) -> Result<Self, NotATarget> {
        let uri: Uri = text.parse().map_err(|_| NotATarget::Unreadable)?;
        let authority = uri.authority().ok_or(NotATarget::Unreadable)?;
        if text.contains('#') || authority.host().is_empty() {
            return Err(NotATarget::Unreadable);
        }
        if authority.as_str().contains('@') {
            return Err(NotATarget::User);
        }
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if is_this_machine(authority.host()) => {}
            Some("http") => return Err(NotATarget::InTheClear),
            _ => return Err(NotATarget::Unreadable),
        }
        Ok(Self { url: text.to_owned() })
    }

    /// As it was written.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// Whether a host is written as this very machine: whoever writes it means it.
pub(crate) fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_over_tls_or_of_this_machine() {
        for good in [
            "https://crm.example.jp/hooks?of=nattoku",
            "https://10.0.0.1:8443/",
            "http://127.0.0.1:9000/hook",
            "http://[::1]/",
            "http://localhost:9000",
        ] {
            assert_eq!(Target::read(good).map(|target| target.url().to_owned()), Ok(good.to_owned()));
        }
        for (wrong, why) in [
            ("http://crm.example.jp/", NotATarget::InTheClear),
            ("http://127.0.0.1.example.jp/", NotATarget::InTheClear),
            ("http://10.0.0.1/", NotATarget::InTheClear),
            ("https://user:word@crm.example.jp/", NotATarget::User),
            ("http://127.0.0.1@crm.example.jp/", NotATarget::User),
            ("ftp://crm.example.jp/", NotATarget::Unreadable),
            ("https:///hooks", NotATarget::Unreadable),
            ("https://crm.example.jp/#part", NotATarget::Unreadable),
            ("crm.example.jp", NotATarget::Unreadable),
            ("", NotATarget::Unreadable),
        ] {
            assert_eq!(Target::read(wrong), Err(why), "{wrong}");
        }
    }
}
