//! `nattoku token …`: which programs may call, and what each may do.

use jiff::Timestamp;
use nattoku_model::Language;
use nattoku_model::clock::Clock as _;
use nattoku_model::name::{ApplicationName, nearest};
use nattoku_operations::{CallerAct, EVERY_APPLICATION, Secret};
use nattoku_store::{OpenMode, State, Token};
use serde_json::{Value, json};

use crate::cli::{Format, TokenCommand, Where};
use crate::clock::SystemClock;
use crate::exit::{CommandError, Exit};
use crate::settings::Settings;
use crate::{open, output, randomness};

/// Longest name of a token, in bytes.
const NAME_MAX: usize = 60;

pub(crate) fn run(command: &TokenCommand, format: Format, language: Language) -> Result<Exit, CommandError> {
    match command {
        TokenCommand::Create { name, applications, acts, expires, note, place } => {
            applications_are_declared(applications, place, language)?;
            let token = Token {
                id: name_of(name)?,
                digest: [0; 32],
                applications: applications.clone(),
                acts: acts_of(acts)?,
                note: note.clone().unwrap_or_default(),
                created: SystemClock.now(),
                expires: *expires,
                revoked: None,
                last_used: None,
            };
            issue(&*state(place)?, token, format, language)
        }
        TokenCommand::List { place } => list(&*state(place)?, format, language),
        TokenCommand::Rotate { name, place } => {
            let state = state(place)?;
            let token = existing(&*state, name)?;
            let standing = standing(&token, SystemClock.now());
            if standing != "good" {
                return Err(CommandError::asked_wrongly(
                    format!("トークン `{name}` は有効ではないため、代わりを発行できません"),
                    format!("the token `{name}` is {standing}, so there is nothing to replace"),
                )
                .hint(
                    "nattoku token create で新しく発行してください",
                    "issue a new one with `nattoku token create`",
                ));
            }
            let fresh = Token {
                id: next_name(&*state, name)?,
                created: SystemClock.now(),
                revoked: None,
                last_used: None,
                ..token
            };
            issue(&*state, fresh, format, language)
        }
        TokenCommand::Revoke { name, place } => {
            let state = state(place)?;
            existing(&*state, name)?;
            state.revoke_token(name, SystemClock.now())?;
            output::line(&match (format, language) {
                (Format::Json, _) => json!({ "token": name, "revoked": true }).to_string(),
                (_, Language::Ja) => {
                    format!("トークン `{name}` を取り消しました。動いているサーバーには 1 秒ほどで伝わります")
                }
                (_, Language::En) => {
                    format!(
                        "the token `{name}` is revoked; servers that run learn of it within about a second"
                    )
                }
            });
            Ok(Exit::Done)
        }
    }
}

fn state(place: &Where) -> Result<Box<dyn State>, CommandError> {
    let settings = Settings::load(place.policy.as_deref(), place.store.as_deref())?;
    let (at, kek) = (settings.store_place()?, settings.keys.kek()?);
    let store = open::store(&at, OpenMode::ReadOnly, &kek)?;
    Ok(at.open_state(store.ledger_id()?, nattoku_store::Settings::default())?)
}

/// Makes the secret, keeps its digest, and shows the secret once.
pub(crate) fn add(state: &dyn State, token: Token) -> Result<Secret, CommandError> {
    let mut random = [0; 32];
    randomness::fill(&mut random)?;
    let secret = Secret::of(&random);
    state.add_token(&Token { digest: secret.digest(), ..token })?;
    Ok(secret)
}

fn issue(state: &dyn State, token: Token, format: Format, language: Language) -> Result<Exit, CommandError> {
    let name = token.id.clone();
    let secret = add(state, token)?;
    output::line(&match format {
        Format::Json => json!({ "token": name, "secret": secret.reveal() }).to_string(),
        Format::Text | Format::Concise => secret.reveal().to_owned(),
    });
    output::note(&match language {
        Language::Ja => format!(
            "トークン `{name}` を発行しました。上の文字列は二度と表示されません。\n使い方: Authorization: Bearer <トークン>"
        ),
        Language::En => format!(
            "the token `{name}` is issued; the text above is not shown again.\nuse: Authorization: Bearer <token>"
        ),
    });
    Ok(Exit::Done)
}

fn list(state: &dyn State, format: Format, language: Language) -> Result<Exit, CommandError> {
    let tokens = state.tokens()?;
    if tokens.is_empty() && format != Format::Json {
        output::note(match language {
            Language::Ja => "トークンはまだありません。nattoku token create で発行できます",
            Language::En => "there are no tokens yet; `nattoku token create` issues one",
        });
    }
    let now = SystemClock.now();
    for token in &tokens {
        output::line(&match format {
            Format::Json => token_json(token, now).to_string(),
            Format::Concise => token.id.clone(),
            Format::Text => token_text(token, now, language),
        });
    }
    Ok(Exit::Done)
}

fn standing(token: &Token, now: Timestamp) -> &'static str {
    match (token.revoked, token.expires) {
        (Some(_), _) => "revoked",
        (None, Some(expires)) if expires <= now => "expired",
        _ => "good",
    }
}

fn token_json(token: &Token, now: Timestamp) -> Value {
    let time = |time: Option<Timestamp>| time.map(|time| time.to_string());
    json!({
        "token": token.id,
        "standing": standing(token, now),
        "applications": token.applications,
        "acts": token.acts,
        "note": token.note,
        "created": token.created.to_string(),
        "expires": time(token.expires),
        "revoked": time(token.revoked),
        "last_used": time(token.last_used),
    })
}

fn token_text(token: &Token, now: Timestamp, language: Language) -> String {
    let (standing, used) = match (standing(token, now), language) {
        ("revoked", Language::Ja) => ("取消済み", "最終使用"),
        ("expired", Language::Ja) => ("期限切れ", "最終使用"),
        (_, Language::Ja) => ("有効", "最終使用"),
        (standing, Language::En) => (standing, "last used"),
    };
    let last = token.last_used.map_or_else(|| "–".to_owned(), |last| last.to_string());
    let (applications, acts) = (token.applications.join(","), token.acts.join(","));
    format!("{}  {standing}  {applications}  {acts}  {used} {last}  {}", token.id, token.note)
        .trim_end()
        .to_owned()
}

fn existing(state: &dyn State, name: &str) -> Result<Token, CommandError> {
    if let Some(token) = state.token(name)? {
        return Ok(token);
    }
    let tokens = state.tokens()?;
    let error = CommandError::asked_wrongly(
        format!("トークン `{name}` はありません"),
        format!("there is no token `{name}`"),
    );
    Err(match nearest(name, tokens.iter().map(|token| token.id.as_str())) {
        Some(near) => error.hint(format!("`{near}` のことでしょうか"), format!("did you mean `{near}`?")),
        None => error.hint("nattoku token list で一覧が見られます", "`nattoku token list` shows them"),
    })
}

/// The first of `name-2`, `name-3` … that is free.
fn next_name(state: &dyn State, name: &str) -> Result<String, CommandError> {
    let base = match name.rsplit_once('-') {
        Some((base, number)) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => {
            base
        }
        _ => name,
    };
    for number in 2_u32.. {
        let next = format!("{base}-{number}");
        if state.token(&next)?.is_none() {
            return Ok(next);
        }
    }
    Ok(base.to_owned())
}

fn name_of(name: &str) -> Result<String, CommandError> {
    let is_good = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    if !name.is_empty() && name.len() <= NAME_MAX && name.bytes().all(is_good) {
        return Ok(name.to_owned());
    }
    Err(CommandError::asked_wrongly(
        format!("トークンの名前 `{name}` に使えるのは、英数字と `_-.` で {NAME_MAX} 文字までです"),
        format!(
            "the name of a token has letters, digits and `_-.`, {NAME_MAX} of them at most, and is not `{name}`"
        ),
    ))
}

fn acts_of(acts: &[String]) -> Result<Vec<String>, CommandError> {
    for act in acts {
        if let Err(near) = CallerAct::named(act) {
            let all = CallerAct::ALL.map(CallerAct::as_str).join(", ");
            let near = near.unwrap_or(&all);
            return Err(CommandError::asked_wrongly(
                format!("`{act}` という行為はありません"),
                format!("there is no act `{act}`"),
            )
            .hint(format!("使えるもの: {near}"), format!("acts: {near}")));
        }
    }
    Ok(acts.to_vec())
}

fn applications_are_declared(
    applications: &[String],
    place: &Where,
    language: Language,
) -> Result<(), CommandError> {
    let settings = Settings::load(place.policy.as_deref(), place.store.as_deref())?;
    let checked = open::sound_policy(settings.policy()?, language)?;
    let publication = open::publication(&checked)?;
    let declared = || publication.current().applications.keys().map(ApplicationName::as_str);
    for application in applications.iter().filter(|application| *application != EVERY_APPLICATION) {
        if declared().any(|name| name == application) {
            continue;
        }
        let error = CommandError::asked_wrongly(
            format!("利用する業務 `{application}` は宣言されていません"),
            format!("the application `{application}` is not declared"),
        );
        return Err(match nearest(application, declared()) {
            Some(near) => error.hint(format!("`{near}` のことでしょうか"), format!("did you mean `{near}`?")),
            None => error,
        });
    }
    Ok(())
}
