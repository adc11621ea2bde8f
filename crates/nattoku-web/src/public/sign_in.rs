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
    /// What came before, in a sentence.
    told: Option<String>,
    /// Whether what was sent was not done, since nobody is signed in any more.
    undone: bool,
    /// Whether the page that was wanted comes after it.
    leads_back: bool,
    /// Where signing in at the provider begins, where there is one.
    start: Option<String>,
}

/// `/{language}/sign-in`: how to sign in.
pub(crate) fn page(visit: &Visit) -> Answer {
    frame::page(&SignIn {
        frame: Frame::new(visit, visit.words.get("sign-in-title"), ""),
        hours: LINK_LASTS.as_hours(),
        told: match visit.query("out") {
            Some("1") => Some(visit.words.get("signed-out")),
            Some("all") => Some(visit.words.get("signed-out-everywhere")),
            _ => None,
        },
        undone: visit.query("undone") == Some("1"),
        leads_back: own_page(visit.query("to").or(visit.wanted.as_deref())).is_some(),
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

/// `/sign-in/{token}`: begins a session, and goes to the page that was wanted in this browser, or home.
pub(crate) fn open_link(visit: &Visit) -> Answer {
    let (sessions, node, link) = (&visit.web.sessions, &visit.web.node, visit.parameter("token"));
    let opened = sessions.open_for(node, link, visit.now, &|| visit.is_given_up());
    match opened.map_err(Refusal::of)? {
        Opened::Session(token) => {
            let home = visit.link("my");
            let mut response = see_other(own_page(visit.wanted.as_deref()).unwrap_or(&home));
            if visit.is_given_up() {
                // Its cookie goes nowhere. Where the session cannot be ended, opening the link again ends it.
                let _ = sessions.give_back(node, link, &token);
            } else {
                in_place_of(visit, &mut response, &token)?;
            }
            Ok(response)
        }
        Opened::Spent => Err(Refusal::SpentLink),
        Opened::Unknown => Err(Refusal::UnknownLink),
    }
}

/// Has the browser keep a session in place of what it had: the one before ends, and the page that was wanted is forgotten.
pub(super) fn in_place_of(visit: &Visit, response: &mut Response, session: &str) -> Result<(), Refusal> {
    let is_secure = visit.web.settings.is_secure();
    if let Some(before) = visit.session.as_deref()
        && let Err(error) = visit.web.sessions.close(&visit.web.node, before)
    {
        // Nobody has its cookie any more; it goes idle.
        tracing::warn!(%error, "the session before cannot be ended");
    }
    add_cookie(response, &cookie::SESSION.set(session, is_secure))?;
    if visit.wanted.is_some() {
        add_cookie(response, &cookie::WANTED.clear(is_secure))?;
    }
    Ok(())
}

/// `POST /{language}/sign-out`: ends the session, also at the provider by which it was begun. Where it cannot be ended that is told,
/// and the cookie stays, so that it can be tried again.
pub(crate) fn sign_out(visit: &Visit) -> Answer {
    let closed = visit.session.as_deref().map(|token| visit.web.sessions.close(&visit.web.node, token));
    let id_token = closed.transpose().map_err(Refusal::of)?.flatten();
    signed_out(visit, id_token.as_deref(), "sign-in?out=1")
}

/// Whoever has signed out is signed out at the provider as well, and is then told so by a page.
pub(crate) fn signed_out(visit: &Visit, id_token: Option<&str>, told: &str) -> Answer {
    let there = id_token.and_then(|id_token| visit.web.sign_in.as_ref()?.end(id_token));
    let mut response = see_other(&there.unwrap_or_else(|| visit.link(told)));
    add_cookie(&mut response, &cookie::SESSION.clear(visit.web.settings.is_secure()))?;
    Ok(response)
}

/// Sets a cookie beside others.
pub(crate) fn add_cookie(response: &mut Response, cookie: &str) -> Result<(), Refusal> {
    let value = HeaderValue::from_str(cookie).map_err(|_| Refusal::Failed)?;
    response.headers_mut().append(header::SET_COOKIE, value);
    Ok(())
}
