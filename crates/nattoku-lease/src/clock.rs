//! Instants of two clocks, apart, since comparing one with the other means nothing.

use std::time::Duration;

/// An instant on the clock of one decision node: the time since an origin that nobody else knows.
///
/// The clock never goes back and counts time in which the machine was suspended (`CLOCK_BOOTTIME` on Linux;
/// `CLOCK_MONOTONIC`, and with it [`std::time::Instant`], stands still then, and a lease would outlive its length).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeTime(pub Duration);

/// An instant on the clock of the registry: that of the database in which the rows stand, and of no other machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegistryTime(pub Duration);
