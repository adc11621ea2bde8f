//! The ledger as a log: whether its key signs it, and whether it continues what was signed last.

use std::path::Path;
use std::time::{Duration, SystemTime};

use nattoku_ledger::Checkpoint;
use nattoku_operations::next_checkpoint;
use nattoku_store::Store;

use super::Deployment;
use super::finding::Finding;
use crate::commands::ledger_checkpoint::told;
use crate::exit::CommandError;
use crate::key_file::{self, kept_beside, no_checkpoint};
use crate::{kept_file, open};

const ABOUT: &str = "log";
/// From when on a checkpoint that lacks events is old: a server signs within a second.
const OLD: Duration = Duration::from_hours(1);

pub(super) fn look(deployment: &Deployment<'_>, store: &dyn Store) -> Finding {
    let Some(key) = &deployment.key else {
        return Finding::good(
            ABOUT,
            "鍵の指定がなく、台帳は公開されません",
            "no key is named, so the ledger is not published as a log",
        );
    };
    signed(deployment, store, key).unwrap_or_else(|error| Finding::of_error(ABOUT, &error))
}

fn signed(deployment: &Deployment<'_>, store: &dyn Store, path: &Path) -> Result<Finding, CommandError> {
    let key = key_file::of_log(path)?;
    let origin = open::origin_of(deployment.settings, store)?;
    let named = &key.verifying_key().name().name;
    if *named != origin {
        return Ok(Finding::fault(
            ABOUT,
            [
                format!("鍵は `{named}` のもので、台帳は `{origin}` です"),
                format!("the key is of `{named}`, and the ledger is `{origin}`"),
            ],
            [
                "nattoku.toml の [ledger] の origin を確かめるか、この台帳の鍵を作成してください",
                "check `origin` in [ledger] of nattoku.toml, or make a key for this ledger",
            ],
        ));
    }
    let kept = kept_beside(path);
    let Some(text) = kept_file::read(&kept)? else {
        return Ok(Finding::warning(
            ABOUT,
            ["まだ確認点がありません".to_owned(), "nothing was signed yet".to_owned()],
            [
                "nattoku serve が起動時に署名します。この台帳に署名したことがあるなら、確認点のファイルを元に戻してください",
                "`nattoku serve` signs when it starts; if this ledger was signed before, put its checkpoint's file back first",
            ],
        ));
    };
    let opened = Checkpoint::open(text.as_bytes(), key.verifying_key(), &[]);
    let (last, _) = opened.map_err(|error| no_checkpoint(&kept, &error))?;
    let next = next_checkpoint(store, &origin, Some(&last)).map_err(|error| told(&error))?;
    let age = age(&kept);
    let (size, of, minutes) = (last.size, next.size, age.as_secs() / 60);
    let said = [
        format!("台帳は確認点に続いています。確認点は {of} 件のうち {size} 件まで、{minutes} 分前のものです"),
        format!(
            "the ledger continues its checkpoint, which has {size} of {of} events and is {minutes} minutes old"
        ),
    ];
    if size < of && age > OLD {
        return Ok(Finding::warning(
            ABOUT,
            said,
            [
                "nattoku serve が動いているか、その記録に署名の失敗がないかを確かめてください",
                "see whether `nattoku serve` runs, and whether it tells that it could not sign",
            ],
        ));
    }
    let [ja, en] = said;
    Ok(Finding::good(ABOUT, ja, en))
}

/// How long ago a file was written.
#[expect(clippy::disallowed_methods, reason = "the age of a file is by the clock that dated it")]
fn age(path: &Path) -> Duration {
    let written = std::fs::metadata(path).and_then(|found| found.modified());
    written.ok().and_then(|at| SystemTime::now().duration_since(at).ok()).unwrap_or_default()
}
