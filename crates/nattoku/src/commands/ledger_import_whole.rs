//! `nattoku ledger import FILE --whole`: a ledger from another store, with its keys and its root.

use nattoku_model::Language;
use nattoku_store::Place;
use nattoku_store::transfer::{TransferError, import_whole};
use serde_json::json;

use super::decide::{cannot_read, open_input};
use crate::cli::{Format, Where};
use crate::exit::{CommandError, Exit};
use crate::progress::{self, Work};
use crate::settings::Settings;
use crate::{open, output};

/// Exits 2 where the lines are not those of a whole ledger, 1 where they give another root than they tell.
pub(crate) fn run(
    file: &str,
    place: &Where,
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    let input = open_input(file)?;
    let settings = Settings::load(place.policy.as_deref(), place.store.as_deref())?;
    let (place, kek) = (settings.store_place()?, settings.keys.kek()?);
    let bar = progress::bar(Work::Lines, language);
    let progress = &mut |events| bar.set_position(events);
    let arrived = import_whole(&place, input, open::randomness, &kek, progress);
    bar.finish_and_clear();
    let arrived = match arrived {
        Ok(arrived) => arrived,
        Err(TransferError::Store(error)) => return Err(error.into()),
        Err(TransferError::Read(error)) => return Err(cannot_read(file, &error)),
        Err(TransferError::OtherRoot { expected, found }) => {
            output::line(&match (format, language) {
                (Format::Json, _) => {
                    json!({ "expected": expected.to_string(), "root": found.to_string() }).to_string()
                }
                (_, Language::Ja) => {
                    format!("根が {expected} ではなく {found} になりました。{}", remedy(&place, language))
                }
                (_, Language::En) => {
                    format!("the root is {found} and not {expected}; {}", remedy(&place, language))
                }
            });
            return Ok(Exit::No);
        }
        Err(error) => return Err(refused(file, &error, language)),
    };
    let (events, root) = (arrived.events, arrived.root);
    output::line(&match (format, language) {
        (Format::Json, _) => json!({ "events": events, "root": root.to_string() }).to_string(),
        (_, Language::Ja) => format!("{events} 件の台帳を移しました。根 {root}"),
        (_, Language::En) => format!("a ledger of {events} events has arrived, root {root}"),
    });
    Ok(Exit::Done)
}

/// What has come in is wrong and stays so: it has to go before the ledger can come in.
fn remedy(place: &Place, language: Language) -> String {
    match (place, language) {
        (Place::Sqlite(path), Language::Ja) => {
            let path = path.display();
            format!(
                "`{path}` と鍵ファイル `{path}.keys` を、それぞれの `-wal`、`-shm` とともに削除し、書き出しからやり直してください"
            )
        }
        (Place::Sqlite(path), Language::En) => {
            let path = path.display();
            format!(
                "remove `{path}` and its key file `{path}.keys`, either with its `-wal` and `-shm`, \
                 and export and import the ledger anew"
            )
        }
        (Place::Postgres(_), Language::Ja) => {
            "データベースで `drop schema nattoku, nattoku_keys cascade` を実行し、書き出しからやり直してください"
                .to_owned()
        }
        (Place::Postgres(_), Language::En) => {
            "run `drop schema nattoku, nattoku_keys cascade` in the database, and export and import the ledger anew"
                .to_owned()
        }
    }
}

fn refused(file: &str, error: &TransferError, language: Language) -> CommandError {
    if let TransferError::Event { line, error } = error {
        output::note(&format!("{file}:{line}: {}", error.message(language)));
    }
    if let TransferError::Conflict { line, id, revision } = error {
        output::note(&match language {
            Language::Ja => {
                format!("{file}:{line}: ID `{id}` は、内容の異なる版番号 {revision} のできごとが使っています")
            }
            Language::En => {
                format!("{file}:{line}: the id `{id}` belongs to revision {revision} with other content")
            }
        });
    }
    if let TransferError::Line(line) = error {
        output::note(&match language {
            Language::Ja => format!("{file}:{line}: 台帳全体を書き出した行ではないか、順序が違います"),
            Language::En => format!("{file}:{line}: not a line of a whole ledger, or not in its place"),
        });
    }
    CommandError::asked_wrongly(
        format!("{file} は、台帳全体を最後まで書き出したファイルではありません"),
        format!("{file} is not a whole ledger up to its end"),
    )
    .hint(
        "`nattoku ledger export --whole` で書き出したファイルを、もう一度取り込んでください。途中から続けます",
        "import the file that `nattoku ledger export --whole` wrote; what has arrived stays, and the rest is added",
    )
}
