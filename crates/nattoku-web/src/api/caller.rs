//! Who calls: by the token in `Authorization: Bearer`, held against what it allows.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use nattoku_operations::{Caller, CallerAct, FieldError, Fields, Question};
use nattoku_trace::called_by;

use super::problem::{Kind, Problem};
use crate::Web;

/// A call by somebody who may call.
#[derive(Debug, Clone)]
pub(crate) struct Called {
    pub(crate) caller: Arc<Caller>,
}

impl FromRequestParts<Web> for Called {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let given = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let secret = given.and_then(|given| {
            let (scheme, secret) = given.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim_start())
        });
        let Some(secret) = secret else {
            return Err(Problem::new(
                Kind::NoToken,
                "Authorization: Bearer に続けてトークンを送ってください",
                "send a token after Authorization: Bearer",
            ));
        };
        let now = web.node.following().look().nattoku().now();
        let caller = if web.oauth.is_for(secret) {
            Some(web.oauth.caller(secret, now).await?)
        } else {
            web.callers.by_secret(secret, now)
        };
        match caller {
            Some(caller) if !web.limits.exceeds(&caller.id) => {
                called_by(|| caller.id.as_str());
                Ok(Self { caller })
            }
            Some(_) => Err(Problem::new(
                Kind::TooMany,
                "少し待ってもう一度送ってください",
                "wait a moment and send it again",
            )),
            None => Err(Problem::new(
                Kind::UnknownToken,
                "取り消されたか、期限が切れたか、はじめから発行されていません",
                "it was revoked, has expired, or was never issued",
            )),
        }
    }
}

impl Called {
    /// Holds what is to be done against what the token allows.
    pub(crate) fn may(&self, act: CallerAct) -> Result<(), Problem> {
        if self.caller.may(act) {
            return Ok(());
        }
        Err(Problem::new(
            Kind::NotAllowed,
            format!("トークン `{}` には `{act}` が許されていません", self.caller.id),
            format!("the token `{}` does not allow `{act}`", self.caller.id),
        )
        .with("act", act.as_str()))
    }

    /// Holds the application that asks against those that the token is for.
    pub(crate) fn may_ask_as(&self, application: &str) -> Result<(), Problem> {
        if self.caller.is(application) {
            return Ok(());
        }
        let shown: String = application.chars().take(80).collect();
        Err(Problem::new(
            Kind::NotAllowed,
            format!("トークン `{}` では `{shown}` として尋ねられません", self.caller.id),
            format!("the token `{}` may not ask as `{shown}`", self.caller.id),
        )
        .with("application", shown))
    }

    /// The question of an object, asked as this caller.
    pub(crate) fn question(&self, fields: &Fields<'_>) -> Result<Question, Problem> {
        self.asked(Question::asked_by(self.caller.application(), fields))
    }

    /// The question about everybody of an object, asked as this caller.
    pub(crate) fn question_about_everybody(&self, fields: &Fields<'_>) -> Result<Question, Problem> {
        self.asked(Question::about_everybody(self.caller.application(), fields))
    }

    fn asked(&self, question: Result<Question, FieldError>) -> Result<Question, Problem> {
        let question = question?;
        self.may_ask_as(&question.application)?;
        Ok(question)
    }
}
