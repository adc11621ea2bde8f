//! How to sign in, signing in by a link that works once, and signing out.

use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::provider::own_page;
use crate::cookie;
use crate::frame::{self, Frame};
use crate::refusal::Refusal;
use crate::session::{LINK_LASTS, Opened};
use crate::visit::{Answer, Visit, see_other};

#[derive(Template)]
#[template(path = "sign-in.html")]
struct SignIn<'a> {
    frame: Frame<'a>,
    /// How long a link may wait, in hours.
    hours: i64,
    signed_out: bool,
    /// Where signing in at the provider begins, where there is one.
    start: Option<String>,
}

/// `/{language}/sign-in`: how to sign in.
pub(crate) fn page(visit: &Visit) -> Answer {
    frame::page(&SignIn {
        frame: Frame::new(visit, visit.words.get("sign-in-title"), ""),
        hours: LINK_LASTS.as_hours(),
        signed_out: visit.query("out") == Some("1"),
        start: visit.web.sign_in.is_some().then(|| start(visit)),
    })
}

fn start(visit: &Visit) -> String {
    let start = visit.link("sign-in/start");
    match own_page(visit.query("to")) {
        Some(to) => format!("{start}?to={}", utf8_percent_encode(to, NON_ALPHANUMERIC)),
        None => start,
    }
}

/// `/sign-in/{token}`: uses the link up, begins a session and goes home.
pub(crate) fn open_link(visit: &Visit) -> Answer {
    let opened = visit.web.sessions.open(&visit.web.node, visit.parameter("token"), visit.now);
    match opened.map_err(Refusal::of)? {
        Opened::Session(token) => {
            let mut response = see_other(&visit.link("my"));
            add_cookie(&mut response, &cookie::SESSION.set(&token, visit.web.settings.is_secure()))?;
            Ok(response)
        }
        Opened::Spent => Err(Refusal::SpentLink),
        Opened::Unknown => Err(Refusal::UnknownLink),
    }
}

/// `POST /{language}/sign-out`: ends the session, also at the provider by which it was begun. Where it cannot be ended that is told,
/// and the cookie stays, so that it can be tried again.
pub(crate) fn sign_out(visit: &Visit) -> Answer {
    let closed = visit.session.as_deref().map(|token| visit.web.sessions.close(&visit.web.node, token));
    let id_token = closed.transpose().map_err(Refusal::of)?.flatten();
    let there = id_token.and_then(|id_token| visit.web.sign_in.as_ref()?.end(&id_token));
    let mut response = see_other(&there.unwrap_or_else(|| visit.link("sign-in?out=1")));
    add_cookie(&mut response, &cookie::SESSION.clear(visit.web.settings.is_secure()))?;
    Ok(response)
}

/// Sets a cookie beside others.
pub(super) fn add_cookie(response: &mut Response, cookie: &str) -> Result<(), Refusal> {
    let value = HeaderValue::from_str(cookie).map_err(|_| Refusal::Failed)?;
    response.headers_mut().append(header::SET_COOKIE, value);
    Ok(())
}
