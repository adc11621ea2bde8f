//! What a key-encryption key is called, and so where it is kept: `file:PATH`, `pkcs11:TOKEN/LABEL`, `transit:MOUNT/KEY`.

use std::path::Path;

/// Where a key-encryption key is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeper<'a> {
    /// In a file.
    File(&'a Path),
    /// In a PKCS#11 token.
    Token {
        /// The token's label.
        token: &'a str,
        /// The key's.
        label: &'a str,
    },
    /// In a transit engine.
    Engine {
        /// Under which path the engine is.
        mount: &'a str,
        /// What the key is called there.
        key: &'a str,
    },
}

impl<'a> Keeper<'a> {
    /// Reads a name. Nothing, where it is none.
    #[must_use]
    pub fn read(named: &'a str) -> Option<Self> {
        let whole = |(left, right): &(&str, &str)| !left.is_empty() && !right.is_empty();
        let (kind, rest) = named.split_once(':')?;
        match (kind, rest.split_once('/').filter(whole)) {
            ("file", _) if !rest.is_empty() => Some(Self::File(Path::new(rest))),
            ("pkcs11", Some((token, label))) => Some(Self::Token { token, label }),
            ("transit", Some((mount, key))) => Some(Self::Engine { mount, key }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_where_a_key_is_kept() {
        assert_eq!(Keeper::read("file:/run/a.kek"), Some(Keeper::File(Path::new("/run/a.kek"))));
        let token = Keeper::Token { token: "hsm", label: "ledger/1" };
        assert_eq!(Keeper::read("pkcs11:hsm/ledger/1"), Some(token));
        assert_eq!(Keeper::read("transit:bao/k"), Some(Keeper::Engine { mount: "bao", key: "k" }));
        for none in
            ["", "file", "file:", "/run/a.kek", "pkcs11:hsm", "pkcs11:/l", "transit:bao/", "vault:a/b"]
        {
            assert_eq!(Keeper::read(none), None, "{none}");
        }
    }
}
