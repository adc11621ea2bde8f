//! The issuers of the settings, made ready to be asked.

use std::path::Path;

use nattoku_identity::{Fetch, Issuer};
use nattoku_model::name::{ApplicationName, nearest};
use nattoku_model::policy::Policy;
use nattoku_web::OAuth;

use crate::exit::CommandError;
use crate::settings::OAuthIssuer;

/// Those whose tokens are taken. Nothing is asked of them yet: a server starts also while they are away.
pub(crate) fn of(declared: &[OAuthIssuer], policy: &Policy) -> Result<OAuth, CommandError> {
    let declared = declared.iter().map(|issuer| {
        applications_are_declared(issuer, policy)?;
        let fetch = fetch(issuer.ca_file.as_deref(), "oauth.issuer.ca_file")?;
        Ok((Issuer::new(issuer.issuer.clone(), fetch), issuer.clients.clone()))
    });
    Ok(OAuth::of(declared.collect::<Result<_, CommandError>>()?))
}

/// What asks an issuer, by the authorities of a file where one is named.
pub(crate) fn fetch(ca_file: Option<&Path>, setting: &str) -> Result<Fetch, CommandError> {
    let pem = ca_file.map(std::fs::read).transpose().map_err(|error| {
        let path = ca_file.unwrap_or_else(|| Path::new("")).display();
        CommandError::could_not_run(
            format!("{path} を読めません（{error}）。`{setting}` を確かめてください"),
            format!("cannot read {path} ({error}); check `{setting}`"),
        )
    })?;
    Fetch::new(pem.as_deref()).map_err(|error| {
        CommandError::could_not_run(
            format!("`{setting}` のファイルに証明書がありません。PEM 形式の証明書を示してください"),
            format!("`{setting}`: {error}"),
        )
    })
}

/// Refuses programs that would ask as an application that there is not.
pub(crate) fn applications_are_declared(issuer: &OAuthIssuer, policy: &Policy) -> Result<(), CommandError> {
    let declared = || policy.applications.keys().map(ApplicationName::as_str);
    let Some(name) = issuer.undeclared(|name| declared().any(|declared| declared == name)) else {
        return Ok(());
    };
    let error = CommandError::asked_wrongly(
        format!("`oauth.issuer.client.applications` の `{name}` という業務は、ポリシーに宣言されていません"),
        format!("`oauth.issuer.client.applications`: the policy declares no application `{name}`"),
    );
    Err(match nearest(name, declared()) {
        Some(near) => error.hint(format!("`{near}` のことでしょうか"), format!("did you mean `{near}`?")),
        None => error,
    })
}
