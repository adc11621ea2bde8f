//! The provider of the settings by which people sign in, made ready to be asked.

use nattoku_identity::{Algorithm, IssuerSettings, Provider, ProviderSettings};
use nattoku_web::SignIn;

use crate::exit::CommandError;
use crate::oauth;
use crate::settings::SignInSettings;

/// The provider, for pages under a public address. Nothing is asked of it yet: a server starts also while it is away.
pub(crate) fn of(settings: &SignInSettings, public_address: &str) -> Result<SignIn, CommandError> {
    let client_secret = secret(settings)?;
    let fetch = oauth::fetch(settings.ca_file.as_deref(), "sign_in.ca_file")?;
    let of_provider = ProviderSettings {
        issuer: issuer(settings, None),
        client_secret,
        scopes: settings.scopes.clone(),
        return_address: format!("{public_address}/sign-in/return"),
        out_address: format!("{public_address}/sign-in/out"),
    };
    Ok(SignIn::of(Provider::new(of_provider, fetch), settings.principal_claim.clone()))
}

/// The provider as the issuer of what says who somebody is.
pub(crate) fn issuer(settings: &SignInSettings, jwks_uri: Option<String>) -> IssuerSettings {
    IssuerSettings {
        issuer: settings.issuer.clone(),
        audience: settings.client_id.clone(),
        jwks_uri,
        algorithms: Algorithm::USUAL.to_vec(),
    }
}

/// The secret that the provider has issued.
pub(crate) fn secret(settings: &SignInSettings) -> Result<String, CommandError> {
    let path = &settings.client_secret_file;
    let secret = std::fs::read_to_string(path).map_err(|error| {
        let path = path.display();
        CommandError::could_not_run(
            format!("{path} を読めません（{error}）。`sign_in.client_secret_file` を確かめてください"),
            format!("cannot read {path} ({error}); check `sign_in.client_secret_file`"),
        )
    })?;
    let secret = secret.trim().to_owned();
    if secret.is_empty() {
        let path = path.display();
        return Err(CommandError::could_not_run(
            format!(
                "{path} は空です。`sign_in.client_secret_file` に、プロバイダーが発行したシークレットを入れてください"
            ),
            format!(
                "{path} is empty; `sign_in.client_secret_file` is to hold the secret that the provider has issued"
            ),
        ));
    }
    Ok(secret)
}
