//! Which address is which page.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::get;
use nattoku_model::Language;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;

use crate::dashboard::{
    access, act, category, choice, choices, consents, data, download, history, home, messages, purposes,
    receipt, receipt_file, receipts, recipient, recipients, record, settings, stop_all, versions,
};
use crate::public::{notice, provider, root, sign_in, verify};
use crate::refusal::Refusal;
use crate::visit::{
    Arrival, act as post_own, open, open_act, open_at_length, open_in_time, own, own_at_length,
};
use crate::{Web, api, assets, headers, log, signal};

/// Forms here carry two short fields.
pub(crate) const FORM_BYTES_MAX: usize = 16 * 1024;

/// Every page and act, and the interface for programs, each with its headers.
///
/// A reverse proxy in front must hand on `Host` and `Origin` unchanged: by them requests of other sites are refused.
pub fn router(web: Web) -> Router {
    let mut router = Router::new()
        .route("/", get(root::notice))
        .route("/privacy", get(root::notice))
        .route("/my", get(root::dashboard))
        .route("/verify", get(root::verify))
        .route("/.well-known/gpc.json", open(None, signal::support))
        // A HEAD looks whether something is there: it must not use the link up.
        .route(
            "/sign-in/{token}",
            open_in_time(None, sign_in::open_link).head(|| async { StatusCode::NO_CONTENT }),
        )
        .route("/sign-in/return", open_at_length(None, provider::back))
        .route("/sign-in/out", open(None, provider::out))
        .merge(assets::routes())
        .merge(log::routes());
    for language in Language::ALL {
        router = router.nest(&format!("/{language}"), in_language(language));
    }
    router
        .fallback(|arrival: Arrival| arrival.refuse(Refusal::NotFound))
        .method_not_allowed_fallback(|arrival: Arrival| arrival.refuse(Refusal::WrongMethod))
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(CsrfLayer::new())
        .layer(CatchPanicLayer::new())
        .layer(axum::middleware::from_fn_with_state(web.clone(), headers::add))
        .layer(CompressionLayer::new())
        .merge(api::routes(&web))
        .with_state(web)
}

fn in_language(language: Language) -> Router<Web> {
    Router::new()
        .route("/privacy", open(Some(language), notice::page))
        .route("/privacy.txt", open(Some(language), notice::page))
        .route("/privacy.json", open(Some(language), notice::page))
        .route("/privacy/{*rest}", open(Some(language), notice::page))
        .route("/feed.atom", open(Some(language), notice::page))
        .route("/accessibility", open(Some(language), notice::page))
        .route("/sitemap", open(Some(language), notice::page))
        .route("/sign-in", open(Some(language), sign_in::page))
        .route("/sign-in/start", open(Some(language), provider::start))
        .route("/sign-out", open_act(language, sign_in::sign_out))
        .route("/my", own(language, home::page))
        .route("/my/data", own(language, data::page))
        .route("/my/recipients", own(language, recipients::page))
        .route("/my/data/{category}", own(language, category::page))
        .route("/my/uses", own(language, purposes::page))
        .route("/my/recipients/{recipient}", own(language, recipient::page))
        .route("/my/versions/{version}", own(language, versions::page))
        .route("/my/history", own(language, history::page))
        .route("/my/history.csv", own_at_length(language, history::csv))
        .route("/my/history.json", own_at_length(language, history::json))
        .route("/my/access", own(language, access::page))
        .route("/my/record", own(language, record::page))
        .route("/my/messages", own(language, messages::page))
        .route("/my/choices", own(language, choices::page))
        .route("/my/choices/stop", own(language, stop_all::ask).merge(post_own(language, stop_all::stop)))
        .route("/my/choices/stopped", own(language, stop_all::done))
        .route("/my/choices/{kind}/{name}", own(language, choice::page))
        .route(
            "/my/choices/{kind}/{name}/stop",
            own(language, act::ask_stop).merge(post_own(language, act::stop)),
        )
        .route(
            "/my/choices/{kind}/{name}/resume",
            own(language, act::ask_resume).merge(post_own(language, act::resume)),
        )
        .route("/my/download", own(language, download::page))
        .route("/my/download/package.zip", own_at_length(language, download::package))
        .route("/my/consents", own(language, consents::page))
        .route("/my/receipts", own(language, receipts::page))
        .route("/my/receipts/{revision}", own(language, receipt::page))
        .route("/my/receipts/{revision}/receipt.json", own(language, receipt_file::whole))
        .route("/my/receipts/{revision}/to-show.json", own(language, receipt_file::to_show))
        .route("/my/settings", own(language, settings::page).merge(post_own(language, settings::end)))
        .route("/verify", verify::routes(language))
}
