//! How long sealing and opening the payload of an event takes, beside the bare cipher over the same bytes.
#![allow(missing_docs, clippy::unwrap_used, reason = "a measurement stops at the first surprise")]

use std::hint::black_box;

use aes_gcm_siv::aead::AeadInOut;
use aes_gcm_siv::{Aes256GcmSiv, KeyInit, Tag};
use criterion::{Criterion, criterion_group, criterion_main};
use nattoku_seal::{Key, Place, PrincipalKeys, SUITE, SealingKey};

/// As long as evidence of some sentences.
const PAYLOAD: [u8; 300] = [b'e'; 300];
const NONCE: [u8; 12] = [7; 12];

fn place() -> Place {
    Place::payload([1; 16], [2; 16], 1_000_000)
}

fn bare() -> Aes256GcmSiv {
    Aes256GcmSiv::new(&[3; 32].into())
}

fn seal(criterion: &mut Criterion) {
    let (cipher, key) = (bare(), SealingKey::new(&Key::new([3; 32]), 1));
    let aad = place().bytes(SUITE, 1);
    let mut group = criterion.benchmark_group("seal");
    group.bench_function("cipher", |b| {
        b.iter(|| {
            let mut text = black_box(PAYLOAD).to_vec();
            let tag = cipher.encrypt_inout_detached(&NONCE.into(), &aad, text.as_mut_slice().into()).unwrap();
            (text, tag)
        });
    });
    group.bench_function("ours", |b| b.iter(|| key.seal(black_box(&place()), &NONCE, black_box(&PAYLOAD))));
    group.finish();
}

fn open(criterion: &mut Criterion) {
    let (cipher, key) = (bare(), SealingKey::new(&Key::new([3; 32]), 1));
    let aad = place().bytes(SUITE, 1);
    let mut sealed = PAYLOAD;
    let tag: Tag = cipher.encrypt_inout_detached(&NONCE.into(), &aad, sealed.as_mut_slice().into()).unwrap();
    let ours = key.seal(&place(), &NONCE, &PAYLOAD);
    let mut group = criterion.benchmark_group("open");
    group.bench_function("cipher", |b| {
        b.iter(|| {
            let mut text = black_box(sealed).to_vec();
            cipher.decrypt_inout_detached(&NONCE.into(), &aad, text.as_mut_slice().into(), &tag).unwrap();
            text
        });
    });
    group.bench_function("ours", |b| b.iter(|| key.open(black_box(&place()), black_box(&ours)).unwrap()));
    group.finish();
}

/// A principal who is met for the first time since the program began: the keys are opened and made ready.
fn unwrap(criterion: &mut Criterion) {
    let group_key = SealingKey::new(&Key::new([4; 32]), 1);
    let keys = PrincipalKeys::new(Key::new([5; 32]), Key::new([6; 32]));
    let wrapped = keys.wrap(&group_key, [1; 16], [2; 16], &NONCE);
    let mut group = criterion.benchmark_group("unwrap");
    group.bench_function("cipher", |b| b.iter(|| Aes256GcmSiv::new(black_box(&[3; 32]).into())));
    group.bench_function("ours", |b| {
        b.iter(|| PrincipalKeys::unwrap(&group_key, [1; 16], [2; 16], black_box(&wrapped)).unwrap());
    });
    group.finish();
}

criterion_group!(benches, seal, open, unwrap);
criterion_main!(benches);
