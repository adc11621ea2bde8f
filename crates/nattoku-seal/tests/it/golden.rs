//! The bytes of suite 1. They never change: what was sealed once must open for as long as its key is kept.
//!
//! The expected values were worked out apart from this code, by another library, from `docs/reference/ledger-format.md`.

use nattoku_seal::{Key, Kind, Place, PrincipalKeys, SealingKey, blind_index, commitment, session_owner};

use crate::support::{hex, unhex};

const LEDGER: [u8; 16] = [0xa1; 16];
const PRINCIPAL: [u8; 16] =
    [0x0c, 0x73, 0x0b, 0x69, 0x90, 0x5c, 0x5e, 0xf7, 0xa4, 0xca, 0x52, 0x69, 0xf7, 0x23, 0x65, 0x40];
const KEK: [u8; 16] = [0x5a; 16];
const NONCE: [u8; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

fn key() -> Key {
    Key::new(std::array::from_fn(|i| u8::try_from(i).unwrap()))
}

fn holds(version: u32, place: Place, text: &[u8], wanted: &str) {
    let key = SealingKey::new(&key(), version);
    assert_eq!(hex(&key.seal(&place, &NONCE, text)), wanted, "{place:?}");
    assert_eq!(key.open(&place, &unhex(wanted)).unwrap().as_slice(), text, "{place:?}");
    assert_eq!(SealingKey::version_of(&unhex(wanted)), Some(version));
}

#[test]
fn every_kind_of_sealed_bytes() {
    let kek = |kind, number| Place { kind, ledger: LEDGER, subject: KEK, number };
    holds(
        1,
        Place::payload(LEDGER, PRINCIPAL, 8),
        br#"{"born":"1985-04-01"}"#,
        "0100000001000102030405060708090a0b1b27e7c98b873b7cfe675b258b2dfe7b3c0fbcc034179b56dfd79d696d3a9ec25ce73dfb69bb83db6e1ddb62d3f0c0e901121cb1a67bd9ca13061cf5c1ca7768806dd0f9d0",
    );
    holds(
        1,
        Place::identifier(LEDGER, PRINCIPAL),
        "p 二".as_bytes(),
        "0100000001000102030405060708090a0b23f98fafa1c4958b7b759099f0b0c53f4aec5b780c6889a2be69491576f0605d0762d32cd8282624ec71b9863ccba45405062bc439",
    );
    holds(
        2,
        kek(Kind::GroupKey, 4_095),
        &[0x33; 32],
        "0100000002000102030405060708090a0b04252edf14bb8538396d8820a3a8ec6936237a2673331a9c556232a6423f62c03b95dc0c5b91a3e0456b829d5129bceee2e50bdb6fda7c54d8ee165a0ed6b6bd6bf3e9af08cc0ff98ed62a7cef6c90b3",
    );
    holds(
        2,
        kek(Kind::IndexKey, 0),
        &[0x44; 32],
        "0100000002000102030405060708090a0b5a6ebd20e68192e9d3b0144848d11cec89a44640a986ff6633feecc1bf1e697d279824ed45887e40f33380dcaedb1902fa988f99c3413d090b218400a3d2a2528e9e41c2592e19ec4722197220017b78",
    );
    holds(
        2,
        kek(Kind::EventIdKey, 0),
        &[0x55; 32],
        "0100000002000102030405060708090a0b26ec3127e98b5eeef8cf488ad2bb433323d8f68d3c5df330dc08c39f581d3f981adc4595f244ae7d777b0eff54aa5c25bca77eec4eac090cc160f4ea9e7c9cf1ede801836e4b853a8741ac24def84c3d",
    );
}

#[test]
fn the_keys_of_a_principal() {
    let keys = PrincipalKeys::new(Key::new([0x11; 32]), Key::new([0x22; 32]));
    let wrapped = keys.wrap(&SealingKey::new(&key(), 3), LEDGER, PRINCIPAL, &NONCE);
    assert_eq!(
        hex(&wrapped),
        "0100000003000102030405060708090a0b1e6c57821ea4f8d1b31158a7cfd50038dfaa4dab3faac14f084fffa225afbb275a1b1b3928f01aed5e1fa12efb7c02c29b18b7bd50737887dcf722416670a3da90e4042e802a1592d659cc5328896c5ffcca85a15acb3bdea238dbfb41ae20eecf462a808b39c0afb89bb38772cd5145"
    );
}

#[test]
fn lookups_and_commitments() {
    assert_eq!(hex(&blind_index(&key(), "p1")), "fbfe1d0e15e1c03e15b6fceee79c8f35");
    assert_eq!(hex(&session_owner(&key(), &[7; 16])), "e6a01a3e365e13c84971a55d256ac42f");
    assert_eq!(
        hex(&commitment(&key(), br#"{"born":"1985-04-01"}"#)),
        "78b813e5a6bc7792132216d1884db55cd998deb61144a4357d58fa99af108950"
    );
}
