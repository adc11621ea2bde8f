//! `nattoku ledger witness --serve ADDRESS`: a witness that logs ask over HTTP (C2SP tlog-witness).

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use nattoku_ledger::Refusal;
use nattoku_model::Language;
use serde_json::json;

use super::Witness;
use crate::cli::Format;
use crate::exit::{CommandError, Exit};
use crate::output;
use crate::serving::{cannot_serve, stopped};

/// A note may have a million bytes, and a proof 63 lines.
const REQUEST_BYTES_MAX: usize = 1 << 20;

/// Serves until the program is told to stop.
pub(super) fn run(
    address: &str,
    witness: Witness,
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| cannot_serve(&e))?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(address).await;
        let listener = listener.map_err(|error| cannot_listen(address, &error))?;
        let url = format!("http://{}/add-checkpoint", listener.local_addr().map_err(|e| cannot_serve(&e))?);
        output::line(&match (format, language) {
            (Format::Json, _) => json!({ "url": url }).to_string(),
            (_, Language::Ja) => format!("連署の依頼を {url} で受け付けます。Ctrl-C で止まります"),
            (_, Language::En) => format!("checkpoints are cosigned at {url}; Ctrl-C stops it"),
        });
        axum::serve(listener, router(witness))
            .with_graceful_shutdown(stopped())
            .await
            .map_err(|e| cannot_serve(&e))
    })?;
    Ok(Exit::Done)
}

fn router(witness: Witness) -> Router {
    Router::new()
        .route("/add-checkpoint", post(add))
        .layer(DefaultBodyLimit::max(REQUEST_BYTES_MAX))
        .with_state(Arc::new(witness))
}

async fn add(State(witness): State<Arc<Witness>>, request: Bytes) -> Response {
    match tokio::task::spawn_blocking(move || witness.asked(&request)).await {
        Ok(Ok(Ok(lines))) => ([(header::CONTENT_TYPE, TEXT)], lines).into_response(),
        Ok(Ok(Err(refusal))) => refused(&refusal),
        Ok(Err(error)) => {
            output::error(&error, output::language());
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

const TEXT: &str = "text/plain; charset=utf-8";

fn refused(refusal: &Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let (kind, body) = match refusal.size() {
        Some(size) => ("text/x.tlog.size", format!("{size}\n")),
        None => (TEXT, format!("{refusal}\n")),
    };
    (status, [(header::CONTENT_TYPE, kind)], body).into_response()
}

fn cannot_listen(address: &str, error: &std::io::Error) -> CommandError {
    CommandError::could_not_run(
        format!("{address} で待ち受けられません: {error}"),
        format!("cannot listen at {address}: {error}"),
    )
    .hint(
        "127.0.0.1:8081 のように、空いている番号を付けて指定してください",
        "name an address with a free port, such as 127.0.0.1:8081",
    )
}
