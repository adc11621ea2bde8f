//! A key-encryption key in a PKCS#11 token, which it never leaves.
//!
//! Its versions are AES keys of 256 bits with one label; `CKA_ID` is the version in four bytes. The token wraps by `AES-GCM`.

use std::fmt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::aead::GcmParams;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use nattoku_seal::{KekError, Key, KeyEncryptionKey, Nonce, Place, Wrapped};
use zeroize::Zeroizing;

use crate::name::{id_of, split_head, with_head};

/// The byte in front of what a token wrapped.
const KEEPER: u8 = 2;

/// A key-encryption key in a PKCS#11 token.
pub struct Pkcs11Kek {
    // The session ends before the library it is of.
    session: Mutex<Session>,
    _library: Pkcs11,
    token: String,
    label: String,
}

impl Pkcs11Kek {
    /// Opens the key of a label in a token, through the library of the token's maker.
    ///
    /// # Errors
    /// The library, the token or the key is not there, or the PIN is wrong.
    pub fn open(module: &Path, token: &str, label: &str, pin: &str) -> Result<Self, KekError> {
        let kek = Self::connect(module, token, label, pin)?;
        kek.version()?;
        Ok(kek)
    }

    /// Makes the key in the token, where it has none of that label.
    ///
    /// # Errors
    /// There is one already, or the token refuses.
    pub fn create(module: &Path, token: &str, label: &str, pin: &str) -> Result<Self, KekError> {
        let kek = Self::connect(module, token, label, pin)?;
        if !kek.versions(&kek.session())?.is_empty() {
            let name = kek.name();
            return Err(KekError::new(
                format!("鍵暗号化鍵 {name} はすでにあります。別のラベルを指定してください"),
                format!("the key-encryption key `{name}` is there already; give another label"),
            ));
        }
        kek.generate(&kek.session(), 1)?;
        Ok(kek)
    }

    fn connect(module: &Path, token: &str, label: &str, pin: &str) -> Result<Self, KekError> {
        let name = format!("pkcs11:{token}/{label}");
        let told = |error: &Error| refused(&name, error);
        let library = Pkcs11::new(module).map_err(|error| {
            let module = module.display();
            KekError::new(
                format!("PKCS#11 のライブラリ {module} を読み込めません（{error}）。`pkcs11_module` を確かめてください"),
                format!("the PKCS#11 library `{module}` cannot be loaded ({error}); check `pkcs11_module`"),
            )
        })?;
        match library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            // Whoever opened another key of this library before did it for the whole program.
            Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(error) => return Err(told(&error)),
        }
        let slots = library.get_slots_with_initialized_token().map_err(|error| told(&error))?;
        let is_ours = |slot| library.get_token_info(slot).is_ok_and(|info| info.label() == token);
        let slot = slots.into_iter().find(|slot| is_ours(*slot)).ok_or_else(|| {
            KekError::new(
                format!("PKCS#11 のトークン `{token}` が見つかりません。接続とラベルを確かめてください"),
                format!("there is no PKCS#11 token `{token}`; check that it is plugged in, and its label"),
            )
        })?;
        let session = library.open_rw_session(slot).map_err(|error| told(&error))?;
        match session.login(UserType::User, Some(&AuthPin::new(pin.into()))) {
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
            Err(error) => return Err(told(&error)),
        }
        let (token, label) = (token.to_owned(), label.to_owned());
        Ok(Self { session: Mutex::new(session), _library: library, token, label })
    }

    fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every version with its object.
    fn versions(&self, session: &Session) -> Result<Vec<(u32, ObjectHandle)>, KekError> {
        let ours =
            [Attribute::Class(ObjectClass::SECRET_KEY), Attribute::Label(self.label.clone().into_bytes())];
        let mut versions = Vec::new();
        for object in session.find_objects(&ours).map_err(|error| self.refused(&error))? {
            let attributes = session.get_attributes(object, &[AttributeType::Id]);
            for attribute in attributes.map_err(|error| self.refused(&error))? {
                if let Attribute::Id(id) = attribute
                    && let Ok(version) = <[u8; 4]>::try_from(id.as_slice())
                {
                    versions.push((u32::from_be_bytes(version), object));
                }
            }
        }
        versions.sort_unstable_by_key(|(version, _)| *version);
        Ok(versions)
    }

    fn newest(&self, session: &Session) -> Result<(u32, ObjectHandle), KekError> {
        self.versions(session)?.pop().ok_or_else(|| {
            let name = self.name();
            KekError::new(
                format!("鍵暗号化鍵 {name} がトークンにありません。`nattoku ledger sealing create {name}` で作ってください"),
                format!("the token has no key-encryption key `{name}`; make it by `nattoku ledger sealing create {name}`"),
            )
        })
    }

    fn generate(&self, session: &Session, version: u32) -> Result<(), KekError> {
        let template = [
            Attribute::Class(ObjectClass::SECRET_KEY),
            Attribute::KeyType(KeyType::AES),
            Attribute::ValueLen(32.into()),
            Attribute::Label(self.label.clone().into_bytes()),
            Attribute::Id(version.to_be_bytes().to_vec()),
            Attribute::Token(true),
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Encrypt(true),
            Attribute::Decrypt(true),
        ];
        let made = session.generate_key(&Mechanism::AesKeyGen, &template);
        made.map(|_| ()).map_err(|error| self.refused(&error))
    }

    fn refused(&self, error: &Error) -> KekError {
        refused(&self.name(), error)
    }
}

impl KeyEncryptionKey for Pkcs11Kek {
    fn id(&self) -> [u8; 16] {
        id_of(&self.name())
    }

    fn name(&self) -> String {
        format!("pkcs11:{}/{}", self.token, self.label)
    }

    fn version(&self) -> Result<u32, KekError> {
        Ok(self.newest(&self.session())?.0)
    }

    fn wrap(&self, place: &Place, nonce: &Nonce, key: &Key) -> Result<Wrapped, KekError> {
        let session = self.session();
        let (version, object) = self.newest(&session)?;
        let (place, mut iv) = (place.bytes(KEEPER, version), *nonce);
        let parameters = GcmParams::new(&mut iv, &place, 128.into()).map_err(|error| self.refused(&error))?;
        let sealed = session.encrypt(&Mechanism::AesGcm(parameters), object, key.bytes());
        Ok(with_head(KEEPER, version, &[nonce, &sealed.map_err(|error| self.refused(&error))?]))
    }

    fn unwrap(&self, place: &Place, wrapped: &[u8]) -> Result<Key, KekError> {
        let session = self.session();
        let parts = split_head(KEEPER, wrapped).and_then(|(version, rest)| {
            let (nonce, sealed) = rest.split_first_chunk::<12>()?;
            // Shorter than a key and its tag is nothing that was wrapped; some tokens answer such bytes with none.
            (sealed.len() == 48).then_some((version, *nonce, sealed))
        });
        let (version, mut iv, sealed) = parts.ok_or_else(|| self.foreign())?;
        let versions = self.versions(&session)?;
        let object = versions.iter().find(|(found, _)| *found == version).map(|(_, object)| *object);
        let object = object.ok_or_else(|| {
            let name = self.name();
            KekError::new(
                format!("鍵暗号化鍵 {name} に版 {version} はありません。廃棄された版で包まれた鍵は、もう開けません"),
                format!("the key-encryption key `{name}` has no version {version}; what a destroyed version wrapped never opens again"),
            )
        })?;
        let place = place.bytes(KEEPER, version);
        let parameters = GcmParams::new(&mut iv, &place, 128.into()).map_err(|error| self.refused(&error))?;
        let opened =
            session.decrypt(&Mechanism::AesGcm(parameters), object, sealed).map_err(|_| self.foreign())?;
        Key::from_slice(&Zeroizing::new(opened)).ok_or_else(|| self.foreign())
    }

    fn add_version(&self, _random: &Key) -> Result<u32, KekError> {
        let session = self.session();
        let next = self.newest(&session)?.0.saturating_add(1);
        self.generate(&session, next)?;
        Ok(next)
    }

    fn destroy_before(&self, version: u32) -> Result<(), KekError> {
        let session = self.session();
        for (_, object) in self.versions(&session)?.into_iter().filter(|(found, _)| *found < version) {
            session.destroy_object(object).map_err(|error| self.refused(&error))?;
        }
        Ok(())
    }
}

impl Pkcs11Kek {
    fn foreign(&self) -> KekError {
        let name = self.name();
        KekError::new(
            format!("鍵暗号化鍵 {name} では開けません。別の鍵で包まれたか、変更されています"),
            format!(
                "the key-encryption key `{name}` does not open this: another wrapped it, or it was changed"
            ),
        )
    }
}

impl fmt::Debug for Pkcs11Kek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pkcs11Kek")
            .field("token", &self.token)
            .field("label", &self.label)
            .finish_non_exhaustive()
    }
}

fn refused(name: &str, error: &Error) -> KekError {
    if matches!(error, Error::Pkcs11(RvError::PinIncorrect | RvError::PinLenRange | RvError::PinInvalid, _)) {
        return KekError::new(
            format!("鍵暗号化鍵 {name} のPINが違います。`pkcs11_pin_file` を確かめてください"),
            format!("the PIN for the key-encryption key `{name}` is wrong; check `pkcs11_pin_file`"),
        );
    }
    // The library explains each code at length; the code is enough to look it up.
    let code = match error {
        Error::Pkcs11(code, function) => format!("{code:?}, {function:?}"),
        other => other.to_string(),
    };
    KekError::new(
        format!("鍵暗号化鍵 {name} のトークンが応じません（{code}）。接続を確かめてください"),
        format!(
            "the token of the key-encryption key `{name}` refuses ({code}); check that it is plugged in and ready"
        ),
    )
}
