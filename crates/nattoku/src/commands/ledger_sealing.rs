//! `nattoku ledger sealing`: the keys that seal what could be personal.

use nattoku_model::Language;
use nattoku_store::OpenMode;
use serde_json::json;

use crate::cli::{Format, SealingCommand, Where};
use crate::exit::{CommandError, Exit};
use crate::settings::Settings;
use crate::{open, output};

/// Shows, rotates or makes keys.
pub(crate) fn run(
    command: &SealingCommand,
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    match command {
        SealingCommand::Show { place } => show(place, format, language),
        SealingCommand::Rotate { groups, place } => rotate(*groups, place, format, language),
        SealingCommand::Create { name } => create(name, format, language),
    }
}

fn show(place: &Where, format: Format, language: Language) -> Result<Exit, CommandError> {
    let keys = open::store_of(place, OpenMode::ReadOnly)?.keys()?;
    if format == Format::Json {
        let told = json!({
            "kek": keys.kek,
            "kek_version": keys.kek_version,
            "groups": keys.groups,
            "principals": keys.principals,
            "erased_live": keys.erased_live,
            "erased_everywhere": keys.erased_everywhere,
        });
        output::line(&told.to_string());
        return Ok(Exit::Done);
    }
    let labels = match language {
        Language::Ja => [
            "鍵暗号化鍵",
            "その版",
            "グループの鍵",
            "本人の鍵",
            "消去（使用中のデータ）",
            "消去（すべての写し）",
        ],
        Language::En => [
            "key-encryption key",
            "its version",
            "group keys",
            "principals' keys",
            "erased live",
            "erased everywhere",
        ],
    };
    let counts =
        [keys.groups, keys.principals, keys.erased_live, keys.erased_everywhere].map(|n| n.to_string());
    let values = [keys.kek, keys.kek_version.to_string()].into_iter().chain(counts);
    for (label, value) in labels.iter().zip(values) {
        output::line(&match language {
            Language::Ja => format!("{label}: {value}"),
            Language::En => format!("{label:<18}  {value}"),
        });
    }
    Ok(Exit::Done)
}

fn rotate(groups: bool, place: &Where, format: Format, language: Language) -> Result<Exit, CommandError> {
    let rotated = open::store_of(place, OpenMode::Existing)?.rotate_keys(groups)?;
    output::line(&match (format, language) {
        (Format::Json, _) => json!({
            "kek_version": rotated.kek_version,
            "groups": rotated.groups,
            "new_groups": rotated.new_groups,
            "keys_sealed_anew": rotated.principals,
        })
        .to_string(),
        (_, Language::Ja) => format!(
            "鍵暗号化鍵は版 {} になりました。グループの鍵 {} 個を包み直し（うち新しい鍵 {} 個）、本人の鍵 {} 個に封をし直しました",
            rotated.kek_version, rotated.groups, rotated.new_groups, rotated.principals
        ),
        (_, Language::En) => format!(
            "the key-encryption key has version {}; {} group keys wrapped anew, {} of them new, {} principals' keys sealed anew",
            rotated.kek_version, rotated.groups, rotated.new_groups, rotated.principals
        ),
    });
    output::note(match language {
        Language::Ja => "これより前の鍵ファイルの写しは、もう何も開けません。新しい写しを作ってください",
        Language::En => "earlier copies of the key file open nothing any more; make a new one",
    });
    Ok(Exit::Done)
}

fn create(name: &str, format: Format, language: Language) -> Result<Exit, CommandError> {
    let name = Settings::load(None, None)?.keys.create(name)?;
    output::line(&match (format, language) {
        (Format::Json, _) => json!({ "kek": name }).to_string(),
        (_, Language::Ja) => {
            format!("鍵暗号化鍵 {name} を作りました。控えは台帳とは別の場所に置いてください")
        }
        (_, Language::En) => {
            format!("made the key-encryption key {name}; keep its copy apart from the ledger")
        }
    });
    Ok(Exit::Done)
}
