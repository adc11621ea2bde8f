//! The home page of those who are signed in, beside an empty page: `cargo bench -p nattoku-benches --bench pages -- VIEWS`.
#![allow(missing_docs, reason = "a program, not a library")]

/// What the program takes memory from, so that the empty page does too.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often the page is viewed where nothing else is said, by all together.
const USUAL: u32 = 10_000;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    match words.first().map(String::as_str) {
        Some(nattoku_benches::pages::SERVE) => nattoku_benches::pages::serve(),
        word => nattoku_benches::pages::run(word.and_then(|word| word.parse().ok()).unwrap_or(USUAL)),
    }
}
