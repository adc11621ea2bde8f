//! ML-DSA-44 by the vectors of Wycheproof.

use nattoku_ledger::{Kind, VerifyingKey};

use crate::vectors::{bytes, vectors};

#[test]
fn signatures_of_wycheproof() {
    let Some(v) = vectors("wycheproof/mldsa_44_verify_test.json") else { return };
    let mut n_cases = 0;
    for group in v["testGroups"].as_array().unwrap() {
        let key = VerifyingKey::new("a", Kind::CosignatureMlDsa44, &bytes(&group["publicKey"]));
        for case in group["tests"].as_array().unwrap() {
            // A cosignature has no context.
            if case["ctx"].as_str().is_some_and(|context| !context.is_empty()) {
                continue;
            }
            let (message, signature) = (bytes(&case["msg"]), bytes(&case["sig"]));
            let verified = key.as_ref().is_ok_and(|key| key.verifies(&message, &signature));
            assert_eq!(verified, case["result"] == "valid", "{}: {}", case["tcId"], case["comment"]);
            n_cases += 1;
        }
    }
    assert!(n_cases >= 100, "{n_cases}");
}
