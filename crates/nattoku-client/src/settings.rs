//! Whom a client asks, how long it waits, and for how long it remembers.

use std::time::Duration;

/// No answer is used again when it is older: the time after which no lease of before a withdrawal is left.
pub const CACHE_AGE_MAX: Duration = Duration::from_secs(2);

/// The settings of a client.
#[derive(Clone)]
pub struct Settings {
    pub(crate) address: String,
    pub(crate) token: String,
    pub(crate) language: &'static str,
    pub(crate) question_wait: Duration,
    pub(crate) write_wait: Duration,
    pub(crate) whole_wait: Duration,
    pub(crate) tries_max: u32,
    pub(crate) cache_age: Duration,
    pub(crate) cache_answers: usize,
    pub(crate) is_clear_text_allowed: bool,
    pub(crate) authorities: Option<Vec<u8>>,
}

impl Settings {
    /// Asks a server under an address, with a token.
    #[must_use]
    pub fn new(address: impl Into<String>, token: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            token: token.into(),
            language: "en",
            question_wait: Duration::from_secs(1),
            write_wait: Duration::from_secs(5),
            whole_wait: Duration::from_secs(10),
            tries_max: 3,
            cache_age: Duration::from_secs(1),
            cache_answers: 10_000,
            is_clear_text_allowed: false,
            authorities: None,
        }
    }

    /// How long one try of a decision is waited for; otherwise one second.
    #[must_use]
    pub fn wait_for_questions(mut self, wait: Duration) -> Self {
        self.question_wait = wait;
        self
    }

    /// How long one try of anything else is waited for; otherwise five seconds.
    #[must_use]
    pub fn wait_for_writes(mut self, wait: Duration) -> Self {
        self.write_wait = wait;
        self
    }

    /// How many times a call is tried that the server was too busy for, or that it did not get, and how long all of them may take;
    /// otherwise three times within ten seconds.
    #[must_use]
    pub fn tries(mut self, most: u32, within: Duration) -> Self {
        self.tries_max = most.max(1);
        self.whole_wait = within;
        self
    }

    /// For how long an answer is used again, from when it was asked for; otherwise one second, and never longer than
    /// [`CACHE_AGE_MAX`]. With zero every question is sent.
    #[must_use]
    pub fn cache_for(mut self, age: Duration) -> Self {
        self.cache_age = age.min(CACHE_AGE_MAX);
        self
    }

    /// How many answers are remembered at most; otherwise ten thousand.
    #[must_use]
    pub fn cache_answers(mut self, most: usize) -> Self {
        self.cache_answers = most;
        self
    }

    /// Problems are told in Japanese.
    #[must_use]
    pub fn in_japanese(mut self) -> Self {
        self.language = "ja";
        self
    }

    /// Sends the token over plain HTTP to another machine, where the network itself is protected. Without this only to this machine.
    #[must_use]
    pub fn allow_clear_text(mut self) -> Self {
        self.is_clear_text_allowed = true;
        self
    }

    /// Trusts these authorities (PEM) and no others; otherwise those of the system.
    #[must_use]
    pub fn authorities(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.authorities = Some(pem.into());
        self
    }
}
