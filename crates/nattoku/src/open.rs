//! Opening what a command works on: a policy folder, checked, and a store.

use std::path::Path;

use nattoku_model::Language;
use nattoku_operations::{FolderError, Nattoku, Publication, read_folder};
use nattoku_policy::check::{Checked, check, check_without_scenarios};
use nattoku_policy::diagnostic::{Severity, render};
use nattoku_policy::source::Source;
use nattoku_store::{Kek, Migrated, OpenMode, Place, RandomnessError, Store};

use crate::cli::Where;
use crate::clock::SystemClock;
use crate::exit::CommandError;
use crate::output;
use crate::settings::Settings;

/// Diagnostics shown before a command that needs a sound policy gives up.
pub(crate) const SHOWN: usize = 5;

/// Reads a policy folder.
pub(crate) fn sources(dir: &Path) -> Result<Vec<Source>, CommandError> {
    read_folder(dir).map_err(|error| {
        let (ja, en) = (error.sentence(Language::Ja), error.sentence(Language::En));
        let told = match error {
            FolderError::Absent { .. } | FolderError::Read { .. } => CommandError::could_not_run(ja, en),
            FolderError::NotAFile { .. }
            | FolderError::Name(_)
            | FolderError::Empty(_)
            | FolderError::TooMany(_) => CommandError::asked_wrongly(ja, en),
        };
        match error.help() {
            Some(help) => told.hint(help.ja, help.en),
            None => told,
        }
    })
}

/// Reads and checks a policy that must be without errors.
pub(crate) fn sound_policy(dir: &Path, language: Language) -> Result<Checked, CommandError> {
    sound(check(&sources(dir)?), dir, language)
}

/// Reads a policy that is to be compared with another. Its scenarios are not part of what is compared, and those of a draft may
/// still name the version before.
pub(crate) fn policy_to_compare(dir: &Path, language: Language) -> Result<Checked, CommandError> {
    sound(check_without_scenarios(&sources(dir)?), dir, language)
}

/// A policy that must be without errors; those that it has are shown.
pub(crate) fn sound(mut checked: Checked, dir: &Path, language: Language) -> Result<Checked, CommandError> {
    if checked.versions.is_some() {
        return Ok(checked);
    }
    checked.diagnostics.retain(|d| d.severity == Severity::Error);
    output::note(&render::text::render(&checked.diagnostics, &checked.files, language, SHOWN, false));
    Err(CommandError::could_not_run(
        format!("{} のポリシーに誤りがあるため、使えません", dir.display()),
        format!("the policy in {} has errors and cannot be used", dir.display()),
    )
    .hint(
        format!("nattoku policy check {} で全部が見られます", dir.display()),
        format!("`nattoku policy check {}` shows them all", dir.display()),
    ))
}

/// Opens policy and store as settings, environment and flags name them.
pub(crate) fn nattoku(place: &Where, mode: OpenMode, language: Language) -> Result<Nattoku, CommandError> {
    let settings = Settings::load(place.policy.as_deref(), place.store.as_deref())?;
    let policy = settings.policy()?;
    let place = settings.store_place()?;
    let checked = sound_policy(policy, language)?;
    assemble(&checked, store(&place, mode, &settings.keys.kek()?)?)
}

/// Opens the store that settings, environment and flags name, where no policy is needed.
pub(crate) fn store_of(place: &Where, mode: OpenMode) -> Result<Box<dyn Store>, CommandError> {
    let settings = Settings::load(place.policy.as_deref(), place.store.as_deref())?;
    store(&settings.store_place()?, mode, &settings.keys.kek()?)
}

/// The origin of a ledger as a log: what the settings say, or else a name that leads nowhere and is nobody else's.
pub(crate) fn origin(place: &Where, store: &dyn Store) -> Result<String, CommandError> {
    origin_of(&Settings::load(place.policy.as_deref(), place.store.as_deref())?, store)
}

/// The same by settings that were read.
pub(crate) fn origin_of(settings: &Settings, store: &dyn Store) -> Result<String, CommandError> {
    match &settings.origin {
        Some(origin) => Ok(origin.clone()),
        None => Ok(format!("nattoku.invalid/{:032x}", u128::from_be_bytes(store.ledger_id()?))),
    }
}

/// Opens a store with the operating system's randomness.
pub(crate) fn store(place: &Place, mode: OpenMode, kek: &Kek) -> Result<Box<dyn Store>, CommandError> {
    Ok(place.open(mode, randomness, nattoku_store::Settings::default(), kek)?)
}

/// Seals the store that settings, environment and flags name.
pub(crate) fn migrate(
    place: &Where,
    progress: &mut dyn FnMut(u64),
) -> Result<Option<Migrated>, CommandError> {
    let settings = Settings::load(place.policy.as_deref(), place.store.as_deref())?;
    let (place, kek) = (settings.store_place()?, settings.keys.kek()?);
    Ok(place.migrate(randomness, nattoku_store::Settings::default(), &kek, progress)?)
}

/// Random bytes of the operating system, as a store takes them.
pub(crate) fn randomness(bytes: &mut [u8]) -> Result<(), RandomnessError> {
    getrandom::fill(bytes).map_err(|error| RandomnessError(error.to_string()))
}

/// What is published of a sound policy.
pub(crate) fn publication(checked: &Checked) -> Result<Publication, CommandError> {
    Publication::of(checked)
        .ok_or_else(|| CommandError::could_not_run("ポリシーに誤りがあります", "the policy has errors"))
}

/// A Nattoku over a sound policy and an open store.
pub(crate) fn assemble(checked: &Checked, store: Box<dyn Store>) -> Result<Nattoku, CommandError> {
    Ok(Nattoku::of(publication(checked)?, store, Box::new(SystemClock)))
}
