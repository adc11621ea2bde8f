//! `nattoku subscription replay`: sends again what was sent, or what was given up.

use nattoku_model::{Language, Revision};
use serde_json::json;

use super::{existing, opened};
use crate::cli::{Format, Where};
use crate::exit::{CommandError, Exit};
use crate::output;

/// Sends everything after `from` again; without one, what was given up.
pub(super) fn run(
    name: &str,
    from: Option<u64>,
    place: &Where,
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    let (_, state) = opened(place)?;
    let cursor = existing(&*state, name)?.cursor;
    let Some(from) = from.map(Revision) else {
        let n_revived = state.revive_dead_letters(name)?;
        output::line(&match (format, language) {
            (Format::Json, _) => json!({ "subscription": name, "dead": n_revived }).to_string(),
            (_, Language::Ja) => format!("購読 `{name}` で送信を断念した {n_revived} 件を、もう一度送ります"),
            (_, Language::En) => format!("{n_revived} that were given up for `{name}` are sent again"),
        });
        return Ok(Exit::Done);
    };
    if from > cursor {
        return Err(CommandError::asked_wrongly(
            format!("購読 `{name}` はリビジョン {cursor} までしか送っていません"),
            format!("the subscription `{name}` has come to revision {cursor}, and not to {from}"),
        )
        .hint(
            "それより前のリビジョンを --from で示してください。飛ばすことはできません",
            "name an earlier revision with --from; nothing can be left out",
        ));
    }
    state.move_cursor(name, None, from)?;
    output::line(&match (format, language) {
        (Format::Json, _) => json!({ "subscription": name, "cursor": from.0 }).to_string(),
        (_, Language::Ja) => format!("購読 `{name}` はリビジョン {from} の次からもう一度送ります"),
        (_, Language::En) => {
            format!("the subscription `{name}` is sent everything after revision {from} again")
        }
    });
    Ok(Exit::Done)
}
