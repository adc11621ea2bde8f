//! TLS to a server on another machine.

use std::sync::{Arc, OnceLock};

use rustls::crypto::aws_lc_rs::default_provider;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::StoreError;

/// Connects by TLS to servers whose certificate names them and is signed by an authority that this machine trusts, or by one in
/// the file that the environment variable `SSL_CERT_FILE` names.
pub(super) fn connector() -> Result<MakeRustlsConnect, StoreError> {
    // The authorities are read from disk once.
    static CONFIG: OnceLock<ClientConfig> = OnceLock::new();
    if let Some(config) = CONFIG.get() {
        return Ok(MakeRustlsConnect::new(config.clone()));
    }
    let config = config()?;
    Ok(MakeRustlsConnect::new(CONFIG.get_or_init(|| config).clone()))
}

fn config() -> Result<ClientConfig, StoreError> {
    let mut roots = RootCertStore::empty();
    // Certificates that cannot be read are passed over; a server that needs one of them is then refused by name.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    Ok(ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| StoreError::Untrusted { source: error.into() })?
        .with_root_certificates(roots)
        .with_no_client_auth())
}
