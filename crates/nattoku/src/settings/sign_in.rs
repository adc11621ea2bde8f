//! The table `[sign_in]` of the settings: by which `OpenID` provider people sign in. The secret stands in a file of its own.

use std::path::PathBuf;

use nattoku_identity::is_safe;

use super::{FILE, known, must_be_table, string};
use crate::exit::CommandError;

/// The settings there are in the table.
const KEYS: [&str; 6] = ["issuer", "client_id", "client_secret_file", "principal_claim", "scopes", "ca_file"];
/// What every sign-in asks for.
const OPENID: &str = "openid";

/// By whom people sign in.
#[derive(Debug)]
pub(crate) struct SignInSettings {
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) client_secret_file: PathBuf,
    /// The claim that is the principal's id in the ledger.
    pub(crate) principal_claim: String,
    pub(crate) scopes: Vec<String>,
    /// The file of the authorities by which its server's certificate is signed.
    pub(crate) ca_file: Option<PathBuf>,
}

impl SignInSettings {
    /// Reads the table, where there is one.
    pub(super) fn of(value: Option<&toml::Value>) -> Result<Option<Self>, CommandError> {
        let Some(value) = value else { return Ok(None) };
        let table = must_be_table(value, "sign_in")?;
        known(table, "sign_in.", &KEYS)?;
        let needed = |key: &str| {
            let given = string(table, "sign_in", key)?.filter(|given| !given.is_empty());
            given.ok_or_else(|| {
                CommandError::asked_wrongly(
                    format!("{FILE}: [sign_in] に `sign_in.{key}` が必要です"),
                    format!("{FILE}: [sign_in] needs `sign_in.{key}`"),
                )
            })
        };
        let issuer = needed("issuer")?;
        if !is_safe(&issuer) {
            return Err(CommandError::asked_wrongly(
                format!(
                    "{FILE}: `sign_in.issuer` は https:// で始まるアドレスで書いてください（このマシンだけなら http:// も可）"
                ),
                format!(
                    "{FILE}: `sign_in.issuer` must be an address that begins with https:// (http:// for this machine alone)"
                ),
            ));
        }
        let scopes = string(table, "sign_in", "scopes")?.unwrap_or_else(|| OPENID.to_owned());
        let scopes: Vec<String> = scopes.split_whitespace().map(str::to_owned).collect();
        if !scopes.iter().any(|scope| scope == OPENID) {
            return Err(CommandError::asked_wrongly(
                format!("{FILE}: `sign_in.scopes` には `{OPENID}` を含めてください"),
                format!("{FILE}: `sign_in.scopes` must have `{OPENID}` among them"),
            )
            .hint(
                "空白で区切って書きます: \"openid profile\"",
                "write them with spaces between: \"openid profile\"",
            ));
        }
        Ok(Some(Self {
            issuer,
            client_id: needed("client_id")?,
            client_secret_file: PathBuf::from(needed("client_secret_file")?),
            principal_claim: needed("principal_claim")?,
            scopes,
            ca_file: string(table, "sign_in", "ca_file")?.map(PathBuf::from),
        }))
    }
}

#[cfg(test)]
mod tests {
    use nattoku_model::Language;

    use super::*;

    const GOOD: &str = r#"
[sign_in]
issuer = "https://id.example.jp"
client_id = "pages"
client_secret_file = "/etc/nattoku/sign-in.secret"
principal_claim = "customer"
scopes = "openid customer"
"#;

    fn read(text: &str) -> Result<Option<SignInSettings>, CommandError> {
        let table: toml::Table = text.parse().unwrap();
        SignInSettings::of(table.get("sign_in"))
    }

    #[test]
    fn by_whom_people_sign_in_is_read() {
        assert!(read("").unwrap().is_none());
        let settings = read(GOOD).unwrap().unwrap();
        assert_eq!(settings.scopes, ["openid", "customer"]);
        assert_eq!(settings.principal_claim, "customer");
        let usual = read(&GOOD.replace("scopes = \"openid customer\"", "")).unwrap().unwrap();
        assert_eq!(usual.scopes, ["openid"]);
    }

    #[test]
    fn what_is_wrong_is_told_by_the_name_of_its_setting() {
        for (from, to, told) in [
            ("issuer = \"https://id.example.jp\"", "", "`sign_in.issuer`"),
            ("https://", "http://", "`sign_in.issuer`"),
            ("client_id = \"pages\"", "", "`sign_in.client_id`"),
            ("client_secret_file", "client_secret", "no setting `sign_in.client_secret`"),
            ("principal_claim = \"customer\"", "", "`sign_in.principal_claim`"),
            ("\"pages\"", "1", "`sign_in.client_id` must be a string"),
            ("openid customer", "customer", "`sign_in.scopes`"),
            ("[sign_in]", "[[sign_in]]", "must be a table"),
        ] {
            assert!(GOOD.contains(from), "{from}");
            let error = read(&GOOD.replace(from, to)).expect_err(to);
            let error = error.sentence(Language::En).to_owned();
            assert!(error.contains(told), "{to}: {error}");
        }
    }
}
