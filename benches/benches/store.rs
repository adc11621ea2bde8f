//! The stores of the ledger beside bare databases: `cargo bench -p nattoku-benches --bench store -- N`, with a word after it
//! (`durable`, `postgresql`, `batches`, `volume`) that part alone.
#![allow(missing_docs, reason = "a program, not a library")]

/// Events where nothing else is asked for.
const USUAL: u32 = 200_000;

fn main() {
    let asked = std::env::args().skip(1).find_map(|argument| argument.replace('_', "").parse().ok());
    // Cargo itself says `--bench`.
    let part =
        std::env::args().skip(1).find(|argument| argument.starts_with(|c: char| c.is_ascii_lowercase()));
    nattoku_benches::store::run(asked.unwrap_or(USUAL), part.as_deref());
}
