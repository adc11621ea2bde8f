//! Links that work once.
//!
//! A link is used up once somebody has come with the cookie that they got by it, at whichever server. Until then it can be opened again,
//! for an answer may be lost on its way: the session that was begun before ends, so that no two are of one link.

use jiff::Timestamp;
use nattoku_operations::{Node, OperationError};
use nattoku_store::session_number;
use sha2::{Digest, Sha256};

use super::{Begun, LINK_LASTS, Sessions, id, not_known, owner};
use crate::hex::hex;

/// How long it is remembered that a link was used, so that a second opening can be told from a wrong address.
const USED_REMEMBERED: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// What opening a sign-in link comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// A session has begun; the token is for its cookie.
    Session(String),
    /// The link was used before, or waited too long.
    Spent,
    /// There is no such link.
    Unknown,
}

pub(super) struct Link {
    principal: String,
    issued: Timestamp,
    used: Use,
}

/// How far it is with a link.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// Nothing came of it so far.
    Not,
    /// Somebody opened it; the session has a number.
    By { number: [u8; 32], is_written: bool },
    /// It is used up.
    Up,
}

impl Use {
    const fn written(self) -> Self {
        match self {
            Self::By { number, .. } => Self::By { number, is_written: true },
            other => other,
        }
    }
}

impl Sessions {
    /// Makes a link for `principal` that works once: the token for `/sign-in/{token}`, 64 hexadecimal digits.
    #[must_use]
    pub fn issue_link(&self, principal: &str, now: Timestamp) -> String {
        let token = hex(&self.random());
        let mut inner = self.lock();
        inner.links.retain(|_, link| now.duration_since(link.issued) <= USED_REMEMBERED);
        let link = Link { principal: principal.to_owned(), issued: now, used: Use::Not };
        inner.links.insert(digest(&token), link);
        token
    }

    /// Opens a link: it begins a session, until one that it began was used.
    ///
    /// # Errors
    /// The session cannot be written, or one before it not be ended, and the link can be opened again; or the principal is not known any
    /// more.
    pub fn open(&self, node: &Node, token: &str, now: Timestamp) -> Result<Opened, OperationError> {
        self.open_for(node, token, now, &|| false)
    }

    /// The same for somebody who may go away meanwhile. Then nothing more is done: they may have opened it again, and their session must
    /// not end by what they no longer wait for.
    pub(crate) fn open_for(
        &self,
        node: &Node,
        token: &str,
        now: Timestamp,
        is_given_up: &dyn Fn() -> bool,
    ) -> Result<Opened, OperationError> {
        let link = digest(token);
        let Some((principal, before)) = self.look(&link, now) else { return Ok(Opened::Unknown) };
        let is_ended = match before {
            Use::By { number, .. } => take_back(node, &principal, &number)?,
            Use::Not | Use::Up => false,
        };
        if !is_ended && matches!(before, Use::Up | Use::By { is_written: true, .. }) {
            self.set(&link, before, Use::Up);
            return Ok(Opened::Spent);
        }
        if is_given_up() {
            return Ok(Opened::Spent);
        }
        let secret = self.random();
        let number = session_number(&secret);
        let opened = Use::By { number, is_written: false };
        // What was ended may have been noted as written since it was looked at.
        let is_first =
            self.set(&link, before, opened) || is_ended && self.set(&link, before.written(), opened);
        if !is_first {
            // Somebody else opens it at this moment.
            return self.open_for(node, token, now, is_given_up);
        }
        let begun = Begun { principal: &principal, id_token: None, proved: Some(now) };
        if let Err(error) = self.begin_with(node, &secret, begun, now) {
            self.set(&link, opened, Use::Not);
            return Err(error);
        }
        if self.set(&link, opened, opened.written()) {
            return Ok(Opened::Session(hex(&secret)));
        }
        // It was opened again while the store was slow: what counts is that.
        node.state().end_session(&secret)?;
        Ok(Opened::Spent)
    }

    /// Ends the session that a link began, whose cookie goes nowhere: the link can be opened again.
    ///
    /// # Errors
    /// It cannot be ended; it goes idle by itself.
    pub(crate) fn give_back(&self, node: &Node, link: &str, session: &str) -> Result<(), OperationError> {
        let Some(secret) = super::secret(session) else { return Ok(()) };
        let written = Use::By { number: session_number(&secret), is_written: true };
        // First: whoever opens it at this moment must not find that its session is over, as if it had been used.
        self.set(&digest(link), written, Use::Not);
        self.close(node, session).map(drop)
    }

    /// Whose a link is, and how far it is with it.
    fn look(&self, link: &[u8; 32], now: Timestamp) -> Option<(String, Use)> {
        let inner = self.lock();
        let link = inner.links.get(link)?;
        let age = now.duration_since(link.issued);
        let used = if age > LINK_LASTS { Use::Up } else { link.used };
        (age <= USED_REMEMBERED).then(|| (link.principal.clone(), used))
    }

    /// Goes on with a link, unless somebody else has meanwhile.
    fn set(&self, link: &[u8; 32], before: Use, after: Use) -> bool {
        let mut inner = self.lock();
        let Some(link) = inner.links.get_mut(link).filter(|link| link.used == before) else { return false };
        link.used = after;
        true
    }
}

/// Ends a session in which nothing was asked yet. False where it was used, or is not there.
fn take_back(node: &Node, principal: &str, number: &[u8; 32]) -> Result<bool, OperationError> {
    let Some(id) = id(node, principal)? else { return Ok(false) };
    Ok(node.state().end_unused_session(&owner(node, &id), number).map_err(not_known)?)
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
