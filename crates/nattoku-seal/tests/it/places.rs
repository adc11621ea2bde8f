//! Sealed bytes open where they belong, by their own key, unchanged, and never otherwise.

use nattoku_seal::{Key, Kind, OpenError, Place, PrincipalKeys, SealingKey};
use proptest::prelude::*;

const KINDS: [Kind; 7] = [
    Kind::Payload,
    Kind::Identifier,
    Kind::PrincipalKeys,
    Kind::GroupKey,
    Kind::IndexKey,
    Kind::EventIdKey,
    Kind::Session,
];

fn place() -> impl Strategy<Value = Place> {
    (0..KINDS.len(), any::<[u8; 16]>(), any::<[u8; 16]>(), any::<u64>())
        .prop_map(|(kind, ledger, subject, number)| Place { kind: KINDS[kind], ledger, subject, number })
}

fn key() -> impl Strategy<Value = Key> {
    any::<[u8; 32]>().prop_map(Key::new)
}

proptest! {
    #[test]
    fn what_was_sealed_opens(key in key(), version: u32, place in place(), nonce: [u8; 12], text: Vec<u8>) {
        let key = SealingKey::new(&key, version);
        let sealed = key.seal(&place, &nonce, &text);
        prop_assert_eq!(sealed.len(), text.len() + nattoku_seal::OVERHEAD);
        let opened = key.open(&place, &sealed).unwrap();
        prop_assert_eq!(opened.as_slice(), text.as_slice());
    }

    #[test]
    fn a_flipped_bit_does_not_open(
        key in key(), place in place(), nonce: [u8; 12], text: Vec<u8>, at: prop::sample::Index, bit in 0..8_u8,
    ) {
        let key = SealingKey::new(&key, 1);
        let mut sealed = key.seal(&place, &nonce, &text);
        let at = at.index(sealed.len());
        sealed[at] ^= 1 << bit;
        prop_assert!(key.open(&place, &sealed).is_err());
    }

    #[test]
    fn what_is_cut_off_or_longer_does_not_open(
        key in key(), place in place(), nonce: [u8; 12], text: Vec<u8>, cut: prop::sample::Index,
    ) {
        let key = SealingKey::new(&key, 1);
        let mut sealed = key.seal(&place, &nonce, &text);
        prop_assert!(key.open(&place, &sealed[..cut.index(sealed.len())]).is_err());
        sealed.push(0);
        prop_assert!(key.open(&place, &sealed).is_err());
    }

    #[test]
    fn nothing_opens_elsewhere(
        key in key(), place in place(), other in place(), nonce: [u8; 12], text: Vec<u8>, which in 0..4_u8,
    ) {
        let mut elsewhere = place;
        match which {
            0 => elsewhere.kind = other.kind,
            1 => elsewhere.ledger = other.ledger,
            2 => elsewhere.subject = other.subject,
            _ => elsewhere.number = other.number,
        }
        prop_assume!(elsewhere != place);
        let key = SealingKey::new(&key, 1);
        let sealed = key.seal(&place, &nonce, &text);
        prop_assert_eq!(key.open(&elsewhere, &sealed).unwrap_err(), OpenError::Elsewhere);
    }

    #[test]
    fn nothing_opens_by_another_key(key in key(), other in key(), place in place(), nonce: [u8; 12], text: Vec<u8>) {
        prop_assume!(key != other);
        let sealed = SealingKey::new(&key, 1).seal(&place, &nonce, &text);
        let by_other = SealingKey::new(&other, 1).open(&place, &sealed);
        prop_assert_eq!(by_other.unwrap_err(), OpenError::Elsewhere);
        let as_other_version = SealingKey::new(&key, 2).open(&place, &sealed);
        prop_assert_eq!(as_other_version.unwrap_err(), OpenError::Elsewhere);
    }

    #[test]
    fn keys_of_a_principal_open_for_them_alone(
        group in key(), data in key(), commitment in key(), ledger: [u8; 16], who: [u8; 16], other: [u8; 16], nonce: [u8; 12],
    ) {
        let group = SealingKey::new(&group, 7);
        let wrapped = PrincipalKeys::new(data, commitment).wrap(&group, ledger, who, &nonce);
        let keys = PrincipalKeys::unwrap(&group, ledger, who, &wrapped).unwrap();
        // The same keys: what one commits to and seals, the other does and opens.
        let place = Place::payload(ledger, who, 1);
        let sealed = keys.sealing().seal(&place, &nonce, b"text");
        let again = PrincipalKeys::unwrap(&group, ledger, who, &wrapped).unwrap();
        let opened = again.sealing().open(&place, &sealed).unwrap();
        prop_assert_eq!(opened.as_slice(), b"text");
        prop_assert_eq!(again.commitment(b"text"), keys.commitment(b"text"));
        prop_assume!(other != who);
        prop_assert!(PrincipalKeys::unwrap(&group, ledger, other, &wrapped).is_err());
    }
}

#[test]
fn an_unknown_suite_is_told() {
    let key = SealingKey::new(&Key::new([1; 32]), 1);
    let place = Place::payload([0; 16], [0; 16], 1);
    let mut sealed = key.seal(&place, &[0; 12], b"text");
    sealed[0] = 2;
    assert_eq!(key.open(&place, &sealed).unwrap_err(), OpenError::Suite(2));
    assert_eq!(key.open(&place, &[]).unwrap_err(), OpenError::Short);
}
