//! What a deployment decides about the pages.

use jiff::SignedDuration;

/// Settings of the pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The address under which people reach the pages, without a slash at the end: `https://privacy.example.jp`.
    pub public_address: String,
    /// How long ago people may have shown who they are, to take along a copy of all that is known of them.
    pub fresh: SignedDuration,
}

impl Settings {
    /// How long ago that may be, where nobody says otherwise.
    pub const FRESH: SignedDuration = SignedDuration::from_mins(5);

    /// What is usual, under an address.
    #[must_use]
    pub const fn at(public_address: String) -> Self {
        Self { public_address, fresh: Self::FRESH }
    }

    /// Whether people reach the pages over TLS, so that the cookie may be bound to it.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.public_address.starts_with("https://")
    }
}
