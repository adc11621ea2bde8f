//! `nattoku serve`: the pages and the interface for programs, over a policy and a store.

use std::path::Path;

use nattoku_model::Language;
use nattoku_operations::{Nattoku, published_in_force};
use nattoku_store::OpenMode;
use serde_json::json;
use tokio::net::TcpListener;

use crate::cli::{Format, ServeArgs};
use crate::clock::SystemClock;
use crate::exit::{CommandError, Exit};
use crate::server::{Identity, PolicyFrom, Server};
use crate::serving::cannot_serve;
use crate::settings::{InForceBy, Settings};
use crate::signing::Signing;
use crate::{oauth, open, output, serving, sign_in};

/// Where it listens unless somebody says otherwise: where only this machine reaches it.
pub(crate) const LISTEN: &str = "127.0.0.1:8080";

pub(crate) fn run(args: &ServeArgs, format: Format, language: Language) -> Result<Exit, CommandError> {
    let settings = Settings::load(args.place.policy.as_deref(), args.place.store.as_deref())?;
    let from = match settings.server.in_force_by {
        InForceBy::Folder => PolicyFrom::Folder(settings.policy()?.to_owned()),
        InForceBy::Ledger => PolicyFrom::Ledger,
    };
    let listen = args.listen.clone().or_else(|| settings.server.listen.clone());
    let listen = listen.unwrap_or_else(|| LISTEN.to_owned());
    let place = settings.store_place()?;
    // Before the store is opened: what is wrong with a policy shows first.
    let in_folder = match &from {
        PolicyFrom::Folder(folder) => Some(open::publication(&open::sound_policy(folder, language)?)?),
        PolicyFrom::Ledger => None,
    };
    let store = open::store(&place, OpenMode::Existing, &settings.keys.kek()?)?;
    let state = place.open_state(store.ledger_id()?, nattoku_store::Settings::default())?;
    let publication = in_folder.map_or_else(|| published_in_force(&*store, &*state), Ok)?;
    let signing = signing(args, &settings)?;
    let oauth = oauth::of(&settings.oauth, publication.current())?;
    let name = open::origin_of(&settings, store.as_ref())?;
    let nattoku = Nattoku::of(publication, store, Box::new(SystemClock)).with_ledger_name(&name);
    let nattoku = with_log(nattoku, signing.as_ref());
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| cannot_serve(&e))?;
    // Before the population is read: an address that is taken shows at once.
    let listener =
        runtime.block_on(TcpListener::bind(&listen)).map_err(|error| cannot_listen(&listen, &error))?;
    let here = format!("http://{}", listener.local_addr().map_err(|e| cannot_serve(&e))?);
    let named = args.address.clone().or_else(|| settings.server.address.clone());
    let address = public_address(named.as_deref().unwrap_or(&here))?;
    let sign_in = settings.sign_in.as_ref().map(|settings| sign_in::of(settings, &address)).transpose()?;
    let identity = Identity { oauth, sign_in };
    let terms = (&settings.server, &settings.feed, settings.tracing.as_ref());
    let server = Server::new((nattoku, from), state, address.clone(), terms, identity, language)?;
    runtime.block_on(async {
        output::line(&match (format, language) {
            (Format::Json, _) => json!({ "url": here, "address": address }).to_string(),
            (_, Language::Ja) => format!("{here} で応じます（{address}）。Ctrl-C で止まります"),
            (_, Language::En) => format!("serving at {here} as {address}; Ctrl-C stops it"),
        });
        server.serve(listener, signing).await;
    });
    serving::end(runtime);
    Ok(Exit::Done)
}

/// What signs the ledger, where a key is named.
fn signing(args: &ServeArgs, settings: &Settings) -> Result<Option<Signing>, CommandError> {
    let named = args.key.clone().or_else(|| settings.server.key.as_ref().map(Into::into));
    let Some(key) = named else { return Ok(None) };
    let store = open::store_of(&args.place, OpenMode::ReadOnly)?;
    let origin = open::origin(&args.place, store.as_ref())?;
    Signing::begin(store, origin, Path::new(&key)).map(Some)
}

fn with_log(nattoku: Nattoku, signing: Option<&Signing>) -> Nattoku {
    match signing {
        Some(signing) => signing.published_by(nattoku),
        None => nattoku,
    }
}

/// The address under which it is reached, without a slash at its end.
fn public_address(named: &str) -> Result<String, CommandError> {
    let address = named.trim_end_matches('/');
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    if rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(['/', '?', '#', ' '])) {
        return Ok(address.to_owned());
    }
    Err(CommandError::asked_wrongly(
        format!("`{named}` は公開するアドレスになりません"),
        format!("`{named}` is no address under which it could be reached"),
    )
    .hint(
        "https://privacy.example.jp のように、パスを付けずに書いてください",
        "write it without a path, such as https://privacy.example.jp",
    ))
}

fn cannot_listen(address: &str, error: &std::io::Error) -> CommandError {
    CommandError::could_not_run(
        format!("{address} で待ち受けられません: {error}"),
        format!("cannot listen at {address}: {error}"),
    )
    .hint(
        "--listen 127.0.0.1:8081 のように、空いている番号を示してください（0 なら空いている番号を選びます）",
        "name an address with a free port, such as --listen 127.0.0.1:8081; port 0 takes a free one",
    )
}
