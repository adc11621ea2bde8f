//! What holds of a key-encryption key, wherever it is kept.

use nattoku_seal::{Key, KeyEncryptionKey, Kind, Place};

fn place(kek: &dyn KeyEncryptionKey, number: u64) -> Place {
    Place { kind: Kind::GroupKey, ledger: [0xa1; 16], subject: kek.id(), number }
}

/// Holds a new key to everything that is promised. `again` opens the same key anew, as another program would.
pub(crate) fn holds(kek: &dyn KeyEncryptionKey, again: impl Fn() -> Box<dyn KeyEncryptionKey>) {
    assert_eq!(kek.version().unwrap(), 1);
    let (key, other) = (Key::new([7; 32]), Key::new([8; 32]));
    let first = kek.wrap(&place(kek, 1), &[1; 12], &key).unwrap();
    let second = kek.wrap(&place(kek, 2), &[2; 12], &other).unwrap();
    // What it wrapped it unwraps, and so does whoever opens it later.
    assert_eq!(kek.unwrap(&place(kek, 1), &first).unwrap(), key);
    assert_eq!(again().id(), kek.id());
    assert_eq!(again().unwrap(&place(kek, 2), &second).unwrap(), other);
    // Nothing unwraps elsewhere, changed, or cut off.
    kek.unwrap(&place(kek, 2), &first).unwrap_err();
    kek.unwrap(&Place { ledger: [0; 16], ..place(kek, 1) }, &first).unwrap_err();
    kek.unwrap(&Place { kind: Kind::IndexKey, ..place(kek, 1) }, &first).unwrap_err();
    for cut in [0, 1, 5, first.len() - 1] {
        kek.unwrap(&place(kek, 1), &first[..cut]).unwrap_err();
    }
    let mut changed = first.clone();
    *changed.last_mut().unwrap() ^= 1;
    kek.unwrap(&place(kek, 1), &changed).unwrap_err();
    // A new version wraps from now on; the older one unwraps until it is destroyed.
    let rotated = again();
    assert_eq!(rotated.add_version(&Key::new([9; 32])).unwrap(), 2);
    assert_eq!(again().version().unwrap(), 2);
    let third = rotated.wrap(&place(kek, 1), &[3; 12], &key).unwrap();
    assert_eq!(again().unwrap(&place(kek, 1), &first).unwrap(), key);
    assert_eq!(again().unwrap(&place(kek, 1), &third).unwrap(), key);
    rotated.destroy_before(2).unwrap();
    let error = again().unwrap(&place(kek, 1), &first).unwrap_err();
    assert!(!error.ja.is_empty() && !error.en.contains("0707"), "{error:?}");
    assert_eq!(again().unwrap(&place(kek, 1), &third).unwrap(), key);
    assert_eq!(rotated.version().unwrap(), 2);
}
