//! OpenID AuthZEN's Authorization API 1.0: the same decisions, as any AuthZEN client asks for them.
//!
//! The subject is an application, the resource is a principal's personal data, the categories are properties of the resource, and the
//! context carries the activity, the recipient, and whatever else a question has. What cannot be evaluated is no permit: the answer is
//! `decision: false`, with the reason in its context.

mod answer;
pub(super) mod endpoints;
mod evaluation;
mod evaluations;
mod metadata;
mod request;
mod search;
mod token;

use axum::extract::{FromRequest, Request};
use nattoku_operations::Fields;

use super::problem::{Kind, Problem};
use super::sent::{Text, is_json, read};
use crate::Web;

/// The type of a subject that is an application.
const APPLICATION: &str = "application";
/// The type of a resource that is a principal's personal data.
const PERSONAL_DATA: &str = "personal_data";

/// What was sent to an endpoint of AuthZEN: of whatever is wrong with it, the status is 400.
pub(super) struct Asked(Text);

impl FromRequest<Web> for Asked {
    type Rejection = Problem;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(
                Kind::Malformed,
                "Content-Type: application/json を付けてください",
                "say so by Content-Type: application/json",
            ));
        }
        read(request, web).await.map(Self)
    }
}

impl Asked {
    /// The object that was sent.
    fn fields(&self) -> Result<Fields<'_>, Problem> {
        self.0.fields()
    }
}
