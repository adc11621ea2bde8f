//! The decision as run: plans compiled from the policy, and the packed state of a whole population.
//!
//! `nattoku-spec` is the definition and this crate is held to it: for the same policy, events and request it gives the same
//! verdict, and for every category, era and gate the same verdict and reason. What does not depend on the principal is
//! judged once, when a [`Plan`] is made for a request; what does is a condition over a few numbers of the principal's row
//! in a [`Population`]. [`decide`] touches that row once.
//!
//! A population answers for an instant at or after everything that it knows: for now, or for an earlier instant where it
//! was folded [`as of`](Population::as_of) that. Which events an answer relies on, the definition says over that principal's
//! events. A population is written down and [opened](Population::open) again without being folded.

mod answer;
mod audience;
mod bounds;
mod condition;
mod dates;
mod decide;
mod edition;
mod elapsed;
mod facts;
mod filter;
mod flat;
mod ids;
mod intern;
mod lexicon;
mod pattern;
mod plan;
mod population;
mod repeated;
mod row;
mod said;
mod slices;
mod snapshot;
mod storage;
mod vocabulary;

pub use answer::{Answer, CaseAnswer};
pub use audience::{Audience, Cause, Causes, Movers, Side};
pub use decide::{NotNow, decide, decide_each};
pub use edition::{Edition, InForce};
pub use filter::{
    Column, ColumnKind, Dialect, Filter, FilterKind, Snapshot, SnapshotError, TABLES, Table, TooFar, load,
};
pub use ids::PrincipalId;
pub use plan::Plan;
pub use population::{Applied, AsOf, Bytes, Full, Ordinal, Population};
pub use repeated::Repeated;
pub use said::Said;
pub use slices::{Members, Slices};
pub use snapshot::{Copied, OpenError, Origin, Region, Source, is_snapshot};
pub use vocabulary::Vocabulary;
