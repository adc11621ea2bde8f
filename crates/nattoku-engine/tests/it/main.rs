//! The crate's tests: the engine against the definition.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise, and says what it has seen"
)]

#[cfg(test)]
mod allocation;
#[cfg(test)]
mod compare;
#[cfg(test)]
mod condition;
#[cfg(test)]
mod databases;
#[cfg(test)]
mod differential;
#[cfg(test)]
mod draw;
#[cfg(test)]
mod editions;
#[cfg(test)]
mod entries;
mod filter;
#[cfg(test)]
mod histories;
#[cfg(test)]
mod movers;
#[cfg(test)]
mod policies;
#[cfg(test)]
mod population;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod slices;
mod snapshot;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod vary;
