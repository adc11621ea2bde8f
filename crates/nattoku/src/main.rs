//! The nattoku program.
fn main() {}
