//! How long a server takes until it is ready: `cargo bench -p nattoku-benches --bench start -- PRINCIPALS [FOLDER]`, after `cargo build
//! --release -p nattoku`. The store of so many principals, which takes minutes to make, is kept in a folder that is named.
#![allow(missing_docs, reason = "a program, not a library")]

use std::path::Path;

/// Principals where nothing else is asked for.
const USUAL: u32 = 1_000_000;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let principals = words.first().and_then(|number| number.replace('_', "").parse().ok());
    nattoku_benches::start::run(principals.unwrap_or(USUAL), words.get(1).map(Path::new));
}
