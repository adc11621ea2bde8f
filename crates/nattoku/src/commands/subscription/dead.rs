//! `nattoku subscription dead`: what was given up, and why.

use nattoku_feed::in_words;
use nattoku_model::Language;
use serde_json::json;

use super::{existing, opened};
use crate::cli::{Format, Where};
use crate::exit::{CommandError, Exit};
use crate::output;

pub(super) fn run(
    name: Option<&str>,
    place: &Where,
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    let (_, state) = opened(place)?;
    if let Some(name) = name {
        existing(&*state, name)?;
    }
    let mut letters = state.dead_letters()?;
    letters.retain(|letter| name.is_none_or(|name| letter.subscription == name));
    for letter in &letters {
        let (subscription, revision) = (&letter.subscription, letter.revision);
        let (died, attempts, why) = (letter.died, letter.attempts, &letter.why);
        output::line(&match (format, language) {
            (Format::Json, _) => json!({
                "subscription": subscription,
                "revision": revision.0,
                "died": died.to_string(),
                "attempts": attempts,
                "why": why,
                "again": letter.again,
            })
            .to_string(),
            (_, Language::Ja) => {
                format!(
                    "{subscription}  リビジョン {revision}  {died}  {attempts} 回  {}",
                    in_words(why, language)
                )
            }
            (_, Language::En) => {
                format!(
                    "{subscription}  revision {revision}  {died}  {attempts} attempts  {}",
                    in_words(why, language)
                )
            }
        });
    }
    if letters.is_empty() {
        return Ok(Exit::Done);
    }
    output::note(match language {
        Language::Ja => "nattoku subscription replay 名前 --dead でもう一度送れます",
        Language::En => "`nattoku subscription replay NAME --dead` sends them again",
    });
    Ok(Exit::No)
}
