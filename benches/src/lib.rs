//! Measurements of Nattoku, in `benches/benches/`; `cargo xtask bench` runs them and `docs/design/benches.md` keeps figures.
