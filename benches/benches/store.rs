//! The stores of the ledger beside bare databases: `cargo bench -p nattoku-benches --bench store -- N`.
#![allow(missing_docs, reason = "a program, not a library")]

/// Events where nothing else is asked for.
const USUAL: u32 = 200_000;

fn main() {
    let asked = std::env::args().skip(1).find_map(|argument| argument.replace('_', "").parse().ok());
    nattoku_benches::store::run(asked.unwrap_or(USUAL));
}
