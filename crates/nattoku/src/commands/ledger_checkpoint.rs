//! `nattoku ledger checkpoint`: signs the ledger as it stands.
//!
//! A log must never sign two checkpoints of which neither continues the other. What was signed last therefore lies with the
//! key and not in the database, and is replaced, on disk, before anybody is shown a signature.

use std::path::Path;

use nattoku_ledger::{Checkpoint, Note, NoteError, SigningKey, note};
use nattoku_model::clock::Clock;
use nattoku_operations::{LogError, next_checkpoint};
use nattoku_store::{OpenMode, Store};
use serde_json::json;

use super::decide::read_input;
use crate::cli::{CheckpointArgs, Format};
use crate::clock::SystemClock;
use crate::exit::{CommandError, Exit};
use crate::key_file::{self, kept_beside, no_checkpoint};
use crate::{kept_file, open, output};

/// Prints the signed checkpoint.
pub(crate) fn run(args: &CheckpointArgs, format: Format) -> Result<Exit, CommandError> {
    let Some((first, others)) = args.key.split_first() else { return Ok(Exit::AskedWrongly) };
    let key = key_file::of_log(first)?;
    let kept = kept_beside(first);
    let signed = if let (Some(lines), Some(witness)) = (&args.add, &args.witness) {
        let _lock = kept_file::lock(&kept)?;
        add(&key, lines, witness, &kept)?
    } else {
        let store = open::store_of(&args.place, OpenMode::ReadOnly)?;
        let origin = open::origin(&args.place, store.as_ref())?;
        let others: Vec<SigningKey> =
            others.iter().map(|path| key_file::private(path)).collect::<Result<_, _>>()?;
        sign(store.as_ref(), &origin, &key, &others, &kept)?
    };
    show(&signed, format);
    Ok(Exit::Done)
}

/// Signs what continues the checkpoint kept in a file, and replaces it.
pub(crate) fn sign(
    store: &dyn Store,
    origin: &str,
    key: &SigningKey,
    others: &[SigningKey],
    kept: &Path,
) -> Result<Note, CommandError> {
    if key.verifying_key().name().name != origin {
        return Err(other_name(&key.verifying_key().name().name, origin));
    }
    let _lock = kept_file::lock(kept)?;
    let last = match kept_file::read(kept)? {
        None => None,
        Some(text) => {
            let opened = Checkpoint::open(text.as_bytes(), key.verifying_key(), &[]);
            let (checkpoint, _) = opened.map_err(|error| no_checkpoint(kept, &error))?;
            Some((checkpoint, text))
        }
    };
    let next = next_checkpoint(store, origin, last.as_ref().map(|(checkpoint, _)| checkpoint));
    let next = next.map_err(|error| told(&error))?;
    let mut note = Note::new(next.to_string()).map_err(|error| cannot_sign(&error))?;
    if let Some((checkpoint, text)) = last
        && checkpoint == next
    {
        // The same tree: cosignatures that were gathered stay.
        note = Note::parse(text.as_bytes()).map_err(|error| cannot_sign(&error))?;
        let has =
            |key: &SigningKey| note.signatures().iter().any(|line| line.key == *key.verifying_key().name());
        if others.iter().all(has) {
            return Ok(note);
        }
    }
    let now = u64::try_from(SystemClock.now().as_second()).unwrap_or_default();
    for key in std::iter::once(key).chain(others) {
        note.sign(key, now).map_err(|error| cannot_sign(&error))?;
    }
    kept_file::put(kept, note.to_string().as_bytes())?;
    Ok(note)
}

/// Adds the lines of a witness to the checkpoint that is kept.
fn add(key: &SigningKey, lines: &str, witness: &Path, kept: &Path) -> Result<Note, CommandError> {
    let witness = key_file::public(witness)?;
    let (mut note, _) = key_file::own_checkpoint(kept)?;
    let read = read_input(lines)?;
    let lines = note::signatures(&read).map_err(|error| cannot_sign(&error))?;
    for line in lines.into_iter().filter(|line| line.key == *witness.name()) {
        note.add(line);
    }
    // The log's own signature and the witness's must both verify before anything is replaced.
    let keys = [key.verifying_key().clone(), witness.clone()];
    let verified = note.verify(&keys).map_err(|error| cannot_sign(&error))?;
    if !verified.iter().any(|by| by.key == *witness.name()) {
        return Err(cannot_sign(&NoteError::NotSignedBy(vec![witness.name().name.clone()])));
    }
    kept_file::put(kept, note.to_string().as_bytes())?;
    Ok(note)
}

fn show(note: &Note, format: Format) {
    if format != Format::Json {
        output::text(&note.to_string());
        return;
    }
    let checkpoint = Checkpoint::parse(note.text()).ok();
    output::line(
        &json!({
            "origin": checkpoint.as_ref().map(|checkpoint| &checkpoint.origin),
            "size": checkpoint.as_ref().map(|checkpoint| checkpoint.size),
            "root": checkpoint.as_ref().map(|checkpoint| checkpoint.root.to_string()),
            "checkpoint": note.to_string(),
        })
        .to_string(),
    );
}

/// A ledger that is not what was signed of it.
pub(crate) fn told(error: &LogError) -> CommandError {
    let (words, help) = error.words();
    match error {
        LogError::OtherLog { .. } => CommandError::asked_wrongly(words.ja, words.en),
        _ => CommandError::could_not_run(words.ja, words.en),
    }
    .hint(help.ja, help.en)
}

fn cannot_sign(error: &NoteError) -> CommandError {
    CommandError::asked_wrongly(
        format!("確認点に署名できません: {}", error.japanese()),
        format!("the checkpoint cannot be signed: {error}"),
    )
}

fn other_name(name: &str, origin: &str) -> CommandError {
    CommandError::asked_wrongly(
        format!("鍵は `{name}` のもので、台帳は `{origin}` です"),
        format!("the key is of `{name}`, and the ledger is `{origin}`"),
    )
    .hint(
        "nattoku.toml の [ledger] の origin を確かめるか、この台帳の鍵を作成してください",
        "check `origin` in [ledger] of nattoku.toml, or make a key for this ledger",
    )
}
