//! The words of Nattoku, as values.
//!
//! Everything here is pure: no I/O, no clock, no randomness, no serialisation. What a policy says once it
//! has been checked ([`policy`]), what happened ([`event`]), what is asked ([`request`]) and what is answered
//! ([`decision`]) are plain data; the crates above give them bytes, pages and places to live.
//!
//! The words are those of the design's model: a *principal* is the person whose data it is, an *application*
//! is the program that asks, a *holding* is a category held about a principal. Note that identity systems use
//! "principal" for the caller; here it never means that.

pub mod change;
pub mod clock;
pub mod decision;
pub mod event;
pub mod history;
pub mod language;
pub mod law;
pub mod name;
pub mod policy;
pub mod reason;
pub mod request;

pub use change::{ChangeClass, ChangeKind};
pub use decision::{Decision, Gate, GateAnswer, Obligation, Verdict};
pub use event::{Event, Recorded, Revision};
pub use language::{Language, Text};
pub use policy::Policy;
pub use reason::Reason;
pub use request::{Action, Request};
