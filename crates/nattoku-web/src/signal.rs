//! Global Privacy Control: read from a request, taken for whoever is signed in, and told to everybody.

use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use nattoku_model::Language;
use nattoku_model::policy::SignalKind;
use nattoku_operations::{ChoiceState, Nattoku, OperationError};
use nattoku_trace::during;
use serde_json::json;

use crate::Web;
use crate::refusal::Refusal;
use crate::visit::{Answer, Visit};

const GPC: SignalKind = SignalKind::GlobalPrivacyControl;
const HEADER: &str = "sec-gpc";
/// Whether the policy heeds the signal may show an hour late.
const CACHE_CONTROL: &str = "public, max-age=3600";

/// Whether the browser sends the signal. The one value that counts is `1`, and of several headers one that has it is enough.
pub(crate) fn is_sent(headers: &HeaderMap) -> bool {
    headers.get_all(HEADER).iter().any(|value| value.as_bytes() == b"1")
}

/// Whether the policy says that the signal declines anything.
pub(crate) fn is_heeded(nattoku: &Nattoku) -> bool {
    nattoku.policy().signals.contains_key(&GPC)
}

/// Takes the signal of whoever the session's token is of. What stands against it is told in the log: the page does without.
pub(crate) fn take(web: &Web, token: &str, language: Language) {
    let standing = web.node.following().standing();
    let nattoku = standing.nattoku();
    let principal = web.sessions.principal(&web.node, token, nattoku.now());
    let taken = principal.and_then(|principal| {
        let Some(principal) = principal else { return Ok(Vec::new()) };
        during("append", || nattoku.take_signal(&principal, GPC, language))
    });
    match taken {
        // Whom the ledger does not know is told so by the page, and named in no log.
        Ok(_) | Err(OperationError::UnknownPrincipal(_)) => {}
        Err(error) => {
            tracing::warn!(%error, "a signal of a browser was not taken; the next page tries again");
        }
    }
}

/// What is said of the signal beside a choice that it declines: whether it or the person's own answer applies.
pub(crate) fn beside(visit: &Visit, state: &ChoiceState) -> Option<String> {
    let signal = visit.nattoku().policy().signals.get(&GPC)?;
    if !signal.declines.contains(&state.choice) {
        return None;
    }
    let (words, is_by_signal) = (visit.words, |channel: &str| channel == GPC.as_str());
    let Some(last) = &state.last else {
        return Some(words.get(if visit.sends_signal { "signal-untaken" } else { "signal-offered" }));
    };
    let when = visit.dates.minute(&last.at);
    if is_by_signal(&last.channel) {
        return Some(words.fill("signal-taken", &when));
    }
    let was_taken = state.acts.iter().any(|act| is_by_signal(&act.channel));
    (visit.sends_signal || was_taken).then(|| words.fill("signal-own-answer", &when))
}

/// `/.well-known/gpc.json`: that the signal is heeded, and since when that is stated. Where the policy takes it for nothing there is
/// no such file, since saying `false` would be a statement about it.
pub(crate) fn support(visit: &Visit) -> Answer {
    let policy = visit.nattoku().policy();
    let signal = policy.signals.get(&GPC).ok_or(Refusal::NotFound)?;
    let stated = signal
        .stated
        .unwrap_or_else(|| policy.effective.to_zoned_datetime(policy.timezone.clone()).datetime().date());
    let support = json!({ "gpc": true, "lastUpdate": stated.to_string() });
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, CACHE_CONTROL)];
    Ok((headers, support.to_string()).into_response())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn sent(values: &[&'static str]) -> bool {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(HEADER, HeaderValue::from_static(value));
        }
        is_sent(&headers)
    }

    #[test]
    fn one_header_that_says_1_is_a_signal_and_nothing_else_is() {
        assert!(sent(&["1"]) && sent(&["0", "1"]));
        assert!(!sent(&[]) && !sent(&["0"]) && !sent(&["true"]) && !sent(&["1, 1"]) && !sent(&["11"]));
    }
}
