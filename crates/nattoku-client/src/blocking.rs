//! The client for programs that wait.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::Request;
use http::header::RETRY_AFTER;
use serde_json::Value;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::call::{Call, Deed};
use crate::ground::{Ground, explained};
use crate::reply::{BYTES_MAX, Reply};
use crate::tries::{Tries, random};
use crate::trust;
use crate::{
    Act, AudienceQuestion, Changed, ClientError, Decision, Event, Figures, Level, Listed, Page, Question,
    Receipt, Recorded, Settings,
};

/// A client whose calls wait. A clone shares connections and memory. Not for asynchronous code, which it would hold up.
#[derive(Clone)]
pub struct Client {
    ground: Arc<Ground>,
    agent: Agent,
}

impl Client {
    /// A client with these settings. Nothing is sent yet.
    pub fn new(settings: Settings) -> Result<Self, ClientError> {
        let ground = Ground::new(settings)?;
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None);
        if trust::is_needed(&ground.base) {
            let authorities = trust::authorities(&ground.settings)?;
            let roots = authorities.iter().map(|der| Certificate::from_der(der).to_owned());
            let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
            let tls = TlsConfig::builder()
                .unversioned_rustls_crypto_provider(provider)
                .root_certs(RootCerts::Specific(Arc::new(roots.collect())));
            config = config.tls_config(tls.build());
        }
        Ok(Self { ground: Arc::new(ground), agent: config.build().into() })
    }

    /// Asks one question.
    pub fn decide(&self, question: &Question) -> Result<Decision, ClientError> {
        let asked = match self.ground.memory.recall(question, Instant::now()) {
            Ok(decision) => return Ok(decision),
            Err(asked) => asked,
        };
        let reply = self.send(&Call::decide(question, asked.known, &self.ground.settings))?;
        self.ground.decided(question, asked, reply)
    }

    /// Asks up to a thousand questions at once, each answered for itself.
    pub fn decide_batch(
        &self,
        questions: &[Question],
    ) -> Result<Vec<Result<Decision, ClientError>>, ClientError> {
        let batch = self.ground.batch(questions, Instant::now());
        let reply = match batch.sent.as_slice() {
            [] => None,
            sent => Some(self.send(&Call::batch(sent, &self.ground.settings))?),
        };
        self.ground.batch_decided(batch, reply)
    }

    /// Asks one question by the definition, answered with rules, events and sentences in [`Decision::json`]. Never from the cache.
    pub fn explain(&self, question: &Question) -> Result<Decision, ClientError> {
        let asked = self.ground.memory.ask(question, Instant::now());
        let reply = self.send(&Call::explain(question, asked.known, &self.ground.settings))?;
        explained(question, asked, reply)
    }

    /// A principal grants a consent item.
    pub fn grant(&self, act: Act) -> Result<Receipt, ClientError> {
        self.act(act, Deed::GRANT)
    }

    /// A principal withdraws a consent item. Answered when every node respects it.
    pub fn withdraw(&self, act: Act) -> Result<Receipt, ClientError> {
        self.act(act, Deed::WITHDRAW)
    }

    /// A principal declines a choice. Answered when every node respects it.
    pub fn decline(&self, act: Act) -> Result<Receipt, ClientError> {
        self.act(act, Deed::DECLINE)
    }

    /// A principal restores a choice.
    pub fn restore(&self, act: Act) -> Result<Receipt, ClientError> {
        self.act(act, Deed::RESTORE)
    }

    /// Records up to a thousand events about a principal: all of them or none.
    pub fn record(&self, principal: &str, events: &[Event]) -> Result<Recorded, ClientError> {
        self.record_until(principal, events, Level::Durable)
    }

    /// Records events, answered when they have gone so far.
    pub fn record_until(
        &self,
        principal: &str,
        events: &[Event],
        level: Level,
    ) -> Result<Recorded, ClientError> {
        let call = Call::record(principal, events, level, &self.ground.settings)?;
        let writing = self.ground.memory.write(principal);
        let recorded = self.send(&call)?.read(Recorded::read)?;
        writing.done(recorded.revision);
        Ok(recorded)
    }

    /// For how many something is permitted, and why not for the others.
    pub fn audience(&self, question: &AudienceQuestion) -> Result<Figures, ClientError> {
        self.send(&Call::audience(question, None, &self.ground.settings))?.read(Figures::read)
    }

    /// For whom something is permitted, a part at a time.
    pub fn audience_list(&self, question: &AudienceQuestion, page: Page) -> Result<Listed, ClientError> {
        let call = Call::audience(question, Some(page), &self.ground.settings);
        self.send(&call)?.read(|json| Listed::read(&json))
    }

    /// To whom of these something has happened since a revision. Up to ten thousand at once.
    pub fn changed_since(&self, since: u64, principals: &[&str]) -> Result<Changed, ClientError> {
        let call = Call::changed_since(since, principals, &self.ground.settings);
        self.send(&call)?.read(|json| Changed::read(&json))
    }

    /// How each consent item stands, as it was answered.
    pub fn consents(&self, principal: &str) -> Result<Value, ClientError> {
        self.about(principal, "consents")
    }

    /// How each choice stands, as it was answered.
    pub fn choices(&self, principal: &str) -> Result<Value, ClientError> {
        self.about(principal, "choices")
    }

    /// What is held, as it was answered.
    pub fn holdings(&self, principal: &str) -> Result<Value, ClientError> {
        self.about(principal, "holdings")
    }

    /// What the policy declares, as it was answered.
    pub fn policy(&self) -> Result<Value, ClientError> {
        self.send(&Call::policy(&self.ground.settings))?.read(Ok)
    }

    fn about(&self, principal: &str, place: &str) -> Result<Value, ClientError> {
        self.send(&Call::about(principal, place, &self.ground.settings))?.read(Ok)
    }

    fn act(&self, act: Act, deed: Deed) -> Result<Receipt, ClientError> {
        let (principal, call) = Call::act(act, deed, &self.ground.settings)?;
        let writing = self.ground.memory.write(&principal);
        let receipt = self.send(&call)?.read(Receipt::read)?;
        writing.done(receipt.revision);
        Ok(receipt)
    }

    fn send(&self, call: &Call) -> Result<Reply, ClientError> {
        let mut tries = Tries::new(&self.ground.settings, Instant::now());
        loop {
            let wait = tries.wait(call.wait, Instant::now());
            let outcome = self.try_once(call, wait);
            match tries.pause(&outcome, Instant::now(), random()) {
                None => return outcome,
                Some(pause) => std::thread::sleep(pause),
            }
        }
    }

    fn try_once(&self, call: &Call, wait: Duration) -> Result<Reply, ClientError> {
        let lost = |error: ureq::Error| match error {
            ureq::Error::Timeout(_) => ClientError::Late { after: wait },
            ureq::Error::Io(error) if error.kind() == ErrorKind::TimedOut => {
                ClientError::Late { after: wait }
            }
            error => ClientError::Unreachable(error.into()),
        };
        let (parts, body) = self.ground.request(call)?.into_parts();
        // A question without a body is sent without one: an empty one has a length, too.
        let response = if call.body.is_some() {
            let request = Request::from_parts(parts, body);
            let request = self.agent.configure_request(request).timeout_global(Some(wait)).build();
            self.agent.run(request)
        } else {
            let request = Request::from_parts(parts, ());
            let request = self.agent.configure_request(request).timeout_global(Some(wait)).build();
            self.agent.run(request)
        };
        let mut response = response.map_err(lost)?;
        let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after = retry_after.map(str::to_owned);
        let limit = u64::try_from(BYTES_MAX).unwrap_or(u64::MAX);
        let body = response.body_mut().with_config().limit(limit).read_to_vec().map_err(lost)?;
        Ok(Reply { status: response.status().as_u16(), retry_after, body })
    }
}
