//! No key shows itself.

use nattoku_seal::{Key, PrincipalKeys, SealingKey};

#[test]
fn keys_are_not_shown() {
    let key = Key::new([0xab; 32]);
    let keys = PrincipalKeys::new(key.clone(), Key::new([0xcd; 32]));
    let shown = format!("{key:?} {:?} {keys:?}", SealingKey::new(&key, 1)).to_lowercase();
    for secret in ["ab, ab", "171", "abab", "cdcd", "205"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("key(…)"), "{shown}");
}
