//! Events out: each sent to those who subscribed to it, signed, until it is taken, and published to NATS.
//!
//! The ledger is the outbox. A subscription has a cursor, the revision up to which everything was dealt with, so that nothing can be lost
//! between an event's being durable and its being sent. One program of a deployment sends at a time; which one, a claim says that ends by
//! itself. `docs/reference/feed.md` says what receivers may rely on.
//!
//! ```text
//! deliverer ─▶ claim
//!    └─▶ courier, one a subscription ─▶ Nattoku::feed ─▶ sender ─▶ receiver
//! publisher ─▶ claim, Nattoku::feed ─▶ NATS `JetStream`
//! ```

mod claim;
mod courier;
mod deliverer;
mod nats;
mod public;
mod retry;
mod sender;
mod signature;
mod target;

pub use courier::{Courier, Step};
pub use deliverer::{Deliverer, Delivery, Outcome, Told, Work};
pub use nats::{NatsPlace, NotANatsAddress, Publisher, STREAM};
pub use retry::Retry;
pub use sender::Sender;
pub use signature::{NotASecret, read_secret, secret_text, sign};
pub use target::{NotATarget, Target};
