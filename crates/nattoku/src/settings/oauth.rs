//! The tables `[[oauth.issuer]]` of the settings: whose tokens are taken, and which programs of theirs may call. No secret stands in them.

use std::collections::HashSet;
use std::num::NonZeroU32;
use std::path::PathBuf;

use nattoku_identity::{Algorithm, IssuerSettings, is_safe};
use nattoku_operations::{CallerAct, EVERY_APPLICATION};
use nattoku_web::oauth::Client;

use super::{FILE, TEXT, known, must_be, must_be_table, string};
use crate::exit::CommandError;

/// The settings there are in `[oauth]`, in `[[oauth.issuer]]`, and in `[[oauth.issuer.client]]`.
const KEYS: [&str; 1] = ["issuer"];
const ISSUER_KEYS: [&str; 6] = ["issuer", "audience", "jwks_uri", "algorithms", "ca_file", "client"];
const CLIENT_KEYS: [&str; 5] = ["id", "name", "applications", "acts", "calls_a_second"];
/// Longest name of a client, in bytes: with what stands before it, as long as that of a token may be.
const NAME_MAX: usize = 54;

/// An issuer whose tokens are taken.
#[derive(Debug)]
pub(crate) struct OAuthIssuer {
    pub(crate) issuer: IssuerSettings,
    /// The file of the authorities by which its server's certificate is signed.
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) clients: Vec<Client>,
}

/// Reads the tables, where there are any.
pub(super) fn issuers(value: Option<&toml::Value>) -> Result<Vec<OAuthIssuer>, CommandError> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let oauth = must_be_table(value, "oauth")?;
    known(oauth, "oauth.", &KEYS)?;
    let mut names = HashSet::new();
    let mut found: Vec<OAuthIssuer> = Vec::new();
    for table in tables(oauth, "issuer", "oauth.issuer")? {
        let issuer = issuer(table, &mut names)?;
        if found.iter().any(|other| other.issuer.issuer == issuer.issuer.issuer) {
            return Err(twice("oauth.issuer.issuer", &issuer.issuer.issuer));
        }
        found.push(issuer);
    }
    Ok(found)
}

const TEXTS: (&str, &str) = ("文字列の並び", "a list of strings");
const ADDRESS: (&str, &str) = (
    "https:// で始まるアドレス（このマシンだけなら http:// も可）",
    "an address that begins with https:// (http:// for this machine alone)",
);

fn issuer(table: &toml::Table, names: &mut HashSet<String>) -> Result<OAuthIssuer, CommandError> {
    known(table, "oauth.issuer.", &ISSUER_KEYS)?;
    let address = |key: &str| match string(table, "oauth.issuer", key)? {
        Some(address) if !is_safe(&address) => Err(must_be(&format!("oauth.issuer.{key}"), ADDRESS)),
        address => Ok(address),
    };
    let name = address("issuer")?.ok_or_else(|| must_be("oauth.issuer.issuer", ADDRESS))?;
    let audience = string(table, "oauth.issuer", "audience")?.filter(|audience| !audience.is_empty());
    let algorithms = match texts(table, "algorithms", "oauth.issuer.algorithms")? {
        None => Algorithm::USUAL.to_vec(),
        Some(names) if names.is_empty() => return Err(must_be("oauth.issuer.algorithms", TEXTS)),
        Some(names) => names.iter().map(|name| algorithm(name)).collect::<Result<_, _>>()?,
    };
    let mut clients: Vec<Client> = Vec::new();
    for table in tables(table, "client", "oauth.issuer.client")? {
        let client = client(table)?;
        if !names.insert(client.name.clone()) {
            return Err(twice("oauth.issuer.client.name", &client.name));
        }
        if clients.iter().any(|other| other.id == client.id) {
            return Err(twice("oauth.issuer.client.id", &client.id));
        }
        clients.push(client);
    }
    Ok(OAuthIssuer {
        issuer: IssuerSettings {
            issuer: name,
            audience: audience.ok_or_else(|| must_be("oauth.issuer.audience", TEXT))?,
            jwks_uri: address("jwks_uri")?,
            algorithms,
        },
        ca_file: string(table, "oauth.issuer", "ca_file")?.map(PathBuf::from),
        clients,
    })
}

fn client(table: &toml::Table) -> Result<Client, CommandError> {
    known(table, "oauth.issuer.client.", &CLIENT_KEYS)?;
    let id = string(table, "oauth.issuer.client", "id")?.filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| must_be("oauth.issuer.client.id", TEXT))?;
    let name = string(table, "oauth.issuer.client", "name")?.unwrap_or_else(|| id.clone());
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || name.len() > NAME_MAX || !name.chars().all(is_plain) {
        return Err(CommandError::asked_wrongly(
            format!("{FILE}: `oauth.issuer.client` の `{name}` は呼び名になりません"),
            format!("{FILE}: `{name}` in `oauth.issuer.client` is no name"),
        )
        .hint(
            format!("`name` に、英数字と `-`、`_`、`.` で {NAME_MAX} 文字以内の呼び名を書いてください"),
            format!("write `name`: up to {NAME_MAX} of letters, digits, `-`, `_` and `.`"),
        ));
    }
    let needed = |key: &str| {
        let key_of_all = format!("oauth.issuer.client.{key}");
        let given = texts(table, key, &key_of_all)?.filter(|given| !given.is_empty());
        given.ok_or_else(|| must_be(&key_of_all, TEXTS))
    };
    let acts = needed("acts")?.iter().map(|name| act(name)).collect::<Result<_, _>>()?;
    let calls = match table.get("calls_a_second") {
        None => None,
        Some(value) => {
            let calls =
                value.as_integer().and_then(|calls| u32::try_from(calls).ok()).and_then(NonZeroU32::new);
            let number = ("1 以上の整数", "a whole number from 1");
            Some(calls.ok_or_else(|| must_be("oauth.issuer.client.calls_a_second", number))?)
        }
    };
    Ok(Client { id, name, applications: needed("applications")?, acts, calls_a_second: calls })
}

impl OAuthIssuer {
    /// Whether the programs ask as applications that a policy declares; otherwise which not.
    pub(crate) fn undeclared(&self, is_declared: impl Fn(&str) -> bool) -> Option<&str> {
        let named = self.clients.iter().flat_map(|client| &client.applications);
        let mut named = named.map(String::as_str).filter(|name| *name != EVERY_APPLICATION);
        named.find(|name| !is_declared(name))
    }
}

fn algorithm(name: &str) -> Result<Algorithm, CommandError> {
    Algorithm::named(name).map_err(|near| {
        let all = Algorithm::ALL.map(Algorithm::as_str).join(", ");
        no_such("oauth.issuer.algorithms", name, near.unwrap_or(&all))
    })
}

fn act(name: &str) -> Result<CallerAct, CommandError> {
    CallerAct::named(name).map_err(|near| {
        let all = CallerAct::ALL.map(CallerAct::as_str).join(", ");
        no_such("oauth.issuer.client.acts", name, near.unwrap_or(&all))
    })
}

fn no_such(setting: &str, name: &str, there_are: &str) -> CommandError {
    CommandError::asked_wrongly(
        format!("{FILE}: `{setting}` に `{name}` は書けません"),
        format!("{FILE}: there is no `{name}` for `{setting}`"),
    )
    .hint(format!("使えるもの: {there_are}"), format!("there is: {there_are}"))
}

fn twice(setting: &str, value: &str) -> CommandError {
    CommandError::asked_wrongly(
        format!("{FILE}: `{setting}` の `{value}` が二度あります"),
        format!("{FILE}: `{setting}` has `{value}` twice"),
    )
}

/// Tables of the same name, `[[name]]`.
fn tables<'t>(table: &'t toml::Table, key: &str, whole: &str) -> Result<Vec<&'t toml::Table>, CommandError> {
    let wrong = || {
        CommandError::asked_wrongly(
            format!("{FILE}: `{whole}` は [[{whole}]] という表で書いてください"),
            format!("{FILE}: `{whole}` must be tables, [[{whole}]]"),
        )
    };
    match table.get(key) {
        None => Ok(Vec::new()),
        Some(toml::Value::Array(all)) => all.iter().map(|one| one.as_table().ok_or_else(wrong)).collect(),
        Some(_) => Err(wrong()),
    }
}

/// A setting that is a list of texts.
fn texts(table: &toml::Table, key: &str, whole: &str) -> Result<Option<Vec<String>>, CommandError> {
    let Some(value) = table.get(key) else { return Ok(None) };
    let all = value.as_array().and_then(|all| {
        all.iter().map(|one| one.as_str().map(str::to_owned)).collect::<Option<Vec<String>>>()
    });
    all.map(Some).ok_or_else(|| must_be(whole, TEXTS))
}

#[cfg(test)]
mod tests {
    use nattoku_model::Language;

    use super::*;

    const GOOD: &str = r#"
[[oauth.issuer]]
issuer = "https://id.example.jp"
audience = "https://privacy.example.jp"
algorithms = ["ES256"]

[[oauth.issuer.client]]
id = "https://campaigns.example.jp/program"
name = "campaigns"
applications = ["campaign_platform"]
acts = ["decide", "search"]
calls_a_second = 500

[[oauth.issuer.client]]
id = "desk"
applications = ["*"]
acts = ["read"]

[[oauth.issuer]]
issuer = "http://127.0.0.1:9000"
audience = "us"
jwks_uri = "http://127.0.0.1:9000/keys"
"#;

    fn read(text: &str) -> Result<Vec<OAuthIssuer>, CommandError> {
        let table: toml::Table = text.parse().unwrap();
        issuers(table.get("oauth"))
    }

    #[test]
    fn issuers_and_their_programs_are_read() {
        assert!(read("").unwrap().is_empty());
        let issuers = read(GOOD).unwrap();
        assert_eq!(issuers.len(), 2);
        assert_eq!(issuers[0].issuer.algorithms, [Algorithm::Es256]);
        assert_eq!(issuers[1].issuer.algorithms, Algorithm::USUAL);
        assert_eq!(issuers[1].issuer.jwks_uri.as_deref(), Some("http://127.0.0.1:9000/keys"));
        let [campaigns, desk] = issuers[0].clients.as_slice() else { panic!() };
        assert_eq!((campaigns.name.as_str(), desk.name.as_str()), ("campaigns", "desk"));
        assert_eq!(campaigns.acts, [CallerAct::Decide, CallerAct::Search]);
        assert_eq!(campaigns.calls_a_second, NonZeroU32::new(500));
        assert_eq!(issuers[0].undeclared(|name| name == "campaign_platform"), None);
        assert_eq!(issuers[0].undeclared(|_| false), Some("campaign_platform"));
    }

    #[test]
    fn what_is_wrong_is_told_by_the_name_of_its_setting() {
        for (from, to, told) in [
            ("audience = \"us\"", "audiense = \"us\"", "`oauth.issuer.audiense`"),
            ("audience = \"us\"", "", "`oauth.issuer.audience`"),
            ("http://127.0.0.1:9000/keys", "http://id.example.jp/keys", "`oauth.issuer.jwks_uri`"),
            ("\"https://id.example.jp\"", "\"http://id.example.jp\"", "`oauth.issuer.issuer`"),
            ("http://127.0.0.1:9000\"", "https://id.example.jp\"", "twice"),
            ("ES256", "HS256", "`HS256` for `oauth.issuer.algorithms`"),
            ("[\"ES256\"]", "[]", "`oauth.issuer.algorithms`"),
            ("audience = \"us\"", "audience = 1", "`oauth.issuer.audience` must be a string"),
            ("id = \"desk\"", "id = 1", "`oauth.issuer.client.id` must be a string"),
            ("ES256", "none", "`none` for `oauth.issuer.algorithms`"),
            ("\"decide\"", "\"decides\"", "`decides` for `oauth.issuer.client.acts`"),
            ("name = \"campaigns\"", "", "is no name"),
            ("id = \"desk\"", "id = \"campaigns\"", "twice"),
            ("id = \"desk\"", "", "`oauth.issuer.client.id`"),
            ("acts = [\"read\"]", "acts = []", "`oauth.issuer.client.acts`"),
            ("applications = [\"*\"]", "applications = \"*\"", "`oauth.issuer.client.applications`"),
            ("calls_a_second = 500", "calls_a_second = 0", "`oauth.issuer.client.calls_a_second`"),
            ("calls_a_second = 500", "secret = \"x\"", "`oauth.issuer.client.secret`"),
            ("[[oauth.issuer]]\nissuer = \"http://", "[oauth.else]\nissuer = \"http://", "`oauth.else`"),
        ] {
            assert!(GOOD.contains(from), "{from}");
            let error = read(&GOOD.replace(from, to)).expect_err(to);
            let error = error.sentence(Language::En);
            assert!(error.contains(told), "{to}: {error}");
        }
    }
}
