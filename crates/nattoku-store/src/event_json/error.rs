//! What is wrong with an event, in words its sender can act on.

use std::fmt;

use jiff::Timestamp;
use nattoku_model::{Language, Text};

/// Longest piece of the sender's own text that a message repeats, in characters.
const QUOTED_CHARS_MAX: usize = 60;

/// One thing that is wrong with an event: which field, what was expected, what was found and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventError {
    /// The field, or `line` where the line as a whole is wrong.
    pub field: String,
    /// What was expected, as a noun phrase.
    pub expected: Text,
    /// What was found, as a noun phrase.
    pub found: Text,
    /// What to do, as a sentence without a full stop.
    pub help: Text,
}

impl EventError {
    /// The whole message as one line of `language`.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        let Self { field, expected, found, help } = self;
        let (expected, found, help) = (expected.get(language), found.get(language), help.get(language));
        match language {
            Language::Ja => format!("`{field}`: {expected}が必要ですが、{found}でした。{help}"),
            Language::En => format!("`{field}`: expected {expected}, found {found}; {help}"),
        }
    }
}

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Language::En))
    }
}

impl std::error::Error for EventError {}

/// The same words in Japanese and English.
pub(crate) fn both(ja: impl Into<String>, en: impl Into<String>) -> Text {
    Text([(Language::Ja, ja.into()), (Language::En, en.into())].into())
}

/// The sender's own text, between back quotes, cut where it is long and with its control characters made visible.
pub(crate) fn quoted(text: &str) -> Text {
    let mut shown = String::new();
    for c in text.chars().take(QUOTED_CHARS_MAX) {
        if c.is_control() {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    if text.chars().nth(QUOTED_CHARS_MAX).is_some() {
        shown.push('…');
    }
    both(format!("`{shown}`"), format!("`{shown}`"))
}

/// The help that offers `nearest`, or else says `otherwise`.
pub(crate) fn did_you_mean(nearest: Option<&str>, otherwise: Text) -> Text {
    nearest.map_or(otherwise, |name| {
        both(format!("`{name}` ではありませんか"), format!("did you mean `{name}`?"))
    })
}

/// What only the ledger can find wrong with an event.
impl EventError {
    fn of(field: &str, expected: Text, found: Text, help: Text) -> Self {
        Self { field: field.to_owned(), expected, found, help }
    }

    /// The sender told when it was recorded, outside a migration.
    pub(crate) fn recorded_at_is_not_given() -> Self {
        Self::of(
            "recorded_at",
            both("台帳が付ける記録日時", "no such field: the ledger gives it"),
            both("行に書かれた記録日時", "one"),
            both(
                "項目を消すか、移行のときは `--keep-recorded-at` を付けてください",
                "remove it, or import with `--keep-recorded-at` in a migration",
            ),
        )
    }

    /// It was recorded after now.
    pub(crate) fn recorded_in_the_future(recorded_at: Timestamp, now: Timestamp) -> Self {
        Self::of(
            "recorded_at",
            both(format!("現在({now})以前の日時"), format!("a time up to now, {now}")),
            both(format!("`{recorded_at}`"), format!("`{recorded_at}`")),
            both("移行元の時計を確かめてください", "check the clock of the ledger it comes from"),
        )
    }

    /// It was recorded before the event before it.
    pub(crate) fn recorded_out_of_order(recorded_at: Timestamp, newest: Timestamp) -> Self {
        Self::of(
            "recorded_at",
            both(
                format!("直前のできごとの記録日時({newest})以後の日時"),
                format!("a time not before that of the event before it, {newest}"),
            ),
            both(format!("`{recorded_at}`"), format!("`{recorded_at}`")),
            both("行を `recorded_at` の順に並べてください", "sort the lines by `recorded_at`"),
        )
    }

    /// It happened after it was recorded.
    pub(crate) fn in_the_future(at: Timestamp, recorded_at: Timestamp) -> Self {
        Self::of(
            "at",
            both(
                format!("記録日時({recorded_at})以前の日時"),
                format!("a time up to when it is recorded, {recorded_at}"),
            ),
            both(format!("`{at}`"), format!("`{at}`")),
            both(
                "起きたことだけを、オフセットを確かめて送ってください",
                "send what has happened, and check the offset",
            ),
        )
    }

    /// What came in of it is no leaf.
    pub(crate) fn no_leaf(why: &str) -> Self {
        Self::of(
            "leaf",
            both("台帳の葉", "a leaf of a ledger"),
            both(format!("葉として読めないもの ({why})"), format!("one that cannot be read: {why}")),
            both("台帳を書き出すところからやり直してください", "export the ledger anew"),
        )
    }

    /// It came in before whom it is about, or without.
    pub(crate) fn not_arrived() -> Self {
        Self::of(
            "leaf",
            both("前の行にある本人についてのできごと", "an event about somebody of a line before"),
            both("どの行にもない本人についてのもの", "one about somebody of no such line"),
            both("台帳を書き出すところからやり直してください", "export the ledger anew"),
        )
    }

    /// Its leaf would be longer than the log's format admits.
    pub(crate) fn too_long(n_bytes: usize) -> Self {
        let n_bytes_max = crate::leaf::LEAF_BYTES_MAX;
        Self::of(
            "line",
            both(
                format!("台帳上で{n_bytes_max}バイト以下のできごと"),
                format!("an event of at most {n_bytes_max} bytes in the ledger"),
            ),
            both(format!("{n_bytes}バイト"), format!("{n_bytes} bytes")),
            both("複数のできごとに分けてください", "write several events"),
        )
    }
}
