//! Sealing what could be personal, so that erasing is a matter of destroying keys.
//!
//! A [`Key`] is 32 random bytes. A [`SealingKey`] seals a text for one [`Place`] and opens it there and nowhere else.
//! Every principal has keys of their own, sealed by the key of their [`Group`], which is wrapped by a
//! [`KeyEncryptionKey`]. Nothing here draws randomness, reads or writes: nonces and keys come in as bytes. What each byte
//! means stands in `docs/reference/ledger-format.md`.

mod group;
mod index;
mod kek;
mod key;
mod mac;
mod place;
mod principal;
mod sealed;

pub use group::{GROUPS, Group};
pub use index::{blind_index, session_owner};
pub use kek::{KekError, KeyEncryptionKey, Wrapped};
pub use key::Key;
pub use mac::{commitment, hmac_sha256};
pub use place::{Kind, Place};
pub use principal::PrincipalKeys;
pub use sealed::{Nonce, OVERHEAD, OpenError, SUITE, SealingKey};
