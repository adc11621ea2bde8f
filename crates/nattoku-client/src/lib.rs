//! Asks a Nattoku server whether personal data may be used, and tells it what a principal wants.
//!
//! ```no_run
//! use nattoku_client::{Act, Client, Question, Settings};
//!
//! # async fn quick_start(address: &str, token: &str) -> Result<(), nattoku_client::ClientError> {
//! let nattoku = Client::new(Settings::new(address, token))?;
//! let question = Question::provide("sakura", "partner_offers", "purchase", "store_partners");
//! if nattoku.decide(&question).await?.is_permitted() {
//!     // Give the purchase history to the stores.
//! }
//! nattoku.withdraw(Act::on("sakura", "partner_sharing", "app")).await?;
//! assert!(!nattoku.decide(&question).await?.is_permitted());
//! # Ok(())
//! # }
//! ```
//!
//! `address` is the server's, `https://nattoku.example`, and `token` what `nattoku token create` has printed.
//!
//! What is never a permit: an error, an answer that is late or cannot be read, an answer about somebody else or older than what this
//! client has itself written, and a verdict this version does not know. `permit_with_conditions` is one only for a caller who says of
//! each obligation that it is carried out: [`Decision::permits_if`].
//!
//! [`Client`] is for tokio, [`blocking::Client`] for programs without it, [`RequirePermission`] for services made of Tower's layers.
//! `docs/reference/clients.md` tells the rules of the [cache](Settings::cache_for).

mod act;
mod audience;
pub mod blocking;
mod call;
mod client;
mod deciding;
mod decision;
mod error;
mod event;
mod ground;
mod layer;
mod memory;
mod problem;
mod question;
mod reply;
mod settings;
mod tries;
mod trust;

pub use act::{Act, By, Level, Receipt};
pub use audience::{AudienceQuestion, Changed, Figures, Listed, Page};
pub use client::Client;
pub use deciding::Deciding;
pub use decision::{Decision, Obligation, Reason, Verdict};
pub use error::ClientError;
pub use event::{Event, Recorded, RecordedEvent};
pub use layer::{Denial, RequirePermission, RequirePermissionService};
pub use problem::Problem;
pub use question::{Claim, Question};
pub use settings::{CACHE_AGE_MAX, Settings};
