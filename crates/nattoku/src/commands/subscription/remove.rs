//! `nattoku subscription remove`: forgets a subscription, with its secret and its dead letters.

use nattoku_model::Language;
use serde_json::json;

use super::{existing, opened};
use crate::cli::{Format, Where};
use crate::exit::{CommandError, Exit};
use crate::output;

pub(super) fn run(
    name: &str,
    place: &Where,
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    let (_, state) = opened(place)?;
    existing(&*state, name)?;
    state.remove_subscription(name)?;
    output::line(&match (format, language) {
        (Format::Json, _) => json!({ "subscription": name, "removed": true }).to_string(),
        (_, Language::Ja) => format!("購読 `{name}` を削除しました"),
        (_, Language::En) => format!("the subscription `{name}` is removed"),
    });
    Ok(Exit::Done)
}
