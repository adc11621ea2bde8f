//! The pages: the notice and the Personal Data Dashboard.
//!
//! Server-rendered, complete without JavaScript. A page is a function of a visit ([`visit`]); what changes something
//! is a POST that answers 303 to a page with an address of its own. Everything that is shown or changed comes from
//! `nattoku-operations`; nothing here reads the ledger or decides.
//!
//! ```text
//! router ─▶ visit ─▶ public/    the notice, sign-in
//!                 ─▶ dashboard/ what is held, choices, receipts, history
//!                       └─▶ frame, words, dates ─▶ templates/
//! ```

mod accept_language;
mod assets;
mod citation;
mod compare;
mod cookie;
mod dashboard;
mod dates;
mod desk;
mod frame;
mod headers;
mod hex;
mod log;
mod notice;
#[cfg(test)]
mod palette;
mod public;
mod reading;
mod refusal;
mod router;
pub mod session;
mod settings;
pub mod site;
mod visit;
mod words;

use std::sync::Arc;

use nattoku_operations::Nattoku;

pub use router::router;
pub use session::Sessions;
pub use settings::Settings;

/// What the pages share.
#[derive(Clone)]
pub struct Web {
    /// What can be done and asked.
    pub nattoku: Arc<Nattoku>,
    /// Who is signed in.
    pub sessions: Arc<Sessions>,
    /// What the deployment decides.
    pub settings: Arc<Settings>,
}
