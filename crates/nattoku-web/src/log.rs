//! `/log/checkpoint` and `/log/tile/…`: the ledger as a public log (C2SP tlog-tiles), for programs that check it.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use nattoku_ledger::Tile;
use nattoku_operations::{OperationError, PublishedLog};

use crate::Web;
use crate::blocking::rendering;
use crate::refusal::Refusal;
use crate::visit::Arrival;

/// What stays as it is for ever.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// What stays as it is until nobody needs it any more: the full tile takes its place.
const FOR_AN_HOUR: &str = "public, max-age=3600";

/// The routes of the log.
pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/log/checkpoint", get(checkpoint)).route("/log/tile/{*place}", get(tile))
}

/// The newest signed checkpoint.
async fn checkpoint(State(web): State<Web>, arrival: Arrival) -> Response {
    // It lies in a file.
    let read = rendering(move || {
        let standing = web.node.following().standing();
        standing.nattoku().log().and_then(PublishedLog::checkpoint)
    });
    match read.await {
        Ok(Some((signed, _))) => {
            let headers =
                [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
            (headers, signed).into_response()
        }
        Ok(None) => arrival.refuse(Refusal::NotFound).await,
        Err(_) => arrival.refuse(Refusal::Failed).await,
    }
}

/// A tile or a bundle of leaves, as far as the newest checkpoint goes.
async fn tile(State(web): State<Web>, Path(place): Path<String>, arrival: Arrival) -> Response {
    let Ok(tile) = format!("tile/{place}").parse::<Tile>() else {
        return arrival.refuse(Refusal::NotFound).await;
    };
    let of = web.clone();
    let read = web.limits.log.blocking(move || of.node.following().standing().nattoku().log_tile(tile));
    match read.await {
        Ok(Ok(Some(bytes))) => {
            let keep = if tile.is_full() { FOR_EVER } else { FOR_AN_HOUR };
            let headers = [(header::CONTENT_TYPE, "application/octet-stream"), (header::CACHE_CONTROL, keep)];
            (headers, bytes).into_response()
        }
        Ok(Ok(None)) => arrival.refuse(Refusal::NotFound).await,
        Ok(Err(error)) => {
            tracing::error!(%tile, "a tile cannot be read");
            arrival.refuse(Refusal::of(OperationError::from(error))).await
        }
        Err(_) => arrival.refuse(Refusal::Failed).await,
    }
}
