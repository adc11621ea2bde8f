//! Where the key that all others rest on is kept: in a file, in a PKCS#11 token, or in the transit engine of `OpenBao` or
//! Vault.
//!
//! Each keeper is a [`nattoku_seal::KeyEncryptionKey`]. They are asked when a ledger is opened, when the first principal of
//! a group comes and when keys are rotated, never for every event: what they unwrapped is kept in memory by whoever asked.

mod file;
mod hex;
mod keeper;
mod name;
mod pkcs11;
mod transit;

pub use file::FileKek;
pub use keeper::Keeper;
pub use pkcs11::Pkcs11Kek;
pub use transit::{TransitKek, TransitServer};
