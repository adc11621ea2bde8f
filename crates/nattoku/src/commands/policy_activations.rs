//! `nattoku policy activations`: which policies the ledger has put in force, and which are kept.

use nattoku_model::Language;
use nattoku_operations::{InForceFrom, activations, hexadecimal};
use nattoku_store::OpenMode;
use serde_json::{Value, json};

use crate::cli::Format;
use crate::exit::{CommandError, Exit};
use crate::settings::Settings;
use crate::{open, output};

pub(crate) fn run(store: Option<&str>, format: Format, language: Language) -> Result<Exit, CommandError> {
    let settings = Settings::load(None, store)?;
    let place = settings.store_place()?;
    let store = open::store(&place, OpenMode::ReadOnly, &settings.keys.kek()?)?;
    let state = place.open_state(store.ledger_id()?, nattoku_store::Settings::default())?;
    let activations = activations(store.as_ref(), store.revision()?)?;
    let kept: Vec<(String, String)> = state
        .policies()?
        .into_iter()
        .map(|(digest, kept)| (hexadecimal(&digest), kept.to_string()))
        .collect();
    let is_kept = |digest: &str| kept.iter().any(|(kept, _)| kept == digest);
    let others: Vec<&(String, String)> =
        kept.iter().filter(|(digest, _)| activations.iter().all(|one| one.digest != *digest)).collect();
    match format {
        Format::Json => output::line(&listed_json(&activations, &others, &is_kept).to_string()),
        Format::Text | Format::Concise => {
            if activations.is_empty() {
                output::line(match language {
                    Language::Ja => "この台帳では、まだどのポリシーも有効になっていません",
                    Language::En => "this ledger has put no policy in force yet",
                });
            }
            for (n, one) in activations.iter().enumerate() {
                output::line(&line(one, n + 1 == activations.len(), is_kept(&one.digest), language));
            }
            for (digest, kept) in others {
                output::line(&match language {
                    Language::Ja => {
                        format!("{kept}  sha256:{digest}  保管しただけで、有効にしたことはありません")
                    }
                    Language::En => format!("{kept}  sha256:{digest}  kept, and never put in force"),
                });
            }
        }
    }
    Ok(Exit::Done)
}

fn line(one: &InForceFrom, is_last: bool, is_kept: bool, language: Language) -> String {
    let InForceFrom { revision, recorded_at, version, digest } = one;
    let (now, kept) = match language {
        Language::Ja => (if is_last { "  有効" } else { "" }, if is_kept { "" } else { "  本文なし" }),
        Language::En => {
            (if is_last { "  in force" } else { "" }, if is_kept { "" } else { "  no text is kept" })
        }
    };
    match language {
        Language::Ja => {
            format!("{recorded_at}  版番号 {revision} から  版 {version}  sha256:{digest}{now}{kept}")
        }
        Language::En => {
            format!("{recorded_at}  from revision {revision}  version {version}  sha256:{digest}{now}{kept}")
        }
    }
}

fn listed_json(
    activations: &[InForceFrom],
    others: &[&(String, String)],
    is_kept: &dyn Fn(&str) -> bool,
) -> Value {
    let activations = activations.iter().map(|one| {
        json!({
            "revision": one.revision.0,
            "recorded_at": one.recorded_at.to_string(),
            "version": one.version.as_str(),
            "digest": one.digest,
            "kept": is_kept(&one.digest),
        })
    });
    let others = others.iter().map(|(digest, kept)| json!({ "digest": digest, "kept_at": kept }));
    json!({ "activations": activations.collect::<Value>(), "others_kept": others.collect::<Value>() })
}
