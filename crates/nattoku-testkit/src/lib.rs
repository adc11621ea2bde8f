//! For tests: the runner of the literate decision cases, the reference policy, and other programs that are asked.
//!
//! A page of `cases/decisions/` is Markdown: a policy in `kdl` blocks, then one case a heading, with what happened and
//! what is asked in a `scenario` block and the answer in a `decision` block. [`page`] reads it, [`answer`] writes a
//! decision the way the pages do, [`run`] holds one against the other, and [`coverage`] tells what no page shows.
//! `docs/design/gates.md` describes the form. [`postgresql`] starts a database server for a test, [`nats`] a server of streams,
//! [`collector`] a receiver of traces, [`identity_provider`] an identity provider, at which [`browser`] signs in.

pub mod answer;
pub mod big_policy;
pub mod browser;
pub mod carrier;
pub mod collector;
pub mod coverage;
pub mod difference;
pub mod identity_provider;
pub mod nats;
pub mod page;
pub mod postgresql;
pub mod python;
pub mod run;

pub use big_policy::big_policy;
pub use carrier::carrier;
pub use collector::Collector;
pub use coverage::Coverage;
pub use identity_provider::IdentityProvider;
pub use page::Page;
pub use python::python;
pub use run::{Report, run};
