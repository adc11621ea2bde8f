//! Decisions over HTTP beside an empty endpoint: `cargo bench -p nattoku-benches --bench http -- SECONDS`, or with `in-process` without a
//! network.
#![allow(missing_docs, reason = "a program, not a library")]

/// What the program takes memory from, so that the empty endpoint does too.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long each address is asked where nothing else is said.
const USUAL: u32 = 5;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    match words.first().map(String::as_str) {
        Some(nattoku_benches::http::SERVE) => nattoku_benches::http::serve(),
        Some(nattoku_benches::http::IN_PROCESS) => {
            let calls = words.get(1).and_then(|calls| calls.parse().ok());
            nattoku_benches::http::in_process(calls.unwrap_or(100_000));
        }
        word => nattoku_benches::http::run(word.and_then(|word| word.parse().ok()).unwrap_or(USUAL)),
    }
}
