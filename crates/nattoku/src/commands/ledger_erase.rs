//! `nattoku ledger erase`: the two steps of an erasure, each an event in the ledger.

use nattoku_model::Language;
use nattoku_model::clock::Clock;
use nattoku_operations::{erase, erase_everywhere};
use nattoku_store::{OpenMode, Rotated, Store};
use serde_json::json;

use crate::cli::{EraseArgs, Format};
use crate::clock::SystemClock;
use crate::exit::{CommandError, Exit};
use crate::{open, output};

/// Exits 2 at the first principal whom the ledger does not know; those before are erased.
pub(crate) fn run(args: &EraseArgs, format: Format, language: Language) -> Result<Exit, CommandError> {
    let store = open::store_of(&args.place, OpenMode::Existing)?;
    for principal in &args.principal {
        one(store.as_ref(), principal, format, language)?;
    }
    if args.everywhere {
        everywhere(store.as_ref(), format, language)?;
    }
    Ok(Exit::Done)
}

fn one(store: &dyn Store, principal: &str, format: Format, language: Language) -> Result<(), CommandError> {
    let erased = erase(store, principal, SystemClock.now())?;
    let (id, revision) = (hex(&erased.id), erased.event.revision);
    output::line(&match (format, language) {
        (Format::Json, _) => json!({
            "erased_live": id,
            "revision": revision.0,
            "at": erased.event.recorded_at.to_string(),
            "logs_are_empty": erased.logs_are_empty,
        })
        .to_string(),
        (_, Language::Ja) => format!("本人 {id} を、使用中のデータから消去しました。版番号 {revision}"),
        (_, Language::En) => format!("the principal {id} is erased from what is in use, revision {revision}"),
    });
    if !erased.logs_are_empty {
        output::note(match (language, store.file().is_some()) {
            (Language::Ja, true) => {
                "ほかのプログラムが台帳を読んでいるため、消した内容はそのプログラムが終わるまでSQLiteのログに残ります"
            }
            (Language::En, true) => {
                "another program is reading the ledger: until it ends, what was deleted stays in SQLite's log"
            }
            (Language::Ja, false) => {
                "消した内容は封をされたまま、サーバーが上書きするまでサーバーのファイルとログに残ります。`--everywhere` のあとは、もう開けません"
            }
            (Language::En, false) => {
                "what was deleted stays, sealed, in the server's files and logs until it overwrites them; after `--everywhere` it does not open any more"
            }
        });
    }
    Ok(())
}

fn everywhere(store: &dyn Store, format: Format, language: Language) -> Result<(), CommandError> {
    let erased = erase_everywhere(store, SystemClock.now())?;
    let Some(Rotated { kek_version, new_groups, principals, .. }) = erased.rotated else {
        output::line(&match (format, language) {
            (Format::Json, _) => json!({ "erased_everywhere": [] }).to_string(),
            (_, Language::Ja) => "次の段階を待っている本人はいません".to_owned(),
            (_, Language::En) => "nobody is waiting for the second step".to_owned(),
        });
        return Ok(());
    };
    if format == Format::Json {
        let ids: Vec<_> = erased
            .principals
            .iter()
            .map(|(id, event)| json!({ "principal": hex(id), "revision": event.revision.0 }))
            .collect();
        let told = json!({
            "erased_everywhere": ids,
            "kek_version": kek_version,
            "new_groups": new_groups,
            "keys_sealed_anew": principals,
        });
        output::line(&told.to_string());
    } else {
        for (id, event) in &erased.principals {
            let (id, revision) = (hex(id), event.revision);
            output::line(&match language {
                Language::Ja => format!("本人 {id} を、すべての写しから消去しました。版番号 {revision}"),
                Language::En => format!("the principal {id} is erased from every copy, revision {revision}"),
            });
        }
    }
    output::note(match language {
        Language::Ja => "これより前の鍵ファイルの写しは、もう何も開けません。新しい写しを作ってください",
        Language::En => "earlier copies of the key file open nothing any more; make a new one",
    });
    Ok(())
}

/// An id as it stands in leaves.
fn hex(id: &[u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(*id))
}
