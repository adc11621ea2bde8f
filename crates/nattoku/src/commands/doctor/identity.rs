//! By whose word programs may call and people sign in: whether they answer, and sign by keys that can be used.

use nattoku_identity::{FetchError, Issuer, Metadata, Oddity};
use nattoku_model::Language;
use nattoku_model::clock::Clock as _;
use nattoku_policy::check::check;

use super::finding::Finding;
use crate::clock::SystemClock;
use crate::exit::CommandError;
use crate::settings::{OAuthIssuer, Settings, SignInSettings};
use crate::{oauth, open, sign_in};

const ISSUERS: &str = "oauth";
const SIGN_IN: &str = "sign_in";

pub(super) fn look(settings: &Settings) -> Vec<Finding> {
    let of_programs = settings.oauth.iter().map(|issuer| {
        let looked = declared(issuer, settings).and_then(|()| keys(issuer));
        found(ISSUERS, &issuer.issuer.issuer, looked)
    });
    let of_people =
        settings.sign_in.iter().map(|settings| found(SIGN_IN, &settings.issuer, provider(settings)));
    of_programs.chain(of_people).collect()
}

/// Why a server would not start, or what would be missed while it runs.
enum Missed {
    Fault(CommandError),
    Away(FetchError),
}

/// Whether the policy has what its programs ask as. What is wrong with the policy itself is found elsewhere.
fn declared(issuer: &OAuthIssuer, settings: &Settings) -> Result<(), Missed> {
    let sources = settings.policy().and_then(open::sources);
    let Some(versions) = sources.ok().and_then(|sources| check(&sources).versions) else { return Ok(()) };
    oauth::applications_are_declared(issuer, versions.current()).map_err(Missed::Fault)
}

fn keys(issuer: &OAuthIssuer) -> Result<(), Missed> {
    let fetch = oauth::fetch(issuer.ca_file.as_deref(), "oauth.issuer.ca_file").map_err(Missed::Fault)?;
    Issuer::new(issuer.issuer.clone(), fetch).fetch(SystemClock.now()).map_err(Missed::Away)
}

fn provider(settings: &SignInSettings) -> Result<(), Missed> {
    sign_in::secret(settings).map_err(Missed::Fault)?;
    let fetch = oauth::fetch(settings.ca_file.as_deref(), "sign_in.ca_file").map_err(Missed::Fault)?;
    let told = Metadata::fetch(&fetch, &settings.issuer).map_err(Missed::Away)?;
    let needed =
        [("authorization_endpoint", told.authorization_endpoint), ("token_endpoint", told.token_endpoint)];
    if let Some((name, _)) = needed.iter().find(|(_, address)| address.is_none()) {
        let what = Oddity::Without(name);
        return Err(Missed::Away(FetchError::Strange { address: settings.issuer.clone(), what }));
    }
    let issuer = sign_in::issuer(settings, Some(told.jwks_uri));
    Issuer::new(issuer, fetch).fetch(SystemClock.now()).map_err(Missed::Away)
}

fn found(about: &'static str, issuer: &str, looked: Result<(), Missed>) -> Finding {
    match looked {
        Ok(()) => Finding::good(about, format!("{issuer} が応答します"), format!("{issuer} answers")),
        Err(Missed::Fault(error)) => Finding::of_error(about, &error),
        Err(Missed::Away(error)) => Finding::warning(
            about,
            [
                format!("{issuer} を確かめられません: {}", error.sentence(Language::Ja)),
                format!("{issuer} is not as it has to be: {error}"),
            ],
            [
                "発行者のアドレスと、このマシンからそこへ届くかを確かめてください。届くまで、その発行者によるトークンとサインインは使えません",
                "check the issuer's address, and whether this machine reaches it; until then its tokens and sign-ins are not taken",
            ],
        ),
    }
}
