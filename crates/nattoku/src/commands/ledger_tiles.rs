//! `nattoku ledger tiles FOLDER`: a checkpoint with its tiles, as files that any web server can serve (C2SP tlog-tiles).

use std::path::{Path, PathBuf};

use nattoku_ledger::{Checkpoint, Hash, Row, Tile, Tree, tile};
use nattoku_model::Language;
use nattoku_operations::grouped;
use nattoku_store::{OpenMode, Store};
use serde_json::json;

use super::ledger_prove::is_of;
use crate::cli::{Format, TilesArgs};
use crate::exit::{CommandError, Exit};
use crate::progress::{Work, bar};
use crate::{kept_file, key_file, open, output};

/// The name under which the checkpoint is served.
const CHECKPOINT: &str = "checkpoint";

/// Writes what is not there yet: tiles first, and the checkpoint when all that it stands for is there.
pub(crate) fn run(args: &TilesArgs, format: Format, language: Language) -> Result<Exit, CommandError> {
    let store = open::store_of(&args.place, OpenMode::ReadOnly)?;
    let (note, checkpoint) = key_file::own_checkpoint(&args.checkpoint)?;
    is_of(store.as_ref(), &checkpoint)?;
    make(&args.folder)?;
    let served = args.folder.join(CHECKPOINT);
    let _lock = kept_file::lock(&args.folder.join(".writing"))?;
    let there = if served.exists() {
        key_file::own_checkpoint(&served)?.1
    } else {
        Checkpoint::of(&checkpoint.origin, Tree { size: 0, root: Hash::of_empty_tree() })
    };
    if there.origin != checkpoint.origin || there.size > checkpoint.size {
        return Err(newer_or_other(&args.folder));
    }
    is_of(store.as_ref(), &there)?;
    let tiles: Vec<Tile> = Tile::since(there.size, checkpoint.size).collect();
    let bar = bar(Work::Tiles, language);
    bar.set_length(tiles.len() as u64);
    for tile in &tiles {
        write(store.as_ref(), &args.folder, *tile)?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    kept_file::put(&served, note.to_string().as_bytes())?;
    let n_removed = if args.prune { prune(&args.folder, checkpoint.size)? } else { 0 };
    let (folder, written, size) = (args.folder.display(), tiles.len() as u64, checkpoint.size);
    output::line(&match (format, language) {
        (Format::Json, _) => json!({
            "folder": folder.to_string(), "size": size, "written": written, "removed": n_removed,
        })
        .to_string(),
        (_, Language::Ja) => {
            format!("{folder}: {} 件までの記録、タイル {} 枚を書きました", grouped(size), grouped(written))
        }
        (_, Language::En) => {
            format!("{folder}: the log of {} events, {} tiles written", grouped(size), grouped(written))
        }
    });
    Ok(Exit::Done)
}

fn write(store: &dyn Store, folder: &Path, tile: Tile) -> Result<(), CommandError> {
    let path = folder.join(tile.to_string());
    let bytes = store.tile(tile)?.ok_or_else(|| {
        CommandError::could_not_run(
            format!("台帳に {tile} がありません"),
            format!("the ledger has no {tile}"),
        )
    })?;
    if let Some(parent) = path.parent() {
        make(parent)?;
    }
    kept_file::put(&path, &bytes)
}

fn make(folder: &Path) -> Result<(), CommandError> {
    std::fs::create_dir_all(folder).map_err(|error| CommandError::cannot_write(folder, &error))
}

/// Removes the partial tiles whose full tile the log has; how many there were.
fn prune(folder: &Path, size: u64) -> Result<usize, CommandError> {
    let mut n_removed = 0;
    for row in Row::all(size) {
        let full = (0..row.count(size) / 256).map(|index| Tile { row, index, width: tile::WIDTH });
        for tile in full {
            let partials = PathBuf::from(format!("{}.p", folder.join(tile.to_string()).display()));
            let Ok(entries) = std::fs::read_dir(&partials) else { continue };
            n_removed += entries.count();
            std::fs::remove_dir_all(&partials)
                .map_err(|error| CommandError::cannot_write(&partials, &error))?;
        }
    }
    Ok(n_removed)
}

fn newer_or_other(folder: &Path) -> CommandError {
    let folder = folder.display();
    CommandError::asked_wrongly(
        format!("{folder} には、別の記録か、より新しい確認点があります。何も書きません"),
        format!("{folder} has another log, or a newer checkpoint; nothing is written"),
    )
    .hint("最新の確認点か、別のフォルダーを指定してください", "name the newest checkpoint, or another folder")
}
