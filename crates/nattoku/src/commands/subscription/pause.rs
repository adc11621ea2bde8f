//! `nattoku subscription pause` and `resume`: sends nothing for a while, and goes on.

use nattoku_feed::BY_HAND;
use nattoku_model::Language;
use nattoku_model::clock::Clock as _;
use serde_json::json;

use super::{existing, opened};
use crate::cli::{Format, Where};
use crate::clock::SystemClock;
use crate::exit::{CommandError, Exit};
use crate::output;

pub(super) fn run(
    name: &str,
    pauses: bool,
    place: &Where,
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    let (_, state) = opened(place)?;
    let cursor = existing(&*state, name)?.cursor;
    let paused = pauses.then(|| (SystemClock.now(), BY_HAND.to_owned()));
    state.pause_subscription(name, paused.as_ref())?;
    output::line(&match (format, language, pauses) {
        (Format::Json, ..) => {
            json!({ "subscription": name, "paused": pauses, "cursor": cursor.0 }).to_string()
        }
        (_, Language::Ja, true) => {
            format!("購読 `{name}` を停止しました。リビジョン {cursor} まで送ってあります")
        }
        (_, Language::Ja, false) => {
            format!("購読 `{name}` を再開しました。リビジョン {cursor} の次から送ります")
        }
        (_, Language::En, true) => format!("the subscription `{name}` is paused, at revision {cursor}"),
        (_, Language::En, false) => format!("the subscription `{name}` goes on after revision {cursor}"),
    });
    Ok(Exit::Done)
}
