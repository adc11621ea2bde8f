//! Law as data: what a law pack says, as plain values.
//!
//! Where laws differ, they differ in their packs and nowhere in code: from which age a principal's own consent counts,
//! which routes of provision there are, which classes are protected and how, where data may go, what is recorded, what
//! runs until when. A pack is made from `packs/LAW/VERSION.kdl` by `nattoku-policy`; gates and rules of the check read
//! it here. A policy that names several packs is judged under each, and the strictest answer counts (R6).

pub mod age;
pub mod breach;
pub mod change;
pub mod citation;
pub mod deadline;
pub mod joint_use;
pub mod pack;
pub mod protection;
pub mod record;
pub mod route;
pub mod transfer;

pub use age::{AgeRule, OwnConsent, strictest as strictest_age};
pub use breach::{Breach, Trigger};
pub use change::Change;
pub use citation::{Citation, Cited, FactNumber};
pub use deadline::{Deadline, Start, Term, Unit};
pub use joint_use::{JointUseRule, PublishedItem};
pub use pack::{Entry, FactOfLaw, Grounds, Instrument, Numbering, Pack, ProvisionOfLaw, State, Strength};
pub use protection::{Handling, Need, Protection};
pub use record::{RecordItem, RecordRetention, Records};
pub use route::{Route, RouteRule};
pub use transfer::{TransferCondition, TransferRule};
