//! `GET /metrics`: the figures of the server, for Prometheus.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use nattoku_operations::CallerAct;

use super::caller::Called;
use super::problem::Problem;
use crate::Web;

/// The format of OpenMetrics.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

pub(crate) async fn get(State(web): State<Web>, called: Called) -> Result<Response, Problem> {
    called.may(CallerAct::Metrics)?;
    let text = web
        .figures
        .text(&web.node.freshness(), web.tracing.counts())
        .map_err(|error| Problem::failed(&error))?;
    Ok(([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response())
}
