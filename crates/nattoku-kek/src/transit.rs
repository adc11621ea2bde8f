//! A key-encryption key in the transit engine of `OpenBao` or Vault, which it never leaves.

mod client;

use std::fmt;
use std::path::PathBuf;

use base64ct::{Base64, Encoding};
use nattoku_seal::{KekError, Key, KeyEncryptionKey, Nonce, Place, Wrapped};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use self::client::{Answered, Client};
use crate::name::{id_of, split_head, with_head};

/// The byte in front of what the engine wrapped.
const KEEPER: u8 = 3;

/// A key-encryption key in a transit engine.
pub struct TransitKek {
    client: Client,
    mount: String,
    key: String,
}

/// Where a transit engine is, and who asks it.
#[derive(Debug, Clone)]
pub struct TransitServer {
    /// Its address: `https://bao.example.jp:8200`. `http` is taken for this very machine alone.
    pub address: String,
    /// The file of the token, which is read at every call, since an agent may renew it.
    pub token_file: PathBuf,
    /// The file of the certificates, as PEM, that the server's certificate is to be signed by; needed for `https`.
    pub ca_file: Option<PathBuf>,
}

impl TransitKek {
    /// Opens a key of an engine.
    ///
    /// # Errors
    /// The server cannot be reached or refuses, or the key is not there.
    pub fn open(server: &TransitServer, mount: &str, key: &str) -> Result<Self, KekError> {
        let kek = Self::connect(server, mount, key)?;
        kek.version()?;
        Ok(kek)
    }

    /// Makes the key in the engine, where it has none of that name.
    ///
    /// # Errors
    /// There is one already, or the server refuses.
    pub fn create(server: &TransitServer, mount: &str, key: &str) -> Result<Self, KekError> {
        let kek = Self::connect(server, mount, key)?;
        if let Answered::Data(_) = kek.client.get(&kek.keys_path())? {
            let name = kek.name();
            return Err(KekError::new(
                format!("鍵暗号化鍵 {name} はすでにあります。別の名前を指定してください"),
                format!("the key-encryption key `{name}` is there already; give another name"),
            ));
        }
        kek.told(
            kek.client.post(&kek.keys_path(), &json!({ "type": "aes256-gcm96", "exportable": false }))?,
        )?;
        Ok(kek)
    }

    fn connect(server: &TransitServer, mount: &str, key: &str) -> Result<Self, KekError> {
        for name in [mount, key] {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            if name.is_empty() || !name.chars().all(is_plain) {
                return Err(KekError::new(
                    format!("`transit:マウント/鍵` の `{name}` は、英数字と `-`、`_`、`.` で書いてください"),
                    format!(
                        "`{name}` in `transit:MOUNT/KEY` must consist of letters, digits, `-`, `_` and `.`"
                    ),
                ));
            }
        }
        let client = Client::new(server)?;
        Ok(Self { client, mount: mount.to_owned(), key: key.to_owned() })
    }

    fn keys_path(&self) -> String {
        format!("{}/keys/{}", self.mount, self.key)
    }

    fn told(&self, answered: Answered) -> Result<Value, KekError> {
        match answered {
            Answered::Data(data) => Ok(data),
            Answered::Refused { status, why } => {
                let name = self.name();
                Err(KekError::new(
                    format!(
                        "鍵暗号化鍵 {name} のサーバーが断りました（{status} {why}）。鍵の名前とトークンの権限を確かめてください"
                    ),
                    format!(
                        "the server of the key-encryption key `{name}` refuses ({status} {why}); check the key's name and what the token may do"
                    ),
                ))
            }
        }
    }

    fn text(&self, data: &Value, field: &str) -> Result<Zeroizing<String>, KekError> {
        let text = data.get(field).and_then(Value::as_str).map(str::to_owned);
        text.map(Zeroizing::new).ok_or_else(|| self.strange(field))
    }

    fn strange(&self, field: &str) -> KekError {
        let name = self.name();
        KekError::new(
            format!(
                "鍵暗号化鍵 {name} のサーバーの応答に `{field}` がありません。OpenBao か Vault の transit か確かめてください"
            ),
            format!(
                "the server of the key-encryption key `{name}` answers without `{field}`; check that it is the transit engine of OpenBao or Vault"
            ),
        )
    }
}

impl KeyEncryptionKey for TransitKek {
    fn id(&self) -> [u8; 16] {
        id_of(&self.name())
    }

    fn name(&self) -> String {
        format!("transit:{}/{}", self.mount, self.key)
    }

    fn version(&self) -> Result<u32, KekError> {
        let data = self.told(self.client.get(&self.keys_path())?)?;
        let newest = data.get("latest_version").and_then(Value::as_u64);
        newest.and_then(|newest| u32::try_from(newest).ok()).ok_or_else(|| self.strange("latest_version"))
    }

    fn wrap(&self, place: &Place, _: &Nonce, key: &Key) -> Result<Wrapped, KekError> {
        let version = self.version()?;
        let plaintext = Zeroizing::new(Base64::encode_string(key.bytes()));
        let mut body = json!({
            "plaintext": plaintext.as_str(),
            "associated_data": Base64::encode_string(&place.bytes(KEEPER, version)),
            "key_version": version,
        });
        let answered = self.client.post(&format!("{}/encrypt/{}", self.mount, self.key), &body);
        wipe(&mut body, "plaintext");
        let sealed = self.text(&self.told(answered?)?, "ciphertext")?;
        Ok(with_head(KEEPER, version, &[sealed.as_bytes()]))
    }

    fn unwrap(&self, place: &Place, wrapped: &[u8]) -> Result<Key, KekError> {
        let name = self.name();
        let foreign = |why: &str| {
            KekError::new(
                format!(
                    "鍵暗号化鍵 {name} では開けません（{why}）。別の鍵か廃棄された版で包まれたか、変更されています"
                ),
                format!(
                    "the key-encryption key `{name}` does not open this ({why}): another or a destroyed version wrapped it, or it was changed"
                ),
            )
        };
        let (version, sealed) = split_head(KEEPER, wrapped).ok_or_else(|| foreign("-"))?;
        let sealed = std::str::from_utf8(sealed).map_err(|_| foreign("-"))?;
        let body = json!({
            "ciphertext": sealed,
            "associated_data": Base64::encode_string(&place.bytes(KEEPER, version)),
        });
        let answered = self.client.post(&format!("{}/decrypt/{}", self.mount, self.key), &body)?;
        let mut data = match answered {
            // What was changed, is of a destroyed version, or belongs elsewhere is a bad request to the engine.
            Answered::Refused { status: 400, why } => return Err(foreign(&why)),
            answered => self.told(answered)?,
        };
        let plaintext = self.text(&data, "plaintext")?;
        wipe(&mut data, "plaintext");
        let bytes =
            Base64::decode_vec(&plaintext).map(Zeroizing::new).map_err(|_| self.strange("plaintext"))?;
        Key::from_slice(&bytes).ok_or_else(|| foreign("-"))
    }

    fn add_version(&self, _random: &Key) -> Result<u32, KekError> {
        self.told(self.client.post(&format!("{}/rotate", self.keys_path()), &json!({}))?)?;
        self.version()
    }

    fn destroy_before(&self, version: u32) -> Result<(), KekError> {
        let least = json!({ "min_decryption_version": version, "min_encryption_version": version });
        self.told(self.client.post(&format!("{}/config", self.keys_path()), &least)?)?;
        let trim = json!({ "min_available_version": version });
        self.told(self.client.post(&format!("{}/trim", self.keys_path()), &trim)?)?;
        Ok(())
    }
}

impl fmt::Debug for TransitKek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransitKek")
            .field("mount", &self.mount)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// Wipes a secret text of an object.
fn wipe(object: &mut Value, field: &str) {
    if let Some(Value::String(secret)) = object.get_mut(field).map(Value::take) {
        drop(Zeroizing::new(secret));
    }
}
