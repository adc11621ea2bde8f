//! `nattoku subscription add`: has events sent to an address.

use std::path::Path;

use nattoku_feed::{NotATarget, RECEIVERS_MAX, Target, read_secret, secret_text};
use nattoku_model::clock::Clock as _;
use nattoku_model::name::nearest;
use nattoku_model::{Event, Language, Revision};
use nattoku_store::{SigningSecret, Subscription};
use serde_json::json;

use super::opened;
use crate::cli::{Format, Where};
use crate::clock::SystemClock;
use crate::exit::{CommandError, Exit};
use crate::{kept_file, output, randomness};

/// Longest name of a subscription, in bytes.
const NAME_MAX: usize = 60;

/// What is asked for.
pub(super) struct Wanted<'a> {
    pub(super) name: &'a str,
    pub(super) url: &'a str,
    pub(super) events: &'a [String],
    pub(super) from: Option<u64>,
    pub(super) secret_file: Option<&'a Path>,
}

pub(super) fn run(
    wanted: &Wanted<'_>,
    place: &Where,
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    let target = Target::read(wanted.url).map_err(|why| no_target(wanted.url, why))?;
    events_exist(wanted.events)?;
    let secret = wanted.secret_file.map_or_else(new_secret, secret_in)?;
    let (store, state) = opened(place)?;
    let newest = store.revision()?;
    let cursor = wanted.from.map_or(newest, Revision);
    if cursor > newest {
        return Err(CommandError::asked_wrongly(
            format!("台帳はリビジョン {newest} までで、{cursor} より後はありません"),
            format!("the ledger goes to revision {newest}, and not beyond {cursor}"),
        )
        .hint(
            "--from を付けなければ、これから起きるものが送られます",
            "without --from what comes from now on is sent",
        ));
    }
    let subscription = Subscription {
        name: name_of(wanted.name)?,
        url: target.url().to_owned(),
        events: wanted.events.to_vec(),
        secret,
        created: SystemClock.now(),
        created_by: std::env::var("USER").unwrap_or_default(),
        cursor,
        paused: None,
    };
    there_is_room(state.subscriptions()?.len())?;
    if !state.add_subscription(&subscription)? {
        let name = wanted.name;
        return Err(CommandError::asked_wrongly(
            format!("購読 `{name}` はすでにあります"),
            format!("there is a subscription `{name}` already"),
        )
        .hint(
            "別の名前を付けるか、nattoku subscription remove で削除してください",
            "give another name, or remove that one with `nattoku subscription remove`",
        ));
    }
    tell(&subscription, wanted.secret_file.is_none(), format, language);
    Ok(Exit::Done)
}

/// A secret that was made here is shown, once.
fn tell(subscription: &Subscription, is_new: bool, format: Format, language: Language) {
    let Subscription { name, cursor, .. } = subscription;
    let secret = is_new.then(|| secret_text(&subscription.secret));
    match (format, &secret) {
        (Format::Json, _) => {
            output::line(&json!({ "subscription": name, "secret": secret, "cursor": cursor.0 }).to_string());
        }
        (_, Some(secret)) => output::line(secret),
        (_, None) => {}
    }
    let (shown_ja, shown_en) = if is_new {
        ("。上のシークレットは二度と表示されません", "; the secret above is not shown again")
    } else {
        ("", "")
    };
    output::note(&match language {
        Language::Ja => {
            format!("購読 `{name}` を登録しました。リビジョン {cursor} より後が送られます{shown_ja}")
        }
        Language::En => {
            format!(
                "the subscription `{name}` is added: what comes after revision {cursor} is sent{shown_en}"
            )
        }
    });
}

fn there_is_room(subscriptions: usize) -> Result<(), CommandError> {
    if subscriptions < RECEIVERS_MAX {
        return Ok(());
    }
    Err(CommandError::asked_wrongly(
        format!("購読は {RECEIVERS_MAX} 件までです"),
        format!("a deployment has at most {RECEIVERS_MAX} subscriptions"),
    )
    .hint(
        "要らない購読を nattoku subscription remove で削除するか、NATS に流してください",
        "remove one with `nattoku subscription remove`, or publish to NATS",
    ))
}

fn new_secret() -> Result<SigningSecret, CommandError> {
    let mut bytes = vec![0; 32];
    randomness::fill(&mut bytes)?;
    Ok(SigningSecret::new(bytes))
}

fn secret_in(path: &Path) -> Result<SigningSecret, CommandError> {
    let text = kept_file::must_read(path)?;
    read_secret(text.trim()).map_err(|_| {
        let path = path.display();
        CommandError::asked_wrongly(
            format!("{path} にシークレットがありません"),
            format!("{path} holds no secret"),
        )
        .hint(
            "`whsec_` に続けて 24 から 64 バイトの base64 を書いてください",
            "write `whsec_` and the base64 of 24 to 64 bytes",
        )
    })
}

fn name_of(name: &str) -> Result<String, CommandError> {
    let is_good = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    if !name.is_empty() && name.len() <= NAME_MAX && name.bytes().all(is_good) {
        return Ok(name.to_owned());
    }
    Err(CommandError::asked_wrongly(
        format!("購読の名前 `{name}` に使えるのは、英数字と `_-.` で {NAME_MAX} 文字までです"),
        format!(
            "the name of a subscription has letters, digits and `_-.`, {NAME_MAX} of them at most, and is not `{name}`"
        ),
    ))
}

fn events_exist(events: &[String]) -> Result<(), CommandError> {
    let Some(unknown) = events.iter().find(|event| !Event::NAMES.contains(&event.as_str())) else {
        return Ok(());
    };
    let all = Event::NAMES.join(", ");
    let near = nearest(unknown, Event::NAMES).unwrap_or(&all);
    Err(CommandError::asked_wrongly(
        format!("`{unknown}` というできごとはありません"),
        format!("there is no event `{unknown}`"),
    )
    .hint(format!("使えるもの: {near}"), format!("events: {near}")))
}

fn no_target(url: &str, why: NotATarget) -> CommandError {
    let (ja, en) = match why {
        NotATarget::Unreadable => {
            ("https:// で始まるアドレスを書いてください", "write an address that begins with https://")
        }
        NotATarget::InTheClear => (
            "https のアドレスにしてください。http はこのマシン自身（127.0.0.1、[::1]、localhost）だけです",
            "write an https address; http is for this very machine alone (127.0.0.1, [::1], localhost)",
        ),
        NotATarget::User => (
            "アドレスにユーザーやパスワードは書けません。送るものには署名が付きます",
            "leave the user and the password out; what is sent is signed",
        ),
    };
    let shown = if why == NotATarget::User { "…" } else { url };
    CommandError::asked_wrongly(
        format!("`{shown}` には送れません"),
        format!("nothing can be sent to `{shown}`"),
    )
    .hint(ja, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever is beyond would be sent nothing.
    #[test]
    fn no_more_are_added_than_are_sent_to() {
        assert!(there_is_room(RECEIVERS_MAX - 1).is_ok());
        assert!(there_is_room(RECEIVERS_MAX).is_err());
    }
}
