//! One attempt to give an event to a receiver.

use std::time::Duration;

use jiff::Timestamp;
use nattoku_store::SigningSecret;
use ureq::Agent;
use ureq::http::HeaderMap;
use ureq::http::header::RETRY_AFTER;
use ureq::unversioned::transport::DefaultConnector;

use crate::public::{Private, PublicOnly};
use crate::reason;
use crate::signature::sign;
use crate::target::Target;

/// `CloudEvents` in their structured mode.
const CLOUD_EVENT: &str = "application/cloudevents+json; charset=utf-8";

/// Sends events.
#[derive(Debug)]
pub struct Sender {
    agent: Agent,
    timeout: Duration,
}

/// What a receiver answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It has taken it.
    Taken,
    /// It wants nothing any more (410).
    Gone,
    /// It did not take it, for this reason, and asks to be left alone for so long.
    NotTaken(String, Option<Duration>),
}

impl Sender {
    /// Sends over the internet; to addresses of private networks as well, where that is allowed. Each attempt may take so long. Receivers'
    /// certificates are checked by the authorities that the system trusts: where it trusts none, no attempt over TLS comes off.
    #[must_use]
    pub fn new(private_too: bool, timeout: Duration) -> Self {
        let config = nattoku_outbound::config(nattoku_outbound::of_system(), timeout);
        let agent = Agent::with_parts(config, DefaultConnector::default(), PublicOnly::new(private_too));
        Self { agent, timeout }
    }

    /// How long an attempt may take.
    #[must_use]
    pub const fn timeout(&self) -> Duration {
        self.timeout
    }

    pub(crate) fn send(
        &self,
        target: &Target,
        secret: &SigningSecret,
        id: &str,
        now: Timestamp,
        body: &str,
        traceparent: Option<&str>,
    ) -> Answer {
        let timestamp = now.as_second();
        let mut request = self.agent.post(target.url());
        if let Some(traceparent) = traceparent {
            request = request.header("traceparent", traceparent);
        }
        let sent = request
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp.to_string())
            .header("webhook-signature", sign(secret, id, timestamp, body))
            .content_type(CLOUD_EVENT)
            .send(body);
        match sent {
            Ok(response) => match response.status().as_u16() {
                200..=299 => Answer::Taken,
                410 => Answer::Gone,
                status => Answer::NotTaken(reason::of_status(status), retry_after(response.headers(), now)),
            },
            // What went wrong may name the address, and that may have a secret in it.
            Err(error) => Answer::NotTaken(reason_of(&error), None),
        }
    }
}

fn reason_of(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(_) => reason::TIMEOUT.to_owned(),
        ureq::Error::HostNotFound => reason::HOST_NOT_FOUND.to_owned(),
        ureq::Error::ConnectionFailed | ureq::Error::Io(_) => reason::NO_CONNECTION.to_owned(),
        ureq::Error::Other(error) if error.is::<Private>() => reason::PRIVATE_ADDRESS.to_owned(),
        ureq::Error::BadUri(_) => reason::BAD_ADDRESS.to_owned(),
        error => error.to_string(),
    }
}

/// For how long a receiver asks to be left alone: seconds, or a date.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_asks_in_seconds_or_by_a_date() {
        let now: Timestamp = "1994-11-06T08:49:00Z".parse().unwrap();
        let asked = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, text.parse().unwrap());
            retry_after(&headers, now)
        };
        assert_eq!(asked("120"), Some(Duration::from_mins(2)));
        assert_eq!(asked("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::from_secs(37)));
        assert_eq!(asked("Sun, 06 Nov 1994 08:00:00 GMT"), Some(Duration::ZERO));
        for wrong in ["", "soon", "-1"] {
            assert_eq!(asked(wrong), None, "{wrong}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }

    /// An address of the cloud's own metadata, which only the server can reach.
    #[test]
    fn what_leads_into_a_private_network_is_not_asked() {
        let secret = SigningSecret::new(vec![7; 32]);
        let target = Target::read("https://169.254.169.254/latest").unwrap();
        let sender = Sender::new(false, Duration::from_secs(5));
        let answer = sender.send(&target, &secret, "1", Timestamp::UNIX_EPOCH, "{}", None);
        assert!(
            matches!(&answer, Answer::NotTaken(why, None) if why == reason::PRIVATE_ADDRESS),
            "{answer:?}"
        );
    }
}
