//! Events out: each sent to those who subscribed to it, signed, until it is taken, and published to NATS.
//!
//! The ledger is the outbox. A subscription has a cursor, the revision up to which everything was dealt with, so that nothing can be lost
//! between an event's being durable and its being sent. One program of a deployment sends at a time; which one, a turn says that ends by
//! itself. `docs/reference/feed.md` says what receivers may rely on.
//!
//! ```text
//! deliverer ─▶ turn
//!    └─▶ courier, one a subscription ─▶ Nattoku::feed ─▶ sender ─▶ receiver
//! publisher ─▶ turn, Nattoku::feed ─▶ NATS `JetStream`
//! ```

mod courier;
mod deliverer;
mod nats;
mod outcome;
mod pause;
mod public;
mod reason;
mod retry;
mod sender;
mod signature;
mod target;
mod turn;

pub use courier::{Courier, Step};
pub use deliverer::{Deliverer, RECEIVERS_MAX, Sending, Terms};
pub use nats::{NatsError, NatsPlace, Publisher, STREAM, look as look_at_nats};
pub use outcome::{Counting, Outcome};
pub use reason::{BY_HAND, in_words};
pub use retry::Retry;
pub use sender::Sender;
pub use signature::{NotASecret, read_secret, secret_text, sign};
pub use target::{NotATarget, Target};
