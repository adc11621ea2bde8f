//! Where spans are sent: a collector, by OTLP over HTTP.

use std::time::Duration;

use nattoku_model::clock::Clock;
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::InstrumentationScope;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use prost::Message as _;
use ureq::Agent;

use crate::span::attribute;

/// Longest answer that is read.
const ANSWER_BYTES_MAX: u64 = 64 * 1024;
const PROTOBUF: &str = "application/x-protobuf";

/// A collector, and what is sent there.
pub struct Collector {
    /// Its whole address for traces.
    pub address: String,
    /// What it is to be told as `Authorization`.
    pub authorization: Option<String>,
    /// The authorities by which its certificate is signed, as PEM; those that the system trusts otherwise.
    pub authorities: Option<Vec<u8>>,
    /// What this service is called there.
    pub service: String,
    /// Which part of the calls is recorded that no caller has decided about: from 0 to 1.
    pub ratio: f64,
    /// How long one attempt to send may take.
    pub timeout: Duration,
    /// The time.
    pub clock: Box<dyn Clock>,
}

/// Why nothing can be sent to it.
#[derive(Debug, thiserror::Error)]
pub enum CollectorError {
    /// The file of authorities has none.
    #[error("there is no certificate in the file, as PEM")]
    NoAuthorities,
    /// There is no thread for it.
    #[error("no thread can be started: {0}")]
    NoThread(#[from] std::io::Error),
}

/// Sends to a collector.
#[derive(Debug)]
pub(crate) struct Sender {
    agent: Agent,
    address: String,
    authorization: Option<String>,
    resource: Resource,
}

/// Why spans were not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotTaken {
    /// It may be taken later.
    #[error("{0}")]
    ForNow(String),
    /// It never is.
    #[error("{0}")]
    AtAll(String),
}

impl Sender {
    pub(crate) fn new(collector: &Collector) -> Result<Self, CollectorError> {
        let authorities = nattoku_outbound::authorities(collector.authorities.as_deref());
        let authorities = authorities.ok_or(CollectorError::NoAuthorities)?;
        Ok(Self {
            agent: nattoku_outbound::config(authorities, collector.timeout).into(),
            address: collector.address.clone(),
            authorization: collector.authorization.clone(),
            resource: resource(&collector.service),
        })
    }

    /// What is sent of these spans.
    pub(crate) fn request(&self, spans: Vec<Span>) -> Vec<u8> {
        let scope = InstrumentationScope {
            name: "nattoku".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            ..InstrumentationScope::default()
        };
        let of_scope = ScopeSpans { scope: Some(scope), spans, ..ScopeSpans::default() };
        let of_resource = ResourceSpans {
            resource: Some(self.resource.clone()),
            scope_spans: vec![of_scope],
            ..ResourceSpans::default()
        };
        ExportTraceServiceRequest { resource_spans: vec![of_resource] }.encode_to_vec()
    }

    /// Gives spans to the collector, and tells how many of them it has refused.
    pub(crate) fn send(&self, request: &[u8]) -> Result<u64, NotTaken> {
        let mut post = self.agent.post(&self.address).content_type(PROTOBUF);
        if let Some(authorization) = &self.authorization {
            post = post.header("Authorization", authorization);
        }
        let mut answer = post.send(request).map_err(|error| NotTaken::ForNow(error.to_string()))?;
        match answer.status().as_u16() {
            200..=299 => {
                let read = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec();
                let told = ExportTraceServiceResponse::decode(read.unwrap_or_default().as_slice());
                let refused = told.ok().and_then(|told| told.partial_success);
                Ok(refused.map_or(0, |part| u64::try_from(part.rejected_spans).unwrap_or(0)))
            }
            // By the protocol these may be sent again.
            status @ (429 | 502 | 503 | 504) => {
                Err(NotTaken::ForNow(format!("the collector answers {status}")))
            }
            status => Err(NotTaken::AtAll(format!("the collector answers {status}"))),
        }
    }
}

impl Collector {
    /// Looks whether it takes what it is sent, by sending nothing.
    ///
    /// # Errors
    /// It cannot be asked, or does not take it, in words.
    pub fn look(&self) -> Result<Result<(), String>, CollectorError> {
        let sender = Sender::new(self)?;
        Ok(sender.send(&sender.request(Vec::new())).map(drop).map_err(|e| e.to_string()))
    }
}

/// What all the spans of this program are of.
fn resource(service: &str) -> Resource {
    let told = [
        ("service.name", service),
        ("service.version", env!("CARGO_PKG_VERSION")),
        ("telemetry.sdk.language", "rust"),
        ("telemetry.sdk.name", "nattoku"),
        ("telemetry.sdk.version", env!("CARGO_PKG_VERSION")),
    ];
    Resource {
        attributes: told.into_iter().map(|(key, told)| attribute(key, told.into())).collect(),
        ..Resource::default()
    }
}
