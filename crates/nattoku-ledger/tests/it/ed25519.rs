//! Ed25519 at its edges: the vectors of C2SP's CCTV and of Wycheproof.

use nattoku_ledger::{Kind, VerifyingKey};

use crate::vectors::{bytes, vectors};

fn verifies(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    VerifyingKey::new("a", Kind::Ed25519, key).is_ok_and(|key| key.verifies(message, signature))
}

#[test]
fn signatures_of_wycheproof() {
    let Some(v) = vectors("wycheproof/ed25519_test.json") else { return };
    let mut n_cases = 0;
    for group in v["testGroups"].as_array().unwrap() {
        let key = bytes(&group["publicKey"]["pk"]);
        for case in group["tests"].as_array().unwrap() {
            let verified = verifies(&key, &bytes(&case["msg"]), &bytes(&case["sig"]));
            assert_eq!(verified, case["result"] == "valid", "{}", case["tcId"]);
            n_cases += 1;
        }
    }
    assert!(n_cases >= 150, "{n_cases}");
}

/// Every one of these is odd in some way: small or mixed order, or written otherwise than it should be. Strict verification
/// takes those alone in which both points are canonical, neither is of small order, and what is left of a small order cancels.
#[test]
fn edge_cases_of_cctv() {
    let Some(v) = vectors("ed25519/cctv-ed25519.json") else { return };
    let cases = v.as_array().unwrap();
    assert_eq!(cases.len(), 914);
    for case in cases {
        let message = case["msg"].as_str().unwrap().as_bytes();
        let verified = verifies(&bytes(&case["key"]), message, &bytes(&case["sig"]));
        let flags: Vec<&str> =
            case["flags"].as_array().into_iter().flatten().filter_map(|f| f.as_str()).collect();
        let refused =
            ["low_order_R", "low_order_A", "non_canonical_R", "non_canonical_A", "low_order_residue"];
        let wanted = !flags.iter().any(|flag| refused.contains(flag));
        assert_eq!(verified, wanted, "{}: {flags:?}", case["number"]);
    }
}
