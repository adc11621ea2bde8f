//! Decides within a program: the engine over a deployment's ledger, for whoever cannot afford a call.
//!
//! ```no_run
//! use nattoku_embedded::{Embedded, Question, Settings};
//!
//! # fn quick_start(policy: &str, store: &str, kek: &str) -> Result<(), Box<dyn std::error::Error>> {
//! let settings = Settings::new(policy, store, "campaign_platform").key_encryption_key(kek);
//! let nattoku = Embedded::open(settings)?;
//! let question = Question::provide("sakura", "partner_offers", "purchase", "store_partners");
//! if nattoku.decide(&question)?.is_permitted() {
//!     // Give the purchase history to the stores.
//! }
//! # Ok(())
//! # }
//! ```
//!
//! `policy` is the policy's folder, `store` where the ledger is, and `kek` what its keys rest on: what `nattoku.toml` says. The third is
//! the application as which this program asks, and it asks as no other.
//!
//! An [`Embedded`] is a decision node like a server: it holds a lease among the deployment's others, follows the ledger, tells what it has
//! taken in, so that a withdrawal answered `enforced` has waited for it, and denies as `stale` without a lease. It answers what
//! `POST /v1/decide` answers, in the words of `nattoku_client`, so that a program may change from one to the other in one line. It reads
//! the ledger and appends nothing.
//!
//! What is never a permit: an error, and every decision but a clear `permit`; see [`Decision::is_permitted`].
//! `docs/reference/embedded.md` tells the rest.

mod apart;
mod clock;
mod embedded;
mod keys;
mod open;
mod open_error;
mod problem;
mod settings;
mod told;
mod watching;

pub use embedded::{Embedded, Freshness};
pub use nattoku_client::{
    Claim, ClientError, Deciding, Decision, Denial, Obligation, Problem, Question, Reason, RequirePermission,
    RequirePermissionService, Verdict,
};
pub use nattoku_model::Language;
pub use open_error::OpenError;
pub use settings::Settings;
pub use told::Told;
