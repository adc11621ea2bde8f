//! The table `[keys]` of the settings: what a ledger's keys rest on. No secret stands in it, only where one is.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nattoku_kek::{FileKek, Keeper, Pkcs11Kek, TransitKek, TransitServer};
use nattoku_seal::{KekError, Key, KeyEncryptionKey};
use nattoku_store::Kek;
use zeroize::Zeroizing;

use super::{FILE, must_be_table};
use crate::exit::CommandError;
use crate::randomness;

/// The settings there are in the table.
const KEYS: [&str; 6] =
    ["kek", "pkcs11_module", "pkcs11_pin_file", "transit_address", "transit_token_file", "transit_ca_file"];

/// What stands in the table, in the order of [`KEYS`].
#[derive(Debug, Default)]
pub(crate) struct KeySettings {
    values: [Option<String>; 6],
}

impl KeySettings {
    /// Reads the table, where there is one.
    pub(super) fn of(value: Option<&toml::Value>) -> Result<Self, CommandError> {
        let Some(value) = value else { return Ok(Self::default()) };
        let table = must_be_table(value, "keys")?;
        if let Some(unknown) = table.keys().find(|key| !KEYS.contains(&key.as_str())) {
            let error = CommandError::asked_wrongly(
                format!("{FILE}: `[keys]` に `{unknown}` という設定はありません"),
                format!("{FILE}: there is no setting `{unknown}` in `[keys]`"),
            );
            let known = KEYS.join(", ");
            let near = nattoku_model::name::nearest(unknown, KEYS).unwrap_or(&known);
            return Err(error.hint(format!("使える設定: {near}"), format!("settings: {near}")));
        }
        let mut values = <[Option<String>; 6]>::default();
        for (key, place) in KEYS.into_iter().zip(&mut values) {
            *place = match table.get(key) {
                None => None,
                Some(toml::Value::String(value)) => Some(value.clone()),
                Some(_) => {
                    return Err(CommandError::asked_wrongly(
                        format!("{FILE}: `[keys] {key}` は文字列で書いてください"),
                        format!("{FILE}: `{key}` in `[keys]` must be a string"),
                    ));
                }
            };
        }
        Ok(Self { values })
    }

    /// The key-encryption key; `NATTOKU_KEK` comes before the file.
    pub(crate) fn kek(&self) -> Result<Kek, CommandError> {
        let Some(named) = std::env::var("NATTOKU_KEK").ok().or_else(|| self.get("kek").map(str::to_owned))
        else {
            return Ok(Kek::Beside);
        };
        let opened = match keeper(&named)? {
            Keeper::File(path) => FileKek::open(path).map(shared),
            Keeper::Token { token, label } => {
                let (module, pin) = (self.needed("pkcs11_module")?, self.pin()?);
                Pkcs11Kek::open(Path::new(module), token, label, &pin).map(shared)
            }
            Keeper::Engine { mount, key } => TransitKek::open(&self.server()?, mount, key).map(shared),
        };
        Ok(Kek::Given(opened.map_err(failed)?))
    }

    /// Makes a new key-encryption key, and tells its name.
    pub(crate) fn create(&self, named: &str) -> Result<String, CommandError> {
        let made = match keeper(named)? {
            Keeper::File(path) => {
                let mut id = [0; 16];
                randomness::fill(&mut id)?;
                let mut bytes = Zeroizing::new([0; 32]);
                randomness::fill(&mut *bytes)?;
                FileKek::create(path, id, Key::new(*bytes)).map(shared)
            }
            Keeper::Token { token, label } => {
                let (module, pin) = (self.needed("pkcs11_module")?, self.pin()?);
                Pkcs11Kek::create(Path::new(module), token, label, &pin).map(shared)
            }
            Keeper::Engine { mount, key } => TransitKek::create(&self.server()?, mount, key).map(shared),
        };
        Ok(made.map_err(failed)?.name())
    }

    fn get(&self, key: &str) -> Option<&str> {
        let found = KEYS.iter().zip(&self.values).find(|(name, _)| **name == key);
        found.and_then(|(_, value)| value.as_deref())
    }

    fn needed(&self, key: &str) -> Result<&str, CommandError> {
        self.get(key).ok_or_else(|| {
            CommandError::asked_wrongly(
                format!("この鍵暗号化鍵には、{FILE} の `[keys] {key}` が必要です"),
                format!("this key-encryption key needs `{key}` under `[keys]` in {FILE}"),
            )
        })
    }

    fn pin(&self) -> Result<Zeroizing<String>, CommandError> {
        let path = self.needed("pkcs11_pin_file")?;
        let read = std::fs::read_to_string(path).map(Zeroizing::new);
        let pin = read.map_err(|error| {
            CommandError::could_not_run(
                format!("{path} を読めません: {error}"),
                format!("cannot read {path}: {error}"),
            )
            .hint("`pkcs11_pin_file` を確かめてください", "check `pkcs11_pin_file`")
        })?;
        Ok(Zeroizing::new(pin.trim().to_owned()))
    }

    fn server(&self) -> Result<TransitServer, CommandError> {
        Ok(TransitServer {
            address: self.needed("transit_address")?.to_owned(),
            token_file: PathBuf::from(self.needed("transit_token_file")?),
            ca_file: self.get("transit_ca_file").map(PathBuf::from),
        })
    }
}

fn shared(kek: impl KeyEncryptionKey + 'static) -> Arc<dyn KeyEncryptionKey> {
    Arc::new(kek)
}

fn failed(error: KekError) -> CommandError {
    CommandError::could_not_run(error.ja, error.en)
}

/// What a name says: `file:PATH`, `pkcs11:TOKEN/LABEL`, `transit:MOUNT/KEY`.
fn keeper(named: &str) -> Result<Keeper<'_>, CommandError> {
    Keeper::read(named).ok_or_else(|| {
        CommandError::asked_wrongly(
            format!("`{named}` という鍵暗号化鍵は扱えません"),
            format!("`{named}` names no key-encryption key that this program has"),
        )
        .hint(
            "file:ファイル、pkcs11:トークン/ラベル、transit:マウント/鍵 の形で書いてください",
            "write it as file:PATH, pkcs11:TOKEN/LABEL or transit:MOUNT/KEY",
        )
    })
}
