//! `/{language}/my/settings`: who is signed in, where they are signed in beside, and how the pages are shown.
//!
//! What is shown of a sign-in is what the state has: neither the device nor the address of anybody is kept.

use askama::Template;
use nattoku_store::OwnSession;

use crate::frame::{self, Frame};
use crate::hex::hex;
use crate::public::sign_in::{sign_out, signed_out};
use crate::refusal::Refusal;
use crate::session::{Whose, own_sessions};
use crate::visit::{Answer, Visit, see_other};

/// Most sign-ins that are shown; those beyond are told by their number.
const SHOWN_MAX: usize = 50;
/// What stands in the form that ends all of them.
const ALL: &str = "all";

#[derive(Template)]
#[template(path = "my/settings.html")]
struct SettingsPage<'a> {
    frame: Frame<'a>,
    principal: &'a str,
    since: String,
    /// The one of this browser comes first.
    sign_ins: Vec<SignInView>,
    /// How many more there are.
    rest: Option<String>,
    /// Whether one was ended just now.
    ended: bool,
    /// Whether an account elsewhere goes on to be signed in.
    has_account: bool,
}

/// One sign-in.
struct SignInView {
    /// What the form that ends it names it.
    number: String,
    is_this: bool,
    /// When it was begun, for a machine and for people; likewise when it was used last, where it was.
    begun: (String, String),
    used: Option<(String, String)>,
    way: String,
    /// Which one, for whoever hears the button alone.
    about: String,
}

/// Shows it.
pub(crate) fn page(visit: &Visit, principal: &str) -> Answer {
    let whose = visit.whose().ok_or(Refusal::Failed)?;
    let mut all = own_sessions(&visit.web.node, whose, visit.now).map_err(Refusal::of)?;
    all.sort_by_key(|session| session.number != whose.number);
    let rest = all.len().saturating_sub(SHOWN_MAX);
    all.truncate(SHOWN_MAX);
    let has_account = all.iter().any(|session| session.is_by_provider);
    frame::page(&SettingsPage {
        frame: Frame::own(visit, visit.words.get("settings-title"), ""),
        principal,
        since: visit.dates.minute(&whose.opened),
        sign_ins: all.iter().map(|session| shown(visit, whose, session)).collect(),
        rest: (rest > 0).then(|| visit.words.count("settings-rest", rest)),
        ended: visit.query("ended") == Some("1"),
        has_account,
    })
}

/// `POST`: ends one of them, or all.
pub(crate) fn end(visit: &Visit, _: &str) -> Answer {
    let whose = visit.whose().ok_or(Refusal::Failed)?;
    let (sessions, node) = (&visit.web.sessions, &visit.web.node);
    let wanted = visit.form("end");
    if wanted == Some(ALL) {
        // The one of this browser comes first, since the provider's word goes with it; what is left of it is nothing.
        let id_token = visit.session.as_deref().map(|token| sessions.close(node, token));
        let id_token = id_token.transpose().map_err(Refusal::of)?.flatten();
        sessions.end_all_own(node, whose).map_err(Refusal::of)?;
        return signed_out(visit, id_token.as_deref(), "sign-in?out=all");
    }
    let number = wanted.and_then(|text| data_encoding::HEXLOWER.decode(text.as_bytes()).ok());
    let Some(number) = number.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()) else {
        return Ok(see_other(&visit.link("my/settings")));
    };
    if number == whose.number {
        return sign_out(visit);
    }
    sessions.end_own(node, whose, &number).map_err(Refusal::of)?;
    Ok(see_other(&visit.link("my/settings?ended=1")))
}

fn shown(visit: &Visit, whose: &Whose, session: &OwnSession) -> SignInView {
    let (words, dates) = (visit.words, &visit.dates);
    let at = |at| (dates.machine(at), dates.minute(at));
    let is_used = session.seen > session.opened;
    SignInView {
        number: hex(&session.number),
        is_this: session.number == whose.number,
        begun: at(&session.opened),
        used: is_used.then(|| at(&session.seen)),
        way: words.named("settings-way", if session.is_by_provider { "provider" } else { "link" }),
        about: words.fill("settings-about", &dates.minute(&session.opened)),
    }
}
