//! How events come to be in a ledger, step by step, whichever database it is kept in.
//!
//! Whoever appends hands a [`Request`] to the ledger's one [`Writer`]. All requests that wait, a *group*, go through these steps
//! together, one group at a time, on the writer's thread; whoever comes alone goes through them on their own. What a crash leaves
//! at each step stands beside it.
//!
//! 1. Each caller holds its own events against the rules that need no ledger, derives their ids, and puts them into bytes but
//!    for what the ledger has to tell. *A crash leaves nothing.*
//! 2. [`Medium::begin`]: nobody else can append from here on, and the head is read: how many events there are, the edge of the
//!    tree over them, the epoch. `SQLite` takes the file's write lock; `PostgreSQL` has the ledger's lease. *Nothing.*
//! 3. Whoever decides on the state is shown it, and decides. What the group needs to know besides is looked up: which of its ids are there,
//!    which of its principals are known. *Nothing.*
//! 4. The [`Plan`] is made in memory: numbers without gaps, leaves, hashes, the tree's new edge and its new nodes. A request that
//!    is refused leaves the plan as it was before, so that its neighbors in the group do not notice. *Nothing.*
//! 5. [`Medium::commit`] makes the keys of new principals durable, and writes principals, events, sealed payloads, nodes and
//!    counts. *Rows that belong to no commit: `SQLite` passes over them at the next opening, `PostgreSQL` never shows them; and in a
//!    key file keys that no event uses.*
//! 6. In the same transaction the head is moved, on the condition that epoch and size are those that were read. A writer that
//!    has been superseded moves nothing, and so stores nothing. *As at 5.*
//! 7. The transaction commits, and is on disk when that returns. *A crash before leaves the ledger as at 2, one after it has
//!    all of the group: numbers, tree and counts together.*
//! 8. Everybody gets an answer. *A crash before it leaves events that are stored and not answered; sending them again stores
//!    nothing twice.*
//!
//! There is no recovery code. Whether a commit whose answer was lost has come about is found by going through steps 2 and 3 again,
//! which no writer can do before the lost commit has ended one way or the other. A new start of the program is no different. Where
//! even that cannot be done, the sender is told that the outcome is unknown.

mod commit;
mod decided;
#[cfg(test)]
pub(crate) mod faulty;
mod id;
mod medium;
mod plan;
mod prepared;
mod queue;
mod reached;
mod request;
mod run;
#[cfg(test)]
mod tests;
mod writer;

pub(crate) use commit::commit;
pub(crate) use decided::{Asking, Seen, Sight};
pub(crate) use id::{StoredId, derive_again};
pub(crate) use medium::{Found, FoundContent, Head, KnownPrincipal, Medium};
pub(crate) use plan::{EventRow, LookedUp, Made, NewPrincipal, Payload, Plan, counts};
pub(crate) use prepared::Prepared;
pub(crate) use reached::reached;
pub(crate) use request::Request;
pub(crate) use writer::Writer;
