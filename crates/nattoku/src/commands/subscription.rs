//! `nattoku subscription …`: to whom events are sent.

mod add;
mod dead;
mod list;
mod pause;
mod remove;
mod replay;

use nattoku_model::Language;
use nattoku_model::name::nearest;
use nattoku_store::{OpenMode, State, Store, Subscription};

use crate::cli::{Format, SubscriptionCommand, Where};
use crate::exit::{CommandError, Exit};
use crate::open;
use crate::settings::Settings;

pub(crate) fn run(
    command: &SubscriptionCommand,
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    match command {
        SubscriptionCommand::Add { name, url, events, from, secret_file, place } => {
            let wanted = add::Wanted { name, url, events, from: *from, secret_file: secret_file.as_deref() };
            add::run(&wanted, place, format, language)
        }
        SubscriptionCommand::List { place } => list::run(place, format, language),
        SubscriptionCommand::Pause { name, place } => pause::run(name, true, place, format, language),
        SubscriptionCommand::Resume { name, place } => pause::run(name, false, place, format, language),
        SubscriptionCommand::Remove { name, place } => remove::run(name, place, format, language),
        SubscriptionCommand::Replay { name, from, dead: _, place } => {
            replay::run(name, *from, place, format, language)
        }
        SubscriptionCommand::Dead { name, place } => dead::run(name.as_deref(), place, format, language),
    }
}

/// The ledger, and what is remembered beside it.
type Opened = (Box<dyn Store>, Box<dyn State>);

fn opened(place: &Where) -> Result<Opened, CommandError> {
    let settings = Settings::load(place.policy.as_deref(), place.store.as_deref())?;
    let (at, kek) = (settings.store_place()?, settings.keys.kek()?);
    let store = open::store(&at, OpenMode::ReadOnly, &kek)?;
    let state = at.open_state(store.ledger_id()?, nattoku_store::Settings::default())?;
    Ok((store, state))
}

/// The subscription of a name.
fn existing(state: &dyn State, name: &str) -> Result<Subscription, CommandError> {
    let subscriptions = state.subscriptions()?;
    if let Some(found) = subscriptions.iter().find(|one| one.name == name) {
        return Ok(found.clone());
    }
    let error = CommandError::asked_wrongly(
        format!("購読 `{name}` はありません"),
        format!("there is no subscription `{name}`"),
    );
    Err(match nearest(name, subscriptions.iter().map(|one| one.name.as_str())) {
        Some(near) => error.hint(format!("`{near}` のことでしょうか"), format!("did you mean `{near}`?")),
        None => error
            .hint("nattoku subscription list で一覧が見られます", "`nattoku subscription list` shows them"),
    })
}
