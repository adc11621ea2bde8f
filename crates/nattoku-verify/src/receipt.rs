//! A receipt.

use std::path::Path;

use nattoku_ledger::{Opening, Receipt, VerifiedReceipt};

use crate::cli::Keys;
use crate::files::{self, Opened};
use crate::told::{Answer, Told};

/// Checks a receipt with the log's key, and with nothing else.
pub(crate) fn verify(file: &Path, keys: &Keys) -> Answer {
    let keys = Opened::of(keys)?;
    let text = files::text(file)?;
    let verified = Receipt::parse(&text).and_then(|receipt| receipt.verify(&keys.log, &keys.witnesses));
    let shown = verified.map_err(|error| Told::no(file, error.japanese(), error))?;
    keys.all_cosigned(file, &shown.cosigned)?;
    let VerifiedReceipt { origin, revision, tree, event, at, opening, .. } = shown;
    let (ja, en) = match opening {
        Opening::Checked => {
            ("。台帳の外にある内容も約束どおりです", "; what is personal is what was committed to")
        }
        Opening::LeftOut => {
            ("。台帳の外にある内容は確かめていません", "; what is personal was left out and not checked")
        }
        Opening::Nothing => ("", ""),
    };
    Ok((
        format!(
            "確かめました: {event}、{at}、`{origin}` の版番号 {revision}（{} 件の確認点）{ja}",
            tree.size
        ),
        format!(
            "verified: {event} at {at}, revision {revision} of `{origin}` in its checkpoint of {} events{en}",
            tree.size
        ),
    ))
}
