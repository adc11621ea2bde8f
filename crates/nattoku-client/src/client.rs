//! The client for tokio.

use std::sync::Arc;
use std::time::Instant;

use http_body_util::{BodyExt as _, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as Sender;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;

use crate::call::{Call, Deed};
use crate::ground::{Ground, explained};
use crate::reply::{BYTES_MAX, Reply};
use crate::tries::{Tries, random};
use crate::trust;
use crate::{
    Act, AudienceQuestion, Changed, ClientError, Decision, Event, Figures, Level, Listed, Page, Question,
    Receipt, Recorded, Settings,
};

/// A client. A clone shares connections and memory.
#[derive(Clone)]
pub struct Client {
    ground: Arc<Ground>,
    sender: Sender<HttpsConnector<HttpConnector>, String>,
}

impl Client {
    /// A client with these settings. Nothing is sent yet.
    pub fn new(settings: Settings) -> Result<Self, ClientError> {
        let ground = Ground::new(settings)?;
        let mut roots = RootCertStore::empty();
        if trust::is_needed(&ground.base) {
            roots.add_parsable_certificates(trust::authorities(&ground.settings)?);
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| ClientError::Trust(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector =
            HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().build();
        let sender = Sender::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector);
        Ok(Self { ground: Arc::new(ground), sender })
    }

    /// Asks one question.
    pub async fn decide(&self, question: &Question) -> Result<Decision, ClientError> {
        let asked = match self.ground.memory.recall(question, Instant::now()) {
            Ok(decision) => return Ok(decision),
            Err(asked) => asked,
        };
        let reply = self.send(&Call::decide(question, asked.known, &self.ground.settings)).await?;
        self.ground.decided(question, asked, reply)
    }

    /// Asks up to a thousand questions at once, each answered for itself.
    pub async fn decide_batch(
        &self,
        questions: &[Question],
    ) -> Result<Vec<Result<Decision, ClientError>>, ClientError> {
        let batch = self.ground.batch(questions, Instant::now());
        let reply = match batch.sent.as_slice() {
            [] => None,
            sent => Some(self.send(&Call::batch(sent, &self.ground.settings)).await?),
        };
        self.ground.batch_decided(batch, reply)
    }

    /// Asks one question by the definition, answered with rules, events and sentences in [`Decision::json`]. Never from the cache.
    pub async fn explain(&self, question: &Question) -> Result<Decision, ClientError> {
        let asked = self.ground.memory.ask(question, Instant::now());
        let reply = self.send(&Call::explain(question, asked.known, &self.ground.settings)).await?;
        explained(question, asked, reply)
    }

    /// A principal grants a consent item.
    pub async fn grant(&self, act: Act) -> Result<Receipt, ClientError> {
        self.act(act, Deed::GRANT).await
    }

    /// A principal withdraws a consent item. Answered when every node respects it.
    pub async fn withdraw(&self, act: Act) -> Result<Receipt, ClientError> {
        self.act(act, Deed::WITHDRAW).await
    }

    /// A principal declines a choice. Answered when every node respects it.
    pub async fn decline(&self, act: Act) -> Result<Receipt, ClientError> {
        self.act(act, Deed::DECLINE).await
    }

    /// A principal restores a choice.
    pub async fn restore(&self, act: Act) -> Result<Receipt, ClientError> {
        self.act(act, Deed::RESTORE).await
    }

    /// Records up to a thousand events about a principal: all of them or none.
    pub async fn record(&self, principal: &str, events: &[Event]) -> Result<Recorded, ClientError> {
        self.record_until(principal, events, Level::Durable).await
    }

    /// Records events, answered when they have gone so far.
    pub async fn record_until(
        &self,
        principal: &str,
        events: &[Event],
        level: Level,
    ) -> Result<Recorded, ClientError> {
        let call = Call::record(principal, events, level, &self.ground.settings)?;
        let writing = self.ground.memory.write(principal);
        let recorded = self.send(&call).await?.read(Recorded::read)?;
        writing.done(recorded.revision);
        Ok(recorded)
    }

    /// For how many something is permitted, and why not for the others.
    pub async fn audience(&self, question: &AudienceQuestion) -> Result<Figures, ClientError> {
        self.send(&Call::audience(question, None, &self.ground.settings)).await?.read(Figures::read)
    }

    /// For whom something is permitted, a part at a time.
    pub async fn audience_list(
        &self,
        question: &AudienceQuestion,
        page: Page,
    ) -> Result<Listed, ClientError> {
        let call = Call::audience(question, Some(page), &self.ground.settings);
        self.send(&call).await?.read(|json| Listed::read(&json))
    }

    /// To whom of these something has happened since a revision. Up to ten thousand at once.
    pub async fn changed_since(&self, since: u64, principals: &[&str]) -> Result<Changed, ClientError> {
        let call = Call::changed_since(since, principals, &self.ground.settings);
        self.send(&call).await?.read(|json| Changed::read(&json))
    }

    /// How each consent item stands, as it was answered.
    pub async fn consents(&self, principal: &str) -> Result<Value, ClientError> {
        self.about(principal, "consents").await
    }

    /// How each choice stands, as it was answered.
    pub async fn choices(&self, principal: &str) -> Result<Value, ClientError> {
        self.about(principal, "choices").await
    }

    /// What is held, as it was answered.
    pub async fn holdings(&self, principal: &str) -> Result<Value, ClientError> {
        self.about(principal, "holdings").await
    }

    /// What the policy declares, as it was answered.
    pub async fn policy(&self) -> Result<Value, ClientError> {
        self.send(&Call::policy(&self.ground.settings)).await?.read(Ok)
    }

    async fn about(&self, principal: &str, place: &str) -> Result<Value, ClientError> {
        self.send(&Call::about(principal, place, &self.ground.settings)).await?.read(Ok)
    }

    async fn act(&self, act: Act, deed: Deed) -> Result<Receipt, ClientError> {
        let (principal, call) = Call::act(act, deed, &self.ground.settings)?;
        let writing = self.ground.memory.write(&principal);
        let receipt = self.send(&call).await?.read(Receipt::read)?;
        writing.done(receipt.revision);
        Ok(receipt)
    }

    async fn send(&self, call: &Call) -> Result<Reply, ClientError> {
        let mut tries = Tries::new(&self.ground.settings, Instant::now());
        loop {
            let wait = tries.wait(call.wait, Instant::now());
            let outcome = tokio::time::timeout(wait, self.try_once(call)).await;
            let outcome = outcome.unwrap_or(Err(ClientError::Late { after: wait }));
            match tries.pause(&outcome, Instant::now(), random()) {
                None => return outcome,
                Some(pause) => tokio::time::sleep(pause).await,
            }
        }
    }

    async fn try_once(&self, call: &Call) -> Result<Reply, ClientError> {
        let request = self.ground.request(call)?;
        let response = self.sender.request(request).await;
        let response = response.map_err(|error| ClientError::Unreachable(error.into()))?;
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, BYTES_MAX).collect().await.map_err(ClientError::Unreachable)?;
        let retry_after = parts.headers.get(http::header::RETRY_AFTER).and_then(|value| value.to_str().ok());
        Ok(Reply {
            status: parts.status.as_u16(),
            retry_after: retry_after.map(str::to_owned),
            body: body.to_bytes().to_vec(),
        })
    }
}
