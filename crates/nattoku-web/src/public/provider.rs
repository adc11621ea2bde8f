//! Signing in at an `OpenID` provider: going there, and coming back.

use axum::response::Response;
use nattoku_identity::Attempt;
use nattoku_model::Language;
use nattoku_operations::OperationError;

use super::sign_in::{self, add_cookie};
use crate::cookie;
use crate::refusal::Refusal;
use crate::session::{Begun, fresh_until};
use crate::sign_in::{Proof, SignIn};
use crate::visit::{Answer, Visit, see_other};

/// What stands before the page that was wanted, where the person is to show once more who they are.
const ANEW: &str = "anew:";

/// `/{language}/sign-in/start`: to the provider. The page that was wanted is kept, if it is one of the visitor's own. With `anew=1` the
/// provider is to ask who it is though it knows.
pub(crate) fn start(visit: &Visit) -> Answer {
    let attempt = Attempt::of(visit.web.sessions.random());
    let anew = visit.query("anew") == Some("1");
    let address = by_provider(visit)?.begin(&attempt, visit.language, anew)?;
    let to = own_page(visit.query("to")).map_or_else(|| visit.link("my"), str::to_owned);
    let mut response = see_other(&address);
    let kept = format!("{}.{}{to}", attempt.to_cookie(), if anew { ANEW } else { "" });
    add_cookie(&mut response, &cookie::ATTEMPT.set(&kept, visit.web.settings.is_secure()))?;
    Ok(response)
}

/// `/sign-in/return`: back from the provider. Whatever comes of it, this attempt is over.
pub(crate) fn back(visit: &Visit) -> Answer {
    let mut response = came_back(visit).unwrap_or_else(|refusal| refusal.page(visit));
    add_cookie(&mut response, &cookie::ATTEMPT.clear(visit.web.settings.is_secure()))?;
    Ok(response)
}

/// `/sign-in/out`: back from the provider, signed out there too.
pub(crate) fn out(visit: &Visit) -> Answer {
    by_provider(visit)?;
    Ok(see_other(&visit.link("sign-in?out=1")))
}

fn by_provider(visit: &Visit) -> Result<&SignIn, Refusal> {
    visit.web.sign_in.as_ref().ok_or(Refusal::NotFound)
}

fn came_back(visit: &Visit) -> Result<Response, Refusal> {
    let provider = by_provider(visit)?;
    let kept = visit.attempt.as_deref().and_then(|kept| kept.split_once('.'));
    let attempt = kept.and_then(|(secret, to)| Some((Attempt::from_cookie(secret)?, to)));
    let (attempt, to) = attempt.ok_or(Refusal::NoAttempt)?;
    let belongs = visit.query("state").is_some_and(|state| attempt.has_state(state));
    if !belongs || !provider.is_from(visit.query("iss")) {
        return Err(Refusal::NoAttempt);
    }
    let (anew, to) = to.strip_prefix(ANEW).map_or((false, to), |to| (true, to));
    let code = visit.query("code").ok_or(if anew { Refusal::NotConfirmed } else { Refusal::NotSignedIn })?;
    let Proof { principal, id_token, proved } = provider.redeem(&attempt, code, visit.now)?;
    // Whoever comes back by what the provider knew before has not shown once more who they are.
    let is_fresh = |proved| fresh_until(proved, visit.web.settings.fresh, visit.now).is_some();
    if anew && !proved.is_some_and(is_fresh) {
        tracing::warn!("the provider has not asked once more who somebody is, or does not tell when");
        return Err(Refusal::NotConfirmed);
    }
    // A clock that is ahead makes nothing count for longer.
    let proved = proved.map(|proved| proved.min(visit.now));
    let by = Begun { principal: &principal, id_token: Some(id_token), proved };
    let begun = visit.web.sessions.begin(&visit.web.node, by, visit.now);
    let session = begun.map_err(|error| match error {
        OperationError::UnknownPrincipal(_) => Refusal::UnknownPrincipal,
        error => Refusal::of(error),
    })?;
    // What the browser kept is held against the same rule again.
    let mut response = see_other(own_page(Some(to)).unwrap_or("/my"));
    if visit.is_given_up() {
        // Its cookie goes nowhere. Where it cannot be ended, it goes idle.
        let _ = visit.web.sessions.close(&visit.web.node, &session);
    } else {
        sign_in::in_place_of(visit, &mut response, &session)?;
    }
    Ok(response)
}

/// An address, where it is that of a page of one's own here; of any other place nothing is kept.
pub(crate) fn own_page(address: Option<&str>) -> Option<&str> {
    let address = address?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/-._~%?=&".contains(c);
    let (language, rest) = address.strip_prefix('/')?.split_once('/')?;
    let is_own = language.parse::<Language>().is_ok()
        && rest.strip_prefix("my").is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    (is_own && address.len() <= 500 && address.chars().all(is_plain) && !address.contains(".."))
        .then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_ones_own_are_gone_back_to() {
        for own in
            ["/ja/my", "/en/my?x=1", "/en/my/choices/consent/partner_sharing/stop", "/ja/my/history?page=2"]
        {
            assert_eq!(own_page(Some(own)), Some(own));
        }
        for other in [
            "https://elsewhere.example/ja/my",
            "//elsewhere.example/ja/my",
            "/\\elsewhere.example/ja/my",
            "/ja//elsewhere.example",
            "/ja/mystery",
            "/ja/privacy",
            "/xx/my",
            "/my",
            "/ja/my/../../x",
            "/ja/my\r\nSet-Cookie: a=b",
            "/ja/my;a",
            "ja/my",
            "javascript:alert(1)",
            "",
        ] {
            assert_eq!(own_page(Some(other)), None, "{other}");
        }
        assert_eq!(own_page(None), None);
        assert_eq!(own_page(Some(&format!("/ja/my/{}", "x".repeat(500)))), None);
    }
}
