//! Populations of one to a hundred million customers: `cargo xtask bench --scale N`.
#![allow(missing_docs, reason = "a program, not a library")]

/// Measured where nothing else is asked for.
const USUAL: u32 = 1_000_000;

fn main() {
    let asked = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    nattoku_benches::scale::run(asked.unwrap_or(USUAL));
}
