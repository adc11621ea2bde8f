//! A layer of Tower that asks before a request reaches the service, and lets through only what is clearly permitted.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Request, Response, StatusCode};
use serde_json::json;
use tower_layer::Layer;
use tower_service::Service;

use crate::{Client, ClientError, Deciding, Decision, Obligation, Question};

/// Why a request did not reach the service.
#[derive(Debug)]
pub enum Denial {
    /// No question could be made of it.
    NoQuestion,
    /// The decision is no permit.
    NotPermitted(Box<Decision>),
    /// There is no decision.
    Failed(ClientError),
}

type Carries = Arc<dyn Fn(&Obligation) -> bool + Send + Sync>;
type Answers<R> = Arc<dyn Fn(&Denial) -> Response<R> + Send + Sync>;

/// Lets a request through when the question made of it is answered by a clear permit. The service finds the [`Decision`] among the
/// request's extensions. Everything else is answered 403: no question, no decision, any error.
pub struct RequirePermission<Q, R, C = Client> {
    client: C,
    question: Q,
    carries: Option<Carries>,
    answers: Answers<R>,
}

impl<Q, R: From<String> + 'static, C: Deciding> RequirePermission<Q, R, C> {
    /// Asks the question that `question` makes of a request; where it makes none the request is denied.
    #[must_use]
    pub fn new(client: C, question: Q) -> Self {
        Self { client, question, carries: None, answers: Arc::new(forbidden) }
    }
}

impl<Q, R, C> RequirePermission<Q, R, C> {
    /// Says of which obligations the service carries them out, so that `permit_with_conditions` is let through when it does all.
    #[must_use]
    pub fn carrying_out(mut self, carries: impl Fn(&Obligation) -> bool + Send + Sync + 'static) -> Self {
        self.carries = Some(Arc::new(carries));
        self
    }

    /// Answers a denied request otherwise.
    #[must_use]
    pub fn answering(mut self, answers: impl Fn(&Denial) -> Response<R> + Send + Sync + 'static) -> Self {
        self.answers = Arc::new(answers);
        self
    }
}

impl<Q: Clone, R, C: Clone> Clone for RequirePermission<Q, R, C> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            question: self.question.clone(),
            carries: self.carries.clone(),
            answers: Arc::clone(&self.answers),
        }
    }
}

impl<S, Q: Clone, R, C: Clone> Layer<S> for RequirePermission<Q, R, C> {
    type Service = RequirePermissionService<S, Q, R, C>;

    fn layer(&self, inner: S) -> Self::Service {
        RequirePermissionService { inner, rule: self.clone() }
    }
}

/// A service behind [`RequirePermission`].
pub struct RequirePermissionService<S, Q, R, C = Client> {
    inner: S,
    rule: RequirePermission<Q, R, C>,
}

impl<S: Clone, Q: Clone, R, C: Clone> Clone for RequirePermissionService<S, Q, R, C> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), rule: self.rule.clone() }
    }
}

impl<S, Q, B, R, C> Service<Request<B>> for RequirePermissionService<S, Q, R, C>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Send,
    Q: Fn(&Request<B>) -> Option<Question>,
    C: Deciding,
    B: Send + 'static,
    R: Send + 'static,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let question = (self.rule.question)(&request);
        let (client, carries) = (self.rule.client.clone(), self.rule.carries.clone());
        let answers = Arc::clone(&self.rule.answers);
        // The one that is ready is used; its clone may not be.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        Box::pin(async move {
            match permission(&client, question, carries.as_deref()).await {
                Ok(decision) => {
                    request.extensions_mut().insert(decision);
                    inner.call(request).await
                }
                Err(denial) => Ok(answers(&denial)),
            }
        })
    }
}

async fn permission(
    client: &impl Deciding,
    question: Option<Question>,
    carries: Option<&(dyn Fn(&Obligation) -> bool + Send + Sync)>,
) -> Result<Decision, Denial> {
    let question = question.ok_or(Denial::NoQuestion)?;
    let decision = client.decision(&question).await.map_err(Denial::Failed)?;
    let is_permitted =
        carries.map_or_else(|| decision.is_permitted(), |carries| decision.permits_if(carries));
    if is_permitted { Ok(decision) } else { Err(Denial::NotPermitted(Box::new(decision))) }
}

/// 403, with the verdict and the reason's code where there is a decision: what is the matter with the server concerns nobody outside.
fn forbidden<R: From<String>>(denial: &Denial) -> Response<R> {
    let mut problem = json!({ "title": "Not permitted", "status": 403 });
    if let Denial::NotPermitted(decision) = denial
        && let Some(members) = problem.as_object_mut()
    {
        members.insert("decision".to_owned(), decision.json.get("decision").cloned().unwrap_or_default());
        members.insert("reason".to_owned(), json!(decision.reason.as_ref().map(|reason| &reason.code)));
    }
    let mut response = Response::new(R::from(problem.to_string()));
    *response.status_mut() = StatusCode::FORBIDDEN;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
