//! Signing in by a link that works once, and signing out.

use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::Response;

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
}

/// `/{language}/sign-in`: how to sign in.
pub(crate) fn page(visit: &Visit) -> Answer {
    frame::page(&SignIn {
        frame: Frame::new(visit, visit.words.get("sign-in-title"), ""),
        hours: LINK_LASTS.as_hours(),
        signed_out: visit.query("out") == Some("1"),
    })
}

/// `/sign-in/{token}`: uses the link up, begins a session and goes home.
pub(crate) fn open_link(visit: &Visit) -> Answer {
    match visit.web.sessions.open(visit.parameter("token"), visit.now) {
        Opened::Session(token) => {
            let mut response = see_other(&visit.link("my"));
            set_cookie(&mut response, &cookie::set(&token, visit.web.settings.is_secure()))?;
            Ok(response)
        }
        Opened::Spent => Err(Refusal::SpentLink),
        Opened::Unknown => Err(Refusal::UnknownLink),
    }
}

/// `POST /{language}/sign-out`: ends the session.
pub(crate) fn sign_out(visit: &Visit) -> Answer {
    if let Some(token) = &visit.session {
        visit.web.sessions.close(token);
    }
    let mut response = see_other(&visit.link("sign-in?out=1"));
    set_cookie(&mut response, &cookie::clear(visit.web.settings.is_secure()))?;
    Ok(response)
}

fn set_cookie(response: &mut Response, cookie: &str) -> Result<(), Refusal> {
    let value = HeaderValue::from_str(cookie).map_err(|_| Refusal::Failed)?;
    response.headers_mut().insert(header::SET_COOKIE, value);
    Ok(())
}
