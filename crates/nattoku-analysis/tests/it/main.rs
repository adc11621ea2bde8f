//! The crate's tests against whole policies.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

#[cfg(test)]
mod abroad;
#[cfg(test)]
mod breaks;
#[cfg(test)]
mod carrier;
#[cfg(test)]
mod difference;
#[cfg(test)]
mod difference_cases;
#[cfg(test)]
mod edited;
#[cfg(test)]
mod histories;
#[cfg(test)]
mod stand_ins;
