//! A key-encryption key in a file.

use nattoku_kek::FileKek;
use nattoku_seal::{Key, KeyEncryptionKey};

use crate::contract;
use crate::support::Folder;

#[test]
fn a_file_keeps_every_promise() {
    let folder = Folder::new();
    let path = folder.path("kek");
    let kek = FileKek::create(&path, [0x5a; 16], Key::new([1; 32])).unwrap();
    contract::holds(&kek, || Box::new(FileKek::open(&path).unwrap()));
}

#[test]
fn the_bytes_of_the_file() {
    let folder = Folder::new();
    let path = folder.path("kek");
    let kek = FileKek::create(&path, [0x5a; 16], Key::new([1; 32])).unwrap();
    let (id, key) = ("5a".repeat(16), "01".repeat(32));
    let text = format!("nattoku-key-encryption-key 1\nid {id}\nkey 1 {key}\n");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    kek.add_version(&Key::new([2; 32])).unwrap();
    kek.destroy_before(2).unwrap();
    let text = format!("nattoku-key-encryption-key 1\nid {id}\nkey 2 {}\n", "02".repeat(32));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn what_is_there_is_never_written_over() {
    let folder = Folder::new();
    let path = folder.path("kek");
    std::fs::write(&path, "precious").unwrap();
    FileKek::create(&path, [0; 16], Key::new([1; 32])).unwrap_err();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn what_a_crash_left_of_a_key_is_in_nobodys_way() {
    let folder = Folder::new();
    let path = folder.path("kek");
    std::fs::write(folder.path(&format!("kek.{}.partial", "5a".repeat(16))), "nattoku-key-enc").unwrap();
    FileKek::create(&path, [0x5a; 16], Key::new([1; 32])).unwrap();
    FileKek::open(&path).unwrap();
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn what_is_no_key_is_told() {
    let folder = Folder::new();
    let path = folder.path("kek");
    let error = FileKek::open(&path).unwrap_err();
    assert!(error.en.contains("cannot be read") && error.ja.contains("読めません"), "{error}");
    let (id, key) = ("5a".repeat(16), "01".repeat(32));
    for text in [
        String::new(),
        "nattoku-key-encryption-key 2\n".to_owned(),
        format!("nattoku-key-encryption-key 1\nid {id}\n"),
        format!("nattoku-key-encryption-key 1\nid {id}\nkey 0 {key}\n"),
        format!("nattoku-key-encryption-key 1\nid {id}\nkey 1 {key}\nkey 1 {key}\n"),
        format!("nattoku-key-encryption-key 1\nid {id}\nkey 1 {}\n", &key[1..]),
        format!("nattoku-key-encryption-key 1\nid {id}\nkey 1 {}+1\n", &key[2..]),
    ] {
        std::fs::write(&path, &text).unwrap();
        private(&path);
        let error = FileKek::open(&path).unwrap_err();
        assert!(error.en.contains("is not the file of a key-encryption key"), "{text}: {error}");
        assert!(!error.en.contains(&key), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn a_key_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let path = folder.path("kek");
    let kek = FileKek::create(&path, [0; 16], Key::new([1; 32])).unwrap();
    let mode = || std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(), 0o600);
    kek.add_version(&Key::new([2; 32])).unwrap();
    assert_eq!(mode(), 0o600);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    let error = FileKek::open(&path).unwrap_err();
    assert!(error.en.contains("chmod 600"), "{error}");
    assert!(!format!("{kek:?}").contains("2, 2"));
}

fn private(path: &std::path::Path) {
    #[cfg(unix)]
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}
