//! What programs call: decisions, events, the principal's will, and questions about everybody, as JSON over HTTP.
//!
//! One endpoint, one file. An endpoint reads what was sent, calls an operation, and answers; it decides nothing. `docs/reference/api.md`
//! tells of each, and `/openapi.json` describes them to programs.
//!
//! ```text
//! frame ─▶ caller ─▶ sent ─▶ endpoint ─▶ Node, Nattoku
//!   └─ problem, in the caller's language, with the request's id
//! ```

/// Declares addresses with what answers there, once for the router and once to be read: the document that programs read and the
/// tests of it know of a new one by this.
macro_rules! endpoints {
    ($($path:expr, $($method:ident $handler:expr),+;)*) => {
        /// Each address with its methods.
        pub(crate) const ENDPOINTS: &[(&str, &[&str])] = &[$(($path, &[$(stringify!($method)),+])),*];

        /// What answers there.
        pub(crate) fn answering() -> axum::Router<crate::Web> {
            axum::Router::new()$(.route($path, axum::routing::MethodRouter::new()$(.$method($handler))+))*
        }
    };
}

mod acknowledge;
mod answer;
mod audience;
mod authzen;
mod batch;
mod caller;
mod changed_since;
pub(crate) mod choices;
pub(crate) mod consents;
mod decide;
mod endpoints;
mod events;
mod explain;
mod feed;
pub(crate) mod frame;
mod general;
mod health;
mod history;
pub(crate) mod holdings;
mod metrics;
mod noted;
mod openapi;
pub(crate) mod paging;
mod policy;
mod problem;
pub(crate) mod receipts;
mod sent;
mod several;
mod will;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::any;

use crate::Web;
use problem::Problem;

/// Most bytes of what is sent at once.
pub(crate) const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Whatever else begins so is no page.
fn nothing_else(begins: &str) -> Router<Web> {
    let no_such = || any(|| async { Problem::no_such_address() });
    [String::new(), "/".to_owned(), "/{*rest}".to_owned()]
        .into_iter()
        .fold(Router::new(), |router, rest| router.route(&format!("{begins}{rest}"), no_such()))
}

/// Every address of the interface with its methods, as routers and OpenAPI write them.
pub fn endpoints() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    authzen::endpoints::ENDPOINTS.iter().chain(endpoints::ENDPOINTS).copied()
}

/// Every kind of problem as programs read it, with its status.
pub fn problem_kinds() -> impl Iterator<Item = (String, u16)> {
    problem::Kind::ALL.iter().map(|kind| (kind.urn(), kind.status().as_u16()))
}

/// Every endpoint, with the frame around it.
pub(crate) fn routes(web: &Web) -> Router<Web> {
    let router = Router::new()
        .merge(authzen::endpoints::answering())
        .merge(endpoints::answering())
        .merge(nothing_else("/v1"))
        .merge(nothing_else("/access"))
        .method_not_allowed_fallback(|| async { Problem::wrong_method() });
    let frame = axum::middleware::from_fn_with_state(web.clone(), frame::frame);
    // As one: each layer that is put on by itself copies and boxes every call once more.
    router.layer((frame, DefaultBodyLimit::max(BODY_BYTES_MAX), frame::guard()))
}
