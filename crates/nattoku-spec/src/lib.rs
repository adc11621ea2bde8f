//! The decision as defined.
//!
//! This crate is the definition, not the engine: it reads like the design's table of gates, one file a gate, and does
//! nothing cleverly. [`decide`] takes the policy's versions, the events of one principal (with those that concern
//! everybody) and a request whose names are declared; it asks nobody and keeps nothing. The same inputs give the same
//! decision.

mod case;
mod consent;
mod decide;
mod duty;
mod era;
mod exception;
mod gates;
mod law;
mod retention;

pub use consent::consent_standing;
pub use decide::{decide, judge_gate};
pub use era::governing;
pub use exception::exception_relied_on;
pub use retention::ends as retention_ends;
