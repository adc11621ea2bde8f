//! How servers of others are called over HTTP, by whatever here calls one: an issuer, a provider, a receiver of events, a collector, the
//! keeper of a key.
//!
//! Each attempt has a deadline. Nothing is followed elsewhere, no setting of the environment leads a call through a proxy, every status is an
//! answer, and certificates are held against the authorities that are named.

use std::sync::Arc;
use std::time::Duration;

use ureq::Agent;
use ureq::config::Config;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

/// An authority by which certificates are signed.
pub type Authority = Certificate<'static>;

/// How a server is called whose certificate is signed by one of these authorities; where there is none, no call over TLS comes off.
#[must_use]
pub fn config(authorities: Vec<Authority>, deadline: Duration) -> Config {
    let tls = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .root_certs(RootCerts::Specific(Arc::new(authorities)));
    Agent::config_builder()
        .timeout_global(Some(deadline))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .user_agent(concat!("nattoku/", env!("CARGO_PKG_VERSION")))
        .tls_config(tls.build())
        .build()
}

/// The authorities of a file, as PEM, or those that the system trusts where no file is named; nothing, where the file has none.
#[must_use]
pub fn authorities(pem: Option<&[u8]>) -> Option<Vec<Authority>> {
    let Some(pem) = pem else { return Some(of_system()) };
    let certificate = |item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    };
    let found: Vec<Authority> = parse_pem(pem).filter_map(certificate).collect();
    (!found.is_empty()).then_some(found)
}

/// The authorities that the system trusts.
#[must_use]
pub fn of_system() -> Vec<Authority> {
    let found = rustls_native_certs::load_native_certs().certs;
    found.iter().map(|certificate| Certificate::from_der(certificate).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_certificate_has_no_authority() {
        assert!(authorities(Some(b"nothing")).is_none());
        assert!(authorities(Some(b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n")).is_none());
        assert!(authorities(None).is_some());
    }

    #[test]
    fn nothing_is_followed_and_no_proxy_is_asked() {
        let config = config(Vec::new(), Duration::from_secs(1));
        assert_eq!((config.max_redirects(), config.http_status_as_error()), (0, false));
        assert!(config.proxy().is_none());
    }
}
