//! What is reached over HTTP: the pages for people, and the interface for programs.
//!
//! Pages are server-rendered, complete without JavaScript. A page is a function of a visit ([`visit`]); what changes something
//! is a POST that answers 303 to a page with an address of its own. Everything that is shown or changed comes from
//! `nattoku-operations`; nothing here reads the ledger or decides.
//!
//! ```text
//! router ─▶ api/                decisions, events, the principal's will, for programs
//!        ─▶ visit ─▶ public/    the notice, sign-in
//!                 ─▶ dashboard/ what is held, choices, receipts, history
//!                       └─▶ frame, words, dates ─▶ templates/
//! ```

mod accept_language;
mod api;
mod assets;
mod blocking;
mod citation;
mod compare;
mod cookie;
mod dashboard;
mod dates;
mod desk;
mod figures;
mod frame;
mod headers;
mod hex;
mod in_time;
mod limits;
mod log;
mod notice;
pub mod oauth;
#[cfg(test)]
mod palette;
mod public;
mod reading;
mod refusal;
mod router;
pub mod session;
mod settings;
mod sign_in;
mod signal;
pub mod site;
mod visit;
mod words;

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use nattoku_operations::{Callers, Node};

pub use api::{endpoints, problem_kinds};
pub use figures::Figures;
pub use limits::{Limits, STREAMS_MAX, StorePlaces};
pub use nattoku_trace::Tracing;
pub use oauth::OAuth;
pub use router::router;
pub use session::Sessions;
pub use settings::Settings;
pub use sign_in::SignIn;

/// What the pages and the interface share. A copy is the same one.
#[derive(Clone)]
pub struct Web(Arc<Parts>);

/// The parts of it.
pub struct Parts {
    /// What decides, and what can be done and asked.
    pub node: Arc<Node>,
    /// Which programs may call.
    pub callers: Callers,
    /// Those that may by the word of an issuer.
    pub oauth: OAuth,
    /// How often they may.
    pub limits: Limits,
    /// What is counted and timed.
    pub figures: Figures,
    /// To whom is told what calls waited for.
    pub tracing: Tracing,
    /// By whose word people are signed in, where that is by a provider.
    pub sign_in: Option<SignIn>,
    /// Who is signed in.
    pub sessions: Sessions,
    /// What the deployment decides.
    pub settings: Settings,
    /// Whether the program is about to end.
    pub ending: AtomicBool,
}

impl Web {
    /// What is made of these parts.
    #[must_use]
    pub fn of(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Whether the program is about to end: what has begun is answered, and nobody is to be sent here any more.
    #[must_use]
    pub fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Relaxed)
    }

    /// Tells that the program is about to end.
    pub fn end(&self) {
        self.ending.store(true, Ordering::Relaxed);
    }
}

impl Deref for Web {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
