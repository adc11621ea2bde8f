//! `nattoku receipt issue|verify`: what a principal takes away, and its proof.

use std::path::{Path, PathBuf};

use nattoku_ledger::{Opening, Receipt, ReceiptError, VerifiedReceipt};
use nattoku_model::{Language, Revision};
use nattoku_operations::ReceiptWanted;
use nattoku_store::OpenMode;
use serde_json::json;

use crate::cli::{Format, ReceiptCommand};
use crate::exit::{CommandError, Exit};
use crate::key_file::{self, kept_beside};
use crate::{kept_file, open, output};

/// Issues or verifies a receipt.
pub(crate) fn run(
    command: &ReceiptCommand,
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    match command {
        ReceiptCommand::Issue { principal, revision, key, checkpoint, without_payload, out, place } => {
            let nattoku = open::nattoku(place, OpenMode::ReadOnly, language)?;
            let signer = key_file::of_log(key)?;
            let checkpoint = checkpoint.clone().unwrap_or_else(|| kept_beside(key));
            let checkpoint = kept_file::read(&checkpoint)?.ok_or_else(|| nothing_signed(key, &checkpoint))?;
            let wanted = ReceiptWanted {
                principal,
                revision: revision.map(Revision),
                language,
                with_payload: !without_payload,
            };
            let receipt = nattoku.issue_receipt(&wanted, &checkpoint, &signer)?;
            match out {
                None => output::text(&receipt.to_json()),
                Some(out) => {
                    kept_file::make_private(out, &receipt.to_json())?;
                    let (revision, out) = (receipt.proof.index + 1, out.display());
                    output::line(&match (format, language) {
                        (Format::Json, _) => {
                            json!({ "receipt": out.to_string(), "revision": revision }).to_string()
                        }
                        (_, Language::Ja) => format!("{out}: 版番号 {revision} の控え"),
                        (_, Language::En) => format!("{out}: the receipt of revision {revision}"),
                    });
                }
            }
            Ok(Exit::Done)
        }
        ReceiptCommand::Verify { file, key, witness } => verify(file, key, witness, format, language),
    }
}

fn verify(
    file: &Path,
    key: &Path,
    witnesses: &[PathBuf],
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    let (log, witnesses) = (key_file::public(key)?, key_file::publics(witnesses)?);
    let text = kept_file::must_read(file)?;
    let verified = Receipt::parse(&text).and_then(|receipt| receipt.verify(&log, &witnesses));
    let shown = match verified {
        Ok(shown) => shown,
        Err(error) => {
            not_verified(file, &error, format, language);
            return Ok(Exit::No);
        }
    };
    let missing = witnesses.iter().find(|witness| !shown.cosigned.iter().any(|by| by.key == *witness.name()));
    if let Some(missing) = missing {
        let name = &missing.name().name;
        let why = match language {
            Language::Ja => format!("{}: `{name}` の連署がありません", file.display()),
            Language::En => format!("{}: `{name}` has not cosigned it", file.display()),
        };
        no(&why, format);
        return Ok(Exit::No);
    }
    show(&shown, format, language);
    Ok(Exit::Done)
}

fn show(shown: &VerifiedReceipt, format: Format, language: Language) {
    let opening = match shown.opening {
        Opening::Checked => "checked",
        Opening::Nothing => "nothing",
        Opening::LeftOut => "left_out",
    };
    let cosigned: Vec<&str> = shown.cosigned.iter().map(|by| by.key.name.as_str()).collect();
    if format == Format::Json {
        output::line(
            &json!({
                "verified": true, "origin": shown.origin, "revision": shown.revision, "size": shown.tree.size,
                "root": shown.tree.root.to_string(), "event": shown.event, "at": shown.at,
                "recorded_at": shown.recorded_at, "payload": opening, "cosigned_by": cosigned,
            })
            .to_string(),
        );
        return;
    }
    let VerifiedReceipt { origin, revision, tree, event, at, recorded_at, .. } = shown;
    output::line(&match language {
        Language::Ja => format!("確かめました: `{origin}` の版番号 {revision}（{} 件の確認点）", tree.size),
        Language::En => {
            format!("verified: revision {revision} of `{origin}`, in its checkpoint of {} events", tree.size)
        }
    });
    output::line(&match language {
        Language::Ja => format!("{event}、{at}、台帳への記録 {recorded_at}"),
        Language::En => format!("{event} at {at}, recorded {recorded_at}"),
    });
    let personal = match (shown.opening, language) {
        (Opening::Nothing, _) => None,
        (Opening::Checked, Language::Ja) => Some("台帳の外にある内容も、台帳が約束したとおりです"),
        (Opening::Checked, Language::En) => Some("what is personal is what the ledger committed to"),
        (Opening::LeftOut, Language::Ja) => Some("台帳の外にある内容は控えに含まれず、確かめていません"),
        (Opening::LeftOut, Language::En) => {
            Some("what is personal is left out of the receipt, and was not checked")
        }
    };
    personal.into_iter().for_each(output::line);
    if !cosigned.is_empty() {
        output::line(&match language {
            Language::Ja => format!("連署: {}", cosigned.join("、")),
            Language::En => format!("cosigned by {}", cosigned.join(", ")),
        });
    }
}

fn not_verified(file: &Path, error: &ReceiptError, format: Format, language: Language) {
    let why = match language {
        Language::Ja => format!("{}: 控えは成り立ちません: {}", file.display(), error.japanese()),
        Language::En => format!("{}: the receipt does not hold: {error}", file.display()),
    };
    no(&why, format);
}

fn no(why: &str, format: Format) {
    output::line(&match format {
        Format::Json => json!({ "verified": false, "error": why }).to_string(),
        Format::Text | Format::Concise => why.to_owned(),
    });
}

fn nothing_signed(key: &Path, checkpoint: &Path) -> CommandError {
    let (key, checkpoint) = (key.display(), checkpoint.display());
    CommandError::asked_wrongly(
        format!("{checkpoint} がありません。まだ確認点に署名していません"),
        format!("there is no {checkpoint}: no checkpoint was signed yet"),
    )
    .hint(
        format!("nattoku ledger checkpoint --key {key} を実行してください"),
        format!("run `nattoku ledger checkpoint --key {key}`"),
    )
}
