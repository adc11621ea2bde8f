//! Stopping and resuming, allowing and declining: a page that says what happens, then a POST that does it and answers with the receipt.

use askama::Template;
use axum::response::Response;
use nattoku_model::event::{By, Revision};
use nattoku_operations::{OperationError, WillRequest};
use nattoku_trace::during;

use super::passed::{Passed, passed};
use super::will::{Item, Will};
use crate::frame::{self, Frame};
use crate::refusal::Refusal;
use crate::visit::{Answer, Visit, see_other};

/// The channel under which acts on these pages are recorded.
pub(super) const CHANNEL: &str = "web";

/// Which way the act goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Stop,
    Resume,
}

#[derive(Template)]
#[template(path = "my/act.html")]
struct ActPage<'a> {
    frame: Frame<'a>,
    will: Will,
    stops: bool,
    /// Who was given something by it before.
    passed: Vec<Passed>,
    /// What the button says.
    button: String,
    /// The address the form posts to.
    action: String,
}

#[derive(Template)]
#[template(path = "my/locked.html")]
struct LockedPage<'a> {
    frame: Frame<'a>,
    will: Will,
}

/// `GET …/stop`
pub(crate) fn ask_stop(visit: &Visit, principal: &str) -> Answer {
    ask(visit, principal, Way::Stop)
}

/// `GET …/resume`
pub(crate) fn ask_resume(visit: &Visit, principal: &str) -> Answer {
    ask(visit, principal, Way::Resume)
}

/// `POST …/stop`
pub(crate) fn stop(visit: &Visit, principal: &str) -> Answer {
    carry_out(visit, principal, Way::Stop)
}

/// `POST …/resume`
pub(crate) fn resume(visit: &Visit, principal: &str) -> Answer {
    carry_out(visit, principal, Way::Resume)
}

fn ask(visit: &Visit, principal: &str, way: Way) -> Answer {
    let will = Will::of(visit, principal)?;
    if will.is_locked {
        let title = visit.words.fill("locked-title", &will.title);
        return frame::page(&LockedPage { frame: Frame::own(visit, title, "choices"), will });
    }
    if !way.is_open(&will) {
        return Ok(nothing_done(&will));
    }
    let words = visit.words;
    let (title, button, last) = match (way, &will.item) {
        (Way::Stop, _) if will.is_unanswered => ("ask-decline", "decline", "stop"),
        (Way::Stop, _) => ("ask-stop", "stop", "stop"),
        (Way::Resume, Item::Consent(_)) => ("ask-allow", "allow", "resume"),
        (Way::Resume, Item::Choice(_)) => ("ask-resume", "resume", "resume"),
    };
    frame::page(&ActPage {
        frame: Frame::own(visit, words.fill(title, &will.title), "choices"),
        stops: way == Way::Stop,
        passed: if way == Way::Stop { passed(visit, principal, [&will])? } else { Vec::new() },
        button: words.get(button),
        action: format!("{}/{last}", will.address),
        will,
    })
}

/// Does it, unless the person decided on a state that is no longer so: then the newer state is shown and nothing done.
fn carry_out(visit: &Visit, principal: &str, way: Way) -> Answer {
    let will = Will::of(visit, principal)?;
    if will.is_locked {
        return Ok(see_other(&format!("{}/stop", will.address)));
    }
    let seen_state = visit.form("seen") == Some(will.seen.to_string().as_str());
    let seen_text =
        will.today.as_ref().is_none_or(|today| visit.form("text") == Some(today.version.as_str()));
    // Whoever takes something back need not have seen the newest text.
    let takes_back = way == Way::Stop && will.acts.first().is_some_and(|act| act.allows);
    if !way.is_open(&will) || !seen_state || !(seen_text || takes_back) {
        return Ok(nothing_done(&will));
    }
    let nattoku = visit.nattoku();
    let request = WillRequest {
        channel: CHANNEL.to_owned(),
        by: By::Principal,
        language: visit.language,
        seen: Some(will.seen),
        id: None,
    };
    let receipt = during("append", || match (way, &will.item) {
        (Way::Stop, Item::Consent(name)) => nattoku.withdraw_consent(principal, name.as_str(), &request),
        (Way::Resume, Item::Consent(name)) => nattoku.grant_consent(principal, name.as_str(), &request, None),
        (Way::Stop, Item::Choice(name)) => nattoku.decline_choice(principal, name.as_str(), &request),
        (Way::Resume, Item::Choice(name)) => nattoku.restore_choice(principal, name.as_str(), &request),
    });
    let receipt = match receipt {
        // Somebody else was quicker between our reading and our writing.
        Err(OperationError::Refused(_) | OperationError::Changed) => return Ok(nothing_done(&will)),
        receipt => receipt.map_err(Refusal::of)?,
    };
    let told = visit.link(&format!("my/receipts/{}?done=1", receipt.revision));
    visit.is_recorded(&told);
    respected(visit, receipt.revision);
    Ok(see_other(&told))
}

/// Waits until every decision node respects what was done, as the page says that it does (G3). Where that cannot be known, they do
/// within the bound all the same (G1).
pub(super) fn respected(visit: &Visit, revision: Revision) {
    if let Err(error) = during("enforce", || visit.web.node.enforce(revision)) {
        tracing::warn!(%error, "an act is durable, and it is not known to be enforced");
    }
}

fn nothing_done(will: &Will) -> Response {
    see_other(&format!("{}?changed=1", will.address))
}

impl Way {
    fn is_open(self, will: &Will) -> bool {
        match self {
            Self::Stop => will.can_stop,
            Self::Resume => will.can_resume,
        }
    }
}
