//! The key-encryption key, as the settings name it.

use std::path::Path;
use std::sync::Arc;

use nattoku_kek::{FileKek, Keeper, Pkcs11Kek, TransitKek};
use nattoku_seal::{KekError, KeyEncryptionKey};
use nattoku_store::Kek;
use zeroize::Zeroizing;

use crate::{OpenError, Settings};

/// The key-encryption key.
pub(crate) fn kek(settings: &Settings) -> Result<Kek, OpenError> {
    let Some(named) = &settings.kek else { return Ok(Kek::Beside) };
    let opened = match Keeper::read(named) {
        None => return Err(OpenError::KeyName(named.clone())),
        Some(Keeper::File(path)) => FileKek::open(path).map(shared),
        Some(Keeper::Token { token, label }) => {
            let Some((module, pin_file)) = &settings.token else { return Err(OpenError::KeyNeeds("pkcs11")) };
            Pkcs11Kek::open(module, token, label, &pin(pin_file)?).map(shared)
        }
        Some(Keeper::Engine { mount, key }) => {
            let Some(server) = &settings.engine else { return Err(OpenError::KeyNeeds("transit")) };
            TransitKek::open(server, mount, key).map(shared)
        }
    };
    opened.map(Kek::Given).map_err(|KekError { ja, en }| OpenError::Key { ja, en })
}

fn shared(kek: impl KeyEncryptionKey + 'static) -> Arc<dyn KeyEncryptionKey> {
    Arc::new(kek)
}

fn pin(path: &Path) -> Result<Zeroizing<String>, OpenError> {
    let read = std::fs::read_to_string(path).map(Zeroizing::new);
    let read = read.map_err(|source| OpenError::Pin { path: path.to_owned(), source })?;
    Ok(Zeroizing::new(read.trim().to_owned()))
}
