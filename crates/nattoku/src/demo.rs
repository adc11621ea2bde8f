//! `nattoku demo`: the reference policy, synthetic customers with years of history, and the pages, in one command.

mod customers;
mod draw;
mod ledger;
mod life;
mod log;
mod looks;
mod named;
mod processors;
mod reference;
mod serve;
mod story;
mod tokens;

use std::fs::File;
use std::path::Path;

use nattoku_model::Language;

use crate::cli::{DemoArgs, Format};
use crate::exit::{CommandError, Exit};
use crate::open;

/// Makes what is not there yet, and serves until it is stopped.
pub(crate) fn run(args: &DemoArgs, format: Format, language: Language) -> Result<Exit, CommandError> {
    make_folder(&args.dir)?;
    let lock = lock(&args.dir)?;
    let policy = reference::unpack(&args.dir)?;
    let checked = open::sound_policy(&policy, language)?;
    log::forget_without_ledger(&args.dir)?;
    let store = ledger::open_or_make(&args.dir, args.principals, &checked, language)?;
    let state = tokens::state(&args.dir, store.as_ref())?;
    let log = log::begin(&args.dir)?;
    drop(lock);
    let nattoku = log.published_by(open::assemble(&checked, store)?);
    serve::run(nattoku, state, log, args, &policy, format, language)
}

/// Keeps a second start out of the folder while what it needs is made; the lock ends with the program, however it ends.
fn lock(dir: &Path) -> Result<File, CommandError> {
    let path = dir.join(".lock");
    let opened = File::options().create(true).truncate(false).write(true).open(&path);
    let lock = opened.map_err(|error| CommandError::cannot_write(&path, &error))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(_) => Err(CommandError::could_not_run(
            format!("別の demo が {} を用意しています", dir.display()),
            format!("another demo is making {}", dir.display()),
        )
        .hint(
            "少し待つか、--dir で別の場所を示してください",
            "wait a moment, or name another place by --dir",
        )),
    }
}

fn make_folder(dir: &Path) -> Result<(), CommandError> {
    std::fs::create_dir_all(dir).map_err(|error| {
        CommandError::could_not_run(
            format!("フォルダ {} を作れません: {error}", dir.display()),
            format!("cannot make the folder {}: {error}", dir.display()),
        )
        .hint("--dir で別の場所を示してください", "name another place by --dir")
    })
}
