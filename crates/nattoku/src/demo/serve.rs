//! Serving the pages, and telling where they are.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use nattoku_model::Language;
use nattoku_operations::Nattoku;
use nattoku_store::State;
use nattoku_web::Web;
use serde_json::{Map, Value, json};

use super::ledger::FILE;
use super::named::NAMED;
use super::tokens;
use crate::cli::{DemoArgs, Format};
use crate::exit::{CommandError, Exit};
use crate::output;
use crate::server::{Identity, PolicyFrom, Server};
use crate::serving::{self, cannot_serve};
use crate::settings::{FeedSettings, ServerSettings};
use crate::signing::Signing;

/// The application whose token is shown.
const CALLER: &str = "campaign_platform";

/// Serves until the program is told to stop.
pub(crate) fn run(
    nattoku: Nattoku,
    state: Box<dyn State>,
    log: Signing,
    args: &DemoArgs,
    policy: &Path,
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| cannot_serve(&e))?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port));
    let listener = runtime.block_on(tokio::net::TcpListener::bind(address));
    let listener = listener.map_err(|error| cannot_listen(args.port, &error))?;
    let url = format!("http://{}", listener.local_addr().map_err(|e| cannot_serve(&e))?);
    let tokens = tokens::issue(&*state, nattoku.policy())?;
    // Nobody gives out another link here.
    let server = ServerSettings { sign_in_again_minutes: 720, ..ServerSettings::default() };
    let usual = (&server, &FeedSettings::default(), None);
    let from = PolicyFrom::Folder(policy.to_owned());
    let server = Server::new((nattoku, from), state, url.clone(), usual, Identity::default(), language)?;
    runtime.block_on(async {
        announce(server.web(), &url, tokens, args, policy, format, language);
        server.serve(listener, Some(log)).await;
    });
    serving::end(runtime);
    Ok(Exit::Done)
}

/// Tells where everything is: in words, or as one line of JSON.
fn announce(
    web: &Web,
    url: &str,
    tokens: Map<String, Value>,
    args: &DemoArgs,
    policy: &Path,
    format: Format,
    language: Language,
) {
    let now = web.node.following().standing().nattoku().now();
    let links: Vec<(&str, &str, String)> = NAMED
        .iter()
        .map(|(name, ja, en)| {
            let about = if language == Language::Ja { ja } else { en };
            (*name, *about, format!("{url}/sign-in/{}", web.sessions.issue_link(name, now)))
        })
        .collect();
    // Whole paths, so that they serve from every folder.
    let whole =
        |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string();
    let (policy, store) = (whole(policy), format!("sqlite:{}", whole(&args.dir.join(FILE))));
    if format == Format::Json {
        let sign_in: Map<String, serde_json::Value> =
            links.iter().map(|(name, _, link)| ((*name).to_owned(), link.as_str().into())).collect();
        // There is no desk to sign in to in this version.
        let line = json!({
            "url": url,
            "sign_in": sign_in,
            "desk": null,
            "tokens": tokens,
            "policy": policy,
            "store": store,
            "log": format!("{url}/log/checkpoint"),
        });
        output::line(&line.to_string());
        return;
    }
    let (notice, log, sign_in, terminal, stop) = match language {
        Language::Ja => (
            "通知文",
            "台帳の確認点",
            "サインイン（各リンクは一度だけ使えます）",
            "端末から",
            "Ctrl-C で止まります",
        ),
        Language::En => (
            "the notice",
            "the ledger's checkpoint",
            "sign in (each link works once)",
            "from the terminal",
            "Ctrl-C stops it",
        ),
    };
    output::line(&format!(
        "{notice}: {url}/ja/privacy  {url}/en/privacy\n{log}: {url}/log/checkpoint\n\n{sign_in}:"
    ));
    for (name, about, link) in links {
        output::line(&format!("  {name:<7} {link}\n          {about}"));
    }
    output::line(&format!(
        "\n{terminal}:\n  export NATTOKU_POLICY={policy} NATTOKU_STORE={store}\n  \
         nattoku explain --application campaign_platform --principal sakura --action provide \\\n    \
         --activity partner_offers --category purchase --recipient store_partners\n\n{}\n\n{stop}",
        from_a_program(url, tokens, language)
    ));
}

/// How a program asks the same, with a token that is good until the next start.
fn from_a_program(url: &str, mut tokens: Map<String, Value>, language: Language) -> String {
    let programs = match language {
        Language::Ja => {
            format!("プログラムから（トークンは次に起動するまで使えます。できることは {url}/openapi.json）")
        }
        Language::En => {
            format!(
                "from a program (the token is good until the next start; {url}/openapi.json says what else)"
            )
        }
    };
    let token = tokens.remove(CALLER);
    let token = token.as_ref().and_then(Value::as_str).unwrap_or_default();
    format!(
        "{programs}:\n  export TOKEN={token}\n  \
         curl {url}/v1/decide -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' -d \\\n    \
         '{{\"principal\":\"sakura\",\"action\":\"provide\",\"activity\":\"partner_offers\",\"categories\":[\"purchase\"],\"recipient\":\"store_partners\"}}'"
    )
}

fn cannot_listen(port: u16, error: &std::io::Error) -> CommandError {
    CommandError::could_not_run(
        format!("127.0.0.1:{port} で待ち受けられません: {error}"),
        format!("cannot listen on 127.0.0.1:{port}: {error}"),
    )
    .hint(
        "--port で別の番号を（0 なら空いている番号を）示してください",
        "name another by --port; 0 takes a free one",
    )
}
