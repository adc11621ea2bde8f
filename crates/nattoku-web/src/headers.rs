//! Headers of every answer, and the pages in place of bare refusals of the layers below.

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use nattoku_model::Language;
use nattoku_trace::Call;
use tower_http::csrf::ProtectionError;

use crate::api::frame::REQUEST_ID;
use crate::blocking::rendering;
use crate::refusal::Refusal;
use crate::visit::Visit;
use crate::{Web, accept_language};

/// No script runs here at all, so none is allowed.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

const ALWAYS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), publickey-credentials-get=()",
    ),
];

/// What pages allow of themselves where people sign in at a provider: signing out there begins with a form here.
pub(crate) fn content_security_policy(provider: &str) -> HeaderValue {
    let own = "form-action 'self'";
    let policy = CONTENT_SECURITY_POLICY.replace(own, &format!("{own} {provider}"));
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static(CONTENT_SECURITY_POLICY))
}

/// Adds the headers, and the number of the call. A page that says nothing about caching is kept nowhere.
pub(crate) async fn add(State(web): State<Web>, request: Request, next: Next) -> Response {
    let asked = Asked::of(&request);
    let call = Call::of_anybody(&web.tracing, request.headers());
    let id = request.headers().get(REQUEST_ID).cloned();
    let (method, path) = (request.method().clone(), request.extensions().get::<MatchedPath>().cloned());
    let response = async {
        let response = next.run(request).await;
        replace_bare(web.clone(), asked, response).await
    };
    let mut response = call.answering(response).await;
    call.answered(&method, path.as_ref().map(MatchedPath::as_str), response.status());
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(sign_in) = &web.sign_in {
        headers.insert(header::CONTENT_SECURITY_POLICY, sign_in.content_security_policy.clone());
    }
    if web.settings.is_secure() {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(REQUEST_ID, id.unwrap_or_else(|| call.number().header()));
    response
}

/// What a status page needs to know of the request.
struct Asked {
    address: String,
    language: Language,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let address = request.uri().to_string();
        let language = language_of(&address, request.headers());
        // After a refused act, the other language is offered for a page that can be read.
        let address = if request.method() == Method::POST { String::from("/") } else { address };
        Self { address, language }
    }
}

/// Refusals of the layers below come without a page: another site's form, and a panic outside of a page.
async fn replace_bare(web: Web, asked: Asked, response: Response) -> Response {
    let refusal = if response.extensions().get::<ProtectionError>().is_some() {
        Refusal::ForeignRequest
    } else if response.status() == StatusCode::INTERNAL_SERVER_ERROR && !is_html(response.headers()) {
        Refusal::Failed
    } else {
        return response;
    };
    let page = rendering(move || refusal.page(&Visit::of_status(web, asked.language, asked.address)));
    page.await.unwrap_or(response)
}

fn is_html(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// The language of an address, or else of the visitor.
pub(crate) fn language_of(address: &str, headers: &HeaderMap) -> Language {
    let first = address.trim_start_matches('/').split(['/', '?']).next().unwrap_or_default();
    first.parse().unwrap_or_else(|_| accept_language::preferred(headers))
}
