//! What programs call: decisions, events, the principal's will, and questions about everybody, as JSON over HTTP.
//!
//! One endpoint, one file. An endpoint reads what was sent, calls an operation, and answers; it decides nothing. `docs/reference/api.md`
//! tells of each, and `/openapi.json` describes them to programs.
//!
//! ```text
//! frame ─▶ caller ─▶ sent ─▶ endpoint ─▶ Node, Nattoku
//!   └─ problem, in the caller's language, with the request's id
//! ```

mod acknowledge;
mod answer;
mod audience;
mod authzen;
mod batch;
mod caller;
mod changed_since;
mod choices;
mod consents;
mod decide;
mod events;
mod explain;
mod frame;
mod general;
mod health;
mod history;
mod holdings;
mod metrics;
mod openapi;
mod paging;
mod policy;
mod problem;
mod receipts;
mod sent;
mod will;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{any, get, post};

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

/// Every endpoint, with the frame around it.
pub(crate) fn routes(web: &Web) -> Router<Web> {
    let router = Router::new()
        .merge(authzen::routes())
        .route("/v1/decide", post(decide::post))
        .route("/v1/decide/batch", post(batch::post))
        .route("/v1/explain", post(explain::post))
        .route("/v1/audience", post(audience::post))
        .route("/v1/changed-since", post(changed_since::post))
        .route("/v1/principals/{principal}/events", get(events::get).post(events::post))
        .route("/v1/principals/{principal}/history", get(history::get))
        .route("/v1/principals/{principal}/holdings", get(holdings::get))
        .route("/v1/principals/{principal}/consents", get(consents::get).post(consents::post))
        .route("/v1/principals/{principal}/choices", get(choices::get).post(choices::post))
        .route("/v1/principals/{principal}/receipts", get(receipts::list))
        .route("/v1/principals/{principal}/receipts/{revision}", get(receipts::one))
        .route("/v1/recipients", get(general::recipients).post(general::post_recipient))
        .route("/v1/publications", get(general::publications).post(general::post_publication))
        .route("/v1/policy", get(policy::get))
        .merge(nothing_else("/v1"))
        .merge(nothing_else("/access"))
        .route("/openapi.json", get(openapi::get))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::get))
        .method_not_allowed_fallback(|| async { Problem::wrong_method() });
    frame::guarded(router)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(axum::middleware::from_fn_with_state(web.clone(), frame::frame))
}
