//! Settings: `nattoku.toml`, then the environment, then flags, in rising precedence.

use std::path::{Path, PathBuf};

mod feed;
mod keys;
mod oauth;
mod server;
mod sign_in;
mod traces;

pub(crate) use feed::FeedSettings;
pub(crate) use keys::KeySettings;
pub(crate) use oauth::OAuthIssuer;
pub(crate) use server::{InForceBy, ServerSettings};
pub(crate) use sign_in::SignInSettings;
pub(crate) use traces::TracingSettings;

use nattoku_ledger::key::is_key_name;
use nattoku_model::Language;
use nattoku_store::{NotAPlace, Place};

use crate::exit::CommandError;

/// The settings file, looked for in the folder the program is started in.
const FILE: &str = "nattoku.toml";
/// The settings there are.
const KEYS: [&str; 9] =
    ["policy", "store", "ledger", "keys", "server", "oauth", "sign_in", "feed", "tracing"];
/// Those of its table `[ledger]`.
const LEDGER_KEYS: [&str; 1] = ["origin"];

/// Where the policy and the store are, what the ledger is called, and what its keys rest on.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    pub(crate) policy: Option<PathBuf>,
    pub(crate) store: Option<String>,
    /// The origin of the ledger as a log.
    pub(crate) origin: Option<String>,
    pub(crate) keys: KeySettings,
    pub(crate) server: ServerSettings,
    /// Those whose tokens are taken of programs.
    pub(crate) oauth: Vec<OAuthIssuer>,
    /// By whom people sign in.
    pub(crate) sign_in: Option<SignInSettings>,
    pub(crate) feed: FeedSettings,
    /// Where traces are sent.
    pub(crate) tracing: Option<TracingSettings>,
}

impl Settings {
    /// Reads `nattoku.toml` where there is one; flags and environment come on top.
    pub(crate) fn load(policy: Option<&Path>, store: Option<&str>) -> Result<Self, CommandError> {
        let file = match std::fs::read_to_string(FILE) {
            Ok(text) => Self::from_toml(&text)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::default(),
            Err(error) => {
                return Err(CommandError::could_not_run(
                    format!("{FILE} を読めません: {error}"),
                    format!("cannot read {FILE}: {error}"),
                ));
            }
        };
        Ok(Self {
            policy: policy.map(Path::to_owned).or(file.policy),
            store: store.map(str::to_owned).or(file.store),
            origin: file.origin,
            keys: file.keys,
            server: file.server,
            oauth: file.oauth,
            sign_in: file.sign_in,
            feed: file.feed,
            tracing: file.tracing,
        })
    }

    fn from_toml(text: &str) -> Result<Self, CommandError> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let line =
                error.span().map_or(1, |span| text.get(..span.start).unwrap_or("").lines().count().max(1));
            CommandError::asked_wrongly(
                format!("{FILE}:{line}: TOML として読めません: {}", error.message()),
                format!("{FILE}:{line}: not TOML: {}", error.message()),
            )
        })?;
        known(&table, "", &KEYS)?;
        let ledger = match table.get("ledger") {
            None => toml::Table::new(),
            Some(value) => must_be_table(value, "ledger")?.clone(),
        };
        known(&ledger, "ledger.", &LEDGER_KEYS)?;
        let origin = string(&ledger, "ledger", "origin")?;
        if let Some(origin) = origin.as_deref().filter(|origin| !is_key_name(origin)) {
            let error = CommandError::asked_wrongly(
                format!("{FILE}: origin `{origin}` に空白や `+` は使えません"),
                format!("{FILE}: the origin `{origin}` must have neither white space nor `+`"),
            );
            return Err(error.hint(
                "privacy.example.jp/nattoku のように、https:// を除いたアドレスで書いてください",
                "write it as an address without https://, such as privacy.example.jp/nattoku",
            ));
        }
        let oauth = oauth::issuers(table.get("oauth"))?;
        let sign_in = SignInSettings::of(table.get("sign_in"))?;
        if let Some(sign_in) = &sign_in {
            tell_programs_from_people(&oauth, sign_in)?;
        }
        Ok(Self {
            policy: string(&table, "", "policy")?.map(PathBuf::from),
            store: string(&table, "", "store")?,
            origin,
            keys: KeySettings::of(table.get("keys"))?,
            server: ServerSettings::of(table.get("server"))?,
            oauth,
            sign_in,
            feed: FeedSettings::of(table.get("feed"))?,
            tracing: TracingSettings::of(table.get("tracing"))?,
        })
    }

    /// The policy's folder, which this command needs.
    pub(crate) fn policy(&self) -> Result<&Path, CommandError> {
        self.policy.as_deref().ok_or_else(|| {
            CommandError::asked_wrongly("どのポリシーかが分かりません", "no policy is named").hint(
                "--policy フォルダ、環境変数 NATTOKU_POLICY、または nattoku.toml の policy で示してください",
                "name its folder by --policy DIR, by NATTOKU_POLICY, or by `policy` in nattoku.toml",
            )
        })
    }

    /// Where the ledger is, which this command needs.
    pub(crate) fn store_place(&self) -> Result<Place, CommandError> {
        let Some(store) = self.store.as_deref() else {
            return Err(CommandError::asked_wrongly("どの台帳かが分かりません", "no store is named").hint(
                "--store sqlite:ファイル、環境変数 NATTOKU_STORE、または nattoku.toml の store で示してください",
                "name it by --store sqlite:PATH, by NATTOKU_STORE, or by `store` in nattoku.toml",
            ));
        };
        // A store's address may hold a password: of one that cannot be read no more is shown than what it begins with.
        Place::read(store).map_err(|NotAPlace { shown, why }| {
            let why = |language| {
                why.as_ref().map(|why| format!(" ({})", why.message(language))).unwrap_or_default()
            };
            let (ja, en) = (why(Language::Ja), why(Language::En));
            match shown.as_str() {
                "" => CommandError::asked_wrongly(
                    "--store、NATTOKU_STORE、nattoku.toml の store のいずれかが、台帳の場所になっていません",
                    "what --store, NATTOKU_STORE or `store` in nattoku.toml says is no place of a ledger",
                ),
                shown => CommandError::asked_wrongly(
                    format!("`{shown}` という台帳は扱えません{ja}"),
                    format!("`{shown}` names no store that this program has{en}"),
                ),
            }
            .hint(
                "sqlite:ファイル、または postgres://ユーザー@ホスト/データベース の形で書いてください",
                "write it as sqlite:PATH or postgres://USER@HOST/DATABASE",
            )
        })
    }
}

/// Refuses one audience for both: what says who somebody is would be taken for a program's token.
fn tell_programs_from_people(oauth: &[OAuthIssuer], sign_in: &SignInSettings) -> Result<(), CommandError> {
    let both = |issuer: &OAuthIssuer| {
        issuer.issuer.issuer == sign_in.issuer && issuer.issuer.audience == sign_in.client_id
    };
    if !oauth.iter().any(both) {
        return Ok(());
    }
    Err(CommandError::asked_wrongly(
        format!("{FILE}: `oauth.issuer.audience` と `sign_in.client_id` が同じ `{}` です", sign_in.client_id),
        format!("{FILE}: `oauth.issuer.audience` and `sign_in.client_id` are both `{}`", sign_in.client_id),
    )
    .hint(
        "プログラムのトークンの宛先は、人のサインインとは別の名前にしてください",
        "give the tokens of programs an audience of their own",
    ))
}

/// Refuses a setting that there is not.
fn known(table: &toml::Table, within: &str, keys: &[&str]) -> Result<(), CommandError> {
    let Some(unknown) = table.keys().find(|key| !keys.contains(&key.as_str())) else { return Ok(()) };
    let error = CommandError::asked_wrongly(
        format!("{FILE}: `{within}{unknown}` という設定はありません"),
        format!("{FILE}: there is no setting `{within}{unknown}`"),
    );
    let known = keys.join(", ");
    let near = nattoku_model::name::nearest(unknown, keys.iter().copied()).unwrap_or(&known);
    Err(error.hint(format!("使える設定: {near}"), format!("settings: {near}")))
}

/// A setting that is a text.
fn string(table: &toml::Table, within: &str, key: &str) -> Result<Option<String>, CommandError> {
    match table.get(key) {
        None => Ok(None),
        Some(toml::Value::String(value)) => Ok(Some(value.clone())),
        Some(_) if within.is_empty() => Err(must_be(key, TEXT)),
        Some(_) => Err(must_be(&format!("{within}.{key}"), TEXT)),
    }
}

const TEXT: (&str, &str) = ("文字列", "a string");

/// What a setting has to be.
fn must_be(setting: &str, (ja, en): (&str, &str)) -> CommandError {
    CommandError::asked_wrongly(
        format!("{FILE}: `{setting}` は{ja}で書いてください"),
        format!("{FILE}: `{setting}` must be {en}"),
    )
}

/// A setting that is a table.
fn must_be_table<'t>(value: &'t toml::Value, name: &str) -> Result<&'t toml::Table, CommandError> {
    value
        .as_table()
        .ok_or_else(|| must_be(name, (&format!(" [{name}] という表"), &format!("a table, [{name}]"))))
}
