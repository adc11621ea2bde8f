//! What follows from a policy as a whole, rather than for one request.
//!
//! Everything here is pure and rests on the decision as defined (`nattoku_spec`): a policy that has been checked goes in,
//! and what is true of it for everybody comes out. [`invariant`] says what an invariant forbids; [`prove`] shows that no
//! state and no request gets past it, or finds the smallest that does; [`coverage`] tells which rules no scenario exercises;
//! [`difference`] what two versions answer otherwise.

pub mod coverage;
pub mod difference;
pub mod invariant;
pub mod prove;
pub mod scenario_text;

pub use coverage::{check, check_with};
pub use prove::prove;
