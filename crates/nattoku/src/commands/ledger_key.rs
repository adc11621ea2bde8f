//! `nattoku ledger key new FILE`: makes a key.

use std::path::{Path, PathBuf};

use nattoku_ledger::{Kind, SigningKey};
use nattoku_model::Language;
use nattoku_store::OpenMode;
use serde_json::json;

use crate::cli::{Format, KeyCommand, KeyUse, Where};
use crate::exit::{CommandError, Exit};
use crate::{kept_file, open, output, randomness};

/// Writes the private key to a file, and the public one beside it.
pub(crate) fn run(command: &KeyCommand, format: Format, language: Language) -> Result<Exit, CommandError> {
    let KeyCommand::New { file, name, used_for, place } = command;
    let kind = match used_for {
        KeyUse::Log => Kind::Ed25519,
        KeyUse::Witness => Kind::CosignatureEd25519,
        KeyUse::MlDsa => Kind::CosignatureMlDsa44,
    };
    let name = match name {
        Some(name) => name.clone(),
        None => origin(place)?,
    };
    let mut seed = [0; 32];
    randomness::fill(&mut seed)?;
    let key = SigningKey::new(&name, kind, seed)
        .map_err(|error| CommandError::asked_wrongly(error.japanese(), error.to_string()))?;
    let public = key.verifying_key().to_string();
    let beside = public_beside(file);
    if beside.exists() {
        let beside = beside.display();
        return Err(CommandError::asked_wrongly(
            format!("{beside} はすでにあります。上書きしません"),
            format!("{beside} is there already, and is not written over"),
        ));
    }
    kept_file::make_private(file, &format!("{}\n", key.to_private_text()))?;
    kept_file::put(&beside, format!("{public}\n").as_bytes())?;
    let (private, beside) = (file.display().to_string(), beside.display().to_string());
    output::line(&match (format, language) {
        (Format::Json, _) => {
            json!({ "name": name, "private": private, "public": beside, "key": public }).to_string()
        }
        (_, Language::Ja) => format!("{private}: `{name}` の秘密鍵、{beside}: 公開鍵"),
        (_, Language::En) => format!("{private}: private key of `{name}`, {beside}: public key"),
    });
    Ok(Exit::Done)
}

fn origin(place: &Where) -> Result<String, CommandError> {
    let store = open::store_of(place, OpenMode::ReadOnly)?;
    open::origin(place, store.as_ref())
}

fn public_beside(file: &Path) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(".pub");
    PathBuf::from(path)
}
