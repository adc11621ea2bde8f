//! The primitives against the public vectors of Project Wycheproof, which stand in `shared/data/vectors/wycheproof`, in a
//! folder beside the checkout or above it. Where they are not, the tests say so and hold nothing.

use std::io::Write;
use std::path::Path;

use aes_gcm_siv::aead::AeadInOut;
use aes_gcm_siv::{Aes256GcmSiv, KeyInit};
use nattoku_seal::hmac_sha256;
use serde_json::Value;

use crate::support::unhex;

/// Every case of a file with the group that it stands in.
fn cases(file: &str) -> Option<Vec<(Value, Value)>> {
    let place = Path::new("shared/data/vectors/wycheproof").join(file);
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join(&place));
    let Some(text) = found.into_iter().find_map(|path| std::fs::read_to_string(path).ok()) else {
        let said = format!("not held: {} is not here\n", place.display());
        std::io::stderr().write_all(said.as_bytes()).unwrap();
        return None;
    };
    let all: Value = serde_json::from_str(&text).unwrap();
    let groups = all["testGroups"].as_array().unwrap();
    let of = |group: &Value| -> Vec<(Value, Value)> {
        group["tests"].as_array().unwrap().iter().map(|case| (group.clone(), case.clone())).collect()
    };
    Some(groups.iter().flat_map(of).collect())
}

fn bytes(case: &Value, field: &str) -> Vec<u8> {
    unhex(case[field].as_str().unwrap())
}

#[test]
fn aes_256_gcm_siv() {
    let Some(cases) = cases("aes_gcm_siv_test.json") else { return };
    let (mut n_valid, mut n_invalid) = (0, 0);
    for (group, case) in cases.iter().filter(|(group, _)| group["keySize"] == 256 && group["ivSize"] == 96) {
        let cipher = Aes256GcmSiv::new_from_slice(&bytes(case, "key")).unwrap();
        let nonce: [u8; 12] = bytes(case, "iv").try_into().unwrap();
        let (aad, text, tag) = (bytes(case, "aad"), bytes(case, "msg"), bytes(case, "tag"));
        let tag: [u8; 16] = tag.try_into().unwrap();
        let mut opened = bytes(case, "ct");
        let result =
            cipher.decrypt_inout_detached(&nonce.into(), &aad, opened.as_mut_slice().into(), &tag.into());
        if case["result"] == "valid" {
            n_valid += 1;
            result.unwrap();
            assert_eq!(opened, text, "{group} {case}");
            let mut sealed = text.clone();
            let made =
                cipher.encrypt_inout_detached(&nonce.into(), &aad, sealed.as_mut_slice().into()).unwrap();
            assert_eq!((sealed, made.to_vec()), (bytes(case, "ct"), bytes(case, "tag")), "{case}");
        } else {
            n_invalid += 1;
            assert!(result.is_err(), "{case}");
        }
    }
    assert!(n_valid > 50 && n_invalid > 30, "{n_valid} valid, {n_invalid} invalid");
}

#[test]
fn hmac_sha_256() {
    let Some(cases) = cases("hmac_sha256_test.json") else { return };
    let mut n_held = 0;
    for (group, case) in cases.iter().filter(|(group, _)| group["keySize"] == 256) {
        let key: [u8; 32] = bytes(case, "key").try_into().unwrap();
        let message = bytes(case, "msg");
        let (whole, parts) = (hmac_sha256(&key, &[&message]), message.split_at(message.len() / 3));
        assert_eq!(whole, hmac_sha256(&key, &[parts.0, parts.1]));
        let n_bytes = usize::try_from(group["tagSize"].as_u64().unwrap() / 8).unwrap();
        assert_eq!(whole[..n_bytes] == bytes(case, "tag"), case["result"] == "valid", "{case}");
        n_held += 1;
    }
    assert!(n_held > 50, "{n_held}");
}
