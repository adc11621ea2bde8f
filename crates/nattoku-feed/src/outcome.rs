//! What attempts come to, and who counts them.

/// What an attempt came to, as it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It was taken.
    Taken,
    /// It was not, and comes again.
    NotTaken,
    /// The receiver wants nothing any more.
    Gone,
    /// It was given up.
    Dead,
}

impl Outcome {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::NotTaken => "not_taken",
            Self::Gone => "gone",
            Self::Dead => "dead",
        }
    }
}

/// Whoever counts what is sent.
pub trait Counting: Send + Sync {
    /// An attempt came to this.
    fn attempted(&self, subscription: &str, outcome: Outcome);

    /// So many events were not looked at yet.
    fn behind(&self, subscription: &str, events: u64);

    /// So many were given up.
    fn dead(&self, subscription: &str, letters: u64);
}
