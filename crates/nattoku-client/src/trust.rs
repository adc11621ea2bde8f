//! Whom a client trusts to be the server.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::{ClientError, Settings};

/// The authorities of the settings, or those of the system.
pub(crate) fn authorities(settings: &Settings) -> Result<Vec<CertificateDer<'static>>, ClientError> {
    let found = if let Some(pem) = &settings.authorities {
        let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        read.map_err(|error| ClientError::Trust(error.to_string()))?
    } else {
        rustls_native_certs::load_native_certs().certs
    };
    if found.is_empty() {
        return Err(ClientError::Trust("there is none".to_owned()));
    }
    Ok(found)
}

/// Whether an address needs any.
pub(crate) fn is_needed(base: &str) -> bool {
    base.starts_with("https:")
}
