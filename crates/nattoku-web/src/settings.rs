//! What a deployment decides about the pages.

/// Settings of the pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The address under which people reach the pages, without a slash at the end: `https://privacy.example.jp`.
    pub public_address: String,
}

impl Settings {
    /// Whether people reach the pages over TLS, so that the cookie may be bound to it.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.public_address.starts_with("https://")
    }
}
