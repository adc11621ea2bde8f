#![no_main]

#[path = "../promises/policy_text.rs"]
mod policy_text;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| policy_text::hold(bytes));
