//! The public vectors, where they are at hand: in `shared/data/vectors`, in a folder beside the checkout or above it.

use std::path::{Path, PathBuf};

use nattoku_ledger::Hash;
use serde_json::Value;

/// A file or folder of the vectors.
pub(crate) fn path(name: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("shared/data/vectors").join(name))
        .find(|path| path.exists());
    if found.is_none() {
        eprintln!("SKIPPED: the public test vectors ({name}) are not beside this checkout");
    }
    found
}

/// A file of JSON.
pub(crate) fn vectors(file: &str) -> Option<Value> {
    Some(serde_json::from_slice(&std::fs::read(path(file)?).unwrap()).unwrap())
}

/// Bytes in hexadecimal digits.
pub(crate) fn bytes(hex: &Value) -> Vec<u8> {
    let hex = hex.as_str().unwrap();
    (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect()
}

/// Bytes in Base64.
pub(crate) fn from_base64(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).unwrap()
}

/// A hash in Base64; none where the vector's is no hash at all.
pub(crate) fn base64_hash(text: &Value) -> Option<Hash> {
    from_base64(text.as_str().unwrap_or_default()).try_into().ok().map(Hash)
}

/// A list of hashes in Base64, which may be absent.
pub(crate) fn base64_hashes(list: &Value) -> Option<Vec<Hash>> {
    list.as_array().into_iter().flatten().map(base64_hash).collect()
}
