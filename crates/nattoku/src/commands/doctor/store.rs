//! The store: whether the ledger can be reached and read.

use nattoku_store::{OpenMode, Store, StoreError};

use super::Deployment;
use super::finding::Finding;
use crate::exit::CommandError;
use crate::open;

const ABOUT: &str = "store";

/// Opens it for reading; or tells why not.
pub(super) fn open(deployment: &Deployment<'_>) -> Result<Box<dyn Store>, Finding> {
    let kek = deployment.settings.keys.kek().map_err(|error| Finding::of_error("keys", &error))?;
    let usual = nattoku_store::Settings::default();
    deployment.place.open(OpenMode::ReadOnly, open::randomness, usual, &kek).map_err(|error| {
        let about = if matches!(error, StoreError::Keys(_)) { "keys" } else { ABOUT };
        Finding::of_error(about, &CommandError::from(error))
    })
}

pub(super) fn look(deployment: &Deployment<'_>, store: &dyn Store) -> Finding {
    let place = deployment.place;
    match store.revision() {
        Ok(revision) => Finding::good(
            ABOUT,
            format!("{place} に届きます。封じた形式で、版は {revision} です"),
            format!(
                "{place} is reached; its format is the sealed one of this version, its revision {revision}"
            ),
        ),
        Err(error) => Finding::of_error(ABOUT, &error.into()),
    }
}
