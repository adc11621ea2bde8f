//! Values of the command line that are read here, and what is said of those that cannot be, in both languages.

use jiff::Timestamp;

/// An instant with an offset; a date alone would mean another instant in every zone.
pub(super) fn instant(text: &str) -> Result<Timestamp, NotAnInstant> {
    text.parse().map_err(|_| NotAnInstant)
}

/// A value that is no time with an offset.
#[derive(Debug, thiserror::Error)]
#[error("expected a time with an offset, such as 2020-01-05T12:00:00+09:00")]
pub(super) struct NotAnInstant;

impl NotAnInstant {
    /// The same in Japanese.
    pub(super) const JA: &str = "2020-01-05T12:00:00+09:00 のように、時差を付けた時刻を書いてください";
}

/// A whole number between two.
pub(super) fn number<N: TryFrom<u64>, const LEAST: u64, const MOST: u64>(text: &str) -> Result<N, NotWithin> {
    let number = text.parse::<u64>().ok().filter(|number| (LEAST..=MOST).contains(number));
    number.and_then(|number| N::try_from(number).ok()).ok_or(NotWithin { least: LEAST, most: MOST })
}

/// A value that is no whole number, or too small or too large a one.
#[derive(Debug, thiserror::Error)]
#[error("expected a whole number from {least} to {most}")]
pub(super) struct NotWithin {
    least: u64,
    most: u64,
}

impl NotWithin {
    /// The same in Japanese.
    pub(super) fn ja(&self) -> String {
        format!("{} から {} までの整数を書いてください", self.least, self.most)
    }
}
