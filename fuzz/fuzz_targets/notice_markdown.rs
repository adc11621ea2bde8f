#![no_main]

#[path = "../promises/notice_markdown.rs"]
mod notice_markdown;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| notice_markdown::hold(bytes));
