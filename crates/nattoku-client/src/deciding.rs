//! Whoever decides: a server that is called, or an engine within this very program.

use std::future::Future;

use crate::{Client, ClientError, Decision, Question};

/// Whoever can be asked. A clone asks the same.
///
/// [`Client`] calls a server; `nattoku_embedded::Embedded` answers by itself. What is written for one is written for both.
pub trait Deciding: Clone + Send + Sync + 'static {
    /// Answers one question. An error is no permit.
    fn decision(&self, question: &Question) -> impl Future<Output = Result<Decision, ClientError>> + Send;
}

impl Deciding for Client {
    async fn decision(&self, question: &Question) -> Result<Decision, ClientError> {
        self.decide(question).await
    }
}
