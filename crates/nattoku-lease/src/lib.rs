//! The lease under which a decision node may answer from its copy of the ledger.
//!
//! A node that decides from a copy may be behind: the network may be cut, or the node slow, while a principal withdraws
//! a consent. So it answers what rests on consent or choice only under a lease, which bounds how far behind that may be
//! and tells the writer whom to wait for. What follows from it is promised as G1 and G3; the argument, and what
//! breaks without each step, stand in `docs/design/lease.md`.
//!
//! 1. The node notes its clock ([`NodeLease::asked`]) and asks. The registry puts the lease into the node's row
//!    ([`Row::renewed`]), durably, and only then reads the ledger's head, which is the answer.
//! 2. The node hears the head ([`NodeLease::answered`]) and applies the ledger up to it ([`NodeLease::applied`]): now it
//!    has a lease, counted from the asking. What it has applied it tells with the next request, or at once
//!    ([`NodeLease::report`], [`Row::reported`]).
//! 3. It evaluates a question from its copy and, immediately before the answer is sent, asks [`NodeLease::sending`].
//! 4. A withdrawal is `durable` once it is in the ledger, and `enforced` once [`Standing::of`] all rows says so.
//! 5. A node that ends stops answering, and then has its row deleted.
//!
//! Everything here is pure: instants and revisions come in, nothing is read, sent or waited for.

mod clock;
mod node;
mod registry;
mod terms;

pub use clock::{NodeTime, RegistryTime};
pub use node::{Asked, NodeLease, Sending};
pub use registry::{Row, Standing};
pub use terms::{Terms, TermsError};
