//! A key-encryption key in a real PKCS#11 token, that of `SoftHSM` 2.

use std::path::Path;
use std::process::Command;

use nattoku_kek::Pkcs11Kek;
use nattoku_seal::KeyEncryptionKey;

use crate::support::Folder;
use crate::{contract, programs};

const TOKEN: &str = "nattoku";
const PIN: &str = "123456";

/// The library takes the place of its tokens from the environment of the program, so the test runs itself in one of its own.
#[test]
fn a_token_keeps_every_promise() {
    let Some(library) = programs::softhsm() else { return };
    if std::env::var_os("SOFTHSM2_CONF").is_some() {
        return in_a_token(&library);
    }
    let folder = Folder::new();
    let settings = programs::token(&folder, TOKEN, PIN);
    let itself = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "pkcs11::a_token_keeps_every_promise", "--nocapture"])
        .env("SOFTHSM2_CONF", settings)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&itself.stdout);
    assert!(
        itself.status.success() && said.contains("1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&itself.stderr)
    );
}

fn in_a_token(library: &Path) {
    let open = |label: &str| Pkcs11Kek::open(library, TOKEN, label, PIN);
    let error = open("ledger").unwrap_err();
    assert!(error.en.contains("nattoku ledger sealing create pkcs11:nattoku/ledger"), "{error}");
    let kek = Pkcs11Kek::create(library, TOKEN, "ledger", PIN).unwrap();
    assert_eq!(kek.name(), "pkcs11:nattoku/ledger");
    contract::holds(&kek, || Box::new(open("ledger").unwrap()));
    let error = Pkcs11Kek::create(library, TOKEN, "ledger", PIN).unwrap_err();
    assert!(error.en.contains("is there already"), "{error}");
    // Another label is another key.
    let other = Pkcs11Kek::create(library, TOKEN, "other", PIN).unwrap();
    assert_ne!(other.id(), kek.id());
    assert_eq!((other.version().unwrap(), kek.version().unwrap()), (1, 2));
    let error = Pkcs11Kek::open(library, "elsewhere", "ledger", PIN).unwrap_err();
    assert!(error.en.contains("there is no PKCS#11 token `elsewhere`"), "{error}");
    assert!(!format!("{kek:?}").contains(PIN));
}

#[test]
fn what_is_no_library_is_told() {
    let folder = Folder::new();
    let error = Pkcs11Kek::open(&folder.path("none.so"), TOKEN, "ledger", PIN).unwrap_err();
    assert!(error.en.contains("check `pkcs11_module`") && error.ja.contains("読み込めません"), "{error}");
    assert!(!error.en.contains(PIN));
}

#[test]
fn a_wrong_pin_is_told_and_not_shown() {
    let Some(library) = programs::softhsm() else { return };
    if std::env::var_os("SOFTHSM2_CONF").is_some() {
        let error = Pkcs11Kek::open(&library, TOKEN, "ledger", "999999").unwrap_err();
        assert!(error.en.contains("check `pkcs11_pin_file`") && !error.en.contains("999999"), "{error}");
        return;
    }
    let folder = Folder::new();
    let settings = programs::token(&folder, TOKEN, PIN);
    let itself = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "pkcs11::a_wrong_pin_is_told_and_not_shown", "--nocapture"])
        .env("SOFTHSM2_CONF", settings)
        .output()
        .unwrap();
    assert!(itself.status.success(), "{}", String::from_utf8_lossy(&itself.stderr));
}
