#![no_main]

#[path = "../promises/decision_request.rs"]
mod decision_request;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| decision_request::hold(bytes));
