//! Consents over HTTP beside bare inserts: `cargo bench -p nattoku-benches --bench writes -- SECONDS`, after `cargo build --release -p
//! nattoku`; with a word after it (`sqlite`, `postgresql`) that store alone.
#![allow(missing_docs, clippy::panic, reason = "a program, not a library")]

/// How long a round lasts where nothing else is said.
const USUAL: u32 = 5;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let seconds = words.iter().find_map(|word| word.parse().ok());
    let part = words.iter().find(|word| word.starts_with(|c: char| c.is_ascii_lowercase()));
    if let Some(part) = part.filter(|part| !["sqlite", "postgresql"].contains(&part.as_str())) {
        panic!("there is no store `{part}`: it is `sqlite` or `postgresql`");
    }
    nattoku_benches::writes::run(seconds.unwrap_or(USUAL), part.map(String::as_str));
}
