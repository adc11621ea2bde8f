//! The stylesheet and the icon, compiled in and served under addresses that change with their content.
//!
//! Two files need no asset crate: memory-serve would bring a build script, a second compressor and debug builds
//! that serve something else than release builds. The compression layer of the router does the rest.

use std::sync::LazyLock;

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use sha2::{Digest, Sha256};

use crate::hex::hex;

/// The whole stylesheet: the tokens' values, then our own rules.
pub(crate) const STYLESHEET: &str =
    concat!(include_str!("../assets/vendor/dads-tokens-1.1.9.css"), include_str!("../assets/app.css"));
pub(crate) const ICON: &str = include_str!("../assets/icon.svg");

/// The address of the stylesheet, with the beginning of its digest in it.
pub(crate) fn stylesheet_address() -> &'static str {
    static ADDRESS: LazyLock<String> = LazyLock::new(|| address("app", "css", STYLESHEET));
    &ADDRESS
}

/// The address of the icon.
pub(crate) fn icon_address() -> &'static str {
    static ADDRESS: LazyLock<String> = LazyLock::new(|| address("icon", "svg", ICON));
    &ADDRESS
}

/// The routes of the assets.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route(stylesheet_address(), get(|| async { asset("text/css; charset=utf-8", STYLESHEET) }))
        .route(icon_address(), get(|| async { asset("image/svg+xml", ICON) }))
}

fn asset(kind: &'static str, content: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")], content)
}

fn address(stem: &str, extension: &str, content: &str) -> String {
    let digest = Sha256::digest(content.as_bytes());
    let hex = hex(digest.get(..8).unwrap_or_default());
    format!("/assets/{stem}.{hex}.{extension}")
}
