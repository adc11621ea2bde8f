//! `nattoku subscription list`: every subscription, with how far it has come.

use nattoku_feed::in_words;
use nattoku_model::{Language, Revision};
use nattoku_store::Subscription;
use serde_json::json;

use super::opened;
use crate::cli::{Format, Where};
use crate::exit::{CommandError, Exit};
use crate::output;

pub(super) fn run(place: &Where, format: Format, language: Language) -> Result<Exit, CommandError> {
    let (store, state) = opened(place)?;
    let (newest, subscriptions) = (store.revision()?, state.subscriptions()?);
    let letters = state.dead_letters()?;
    if subscriptions.is_empty() && format != Format::Json {
        output::note(match language {
            Language::Ja => "購読はまだありません。nattoku subscription add で登録できます",
            Language::En => "there are no subscriptions yet; `nattoku subscription add` adds one",
        });
    }
    for one in &subscriptions {
        let dead = letters.iter().filter(|letter| letter.subscription == one.name).count();
        output::line(&match format {
            Format::Json => line_json(one, newest, dead),
            Format::Concise => one.name.clone(),
            Format::Text => line_text(one, newest, dead, language),
        });
    }
    Ok(Exit::Done)
}

fn line_json(one: &Subscription, newest: Revision, dead: usize) -> String {
    json!({
        "subscription": one.name,
        "url": one.url,
        "events": one.events,
        "created": one.created.to_string(),
        "created_by": one.created_by,
        "cursor": one.cursor.0,
        "behind": newest.0.saturating_sub(one.cursor.0),
        "paused": one.paused.as_ref().map(|(at, _)| at.to_string()),
        "why": one.paused.as_ref().map(|(_, why)| why),
        "dead": dead,
    })
    .to_string()
}

fn line_text(one: &Subscription, newest: Revision, dead: usize, language: Language) -> String {
    let behind = newest.0.saturating_sub(one.cursor.0);
    let events = if one.events.is_empty() { "*".to_owned() } else { one.events.join(",") };
    let Subscription { name, url, cursor, .. } = one;
    let standing = match (&one.paused, language) {
        (None, Language::Ja) => "送信中".to_owned(),
        (None, Language::En) => "running".to_owned(),
        (Some((at, why)), Language::Ja) => format!("停止中 {at}（{}）", in_words(why, language)),
        (Some((at, why)), Language::En) => format!("paused {at} ({})", in_words(why, language)),
    };
    match language {
        Language::Ja => {
            format!("{name}  {standing}  {events}  {url}  リビジョン {cursor}（残り {behind}）  断念 {dead}")
        }
        Language::En => {
            format!("{name}  {standing}  {events}  {url}  revision {cursor} ({behind} behind)  {dead} dead")
        }
    }
}
