//! What is told of a call while it is answered: its number, in every line of the log and wherever it fails, and its spans, to a
//! collector of OpenTelemetry.
//!
//! A call has a number whether or not anybody follows traces; it costs no allocation. Of the calls that are recorded, each is a span
//! with what was noted of it, and below it one for each thing that took time. No principal's id, no token and no raw address is noted.
//!
//! ```text
//! number ─▶ parent ─▶ call, note, during ─▶ span ─▶ exporter ─▶ collector
//! ```

mod call;
mod collector;
mod exporter;
mod number;
mod parent;
mod random;
mod span;

pub use call::{Call, called_by, current_number, during, during_wait, note, with_call};
pub use collector::{Collector, CollectorError};
pub use exporter::{Counts, Tracing};
pub use number::Number;
pub use span::{Kind, Noted, Recording};
