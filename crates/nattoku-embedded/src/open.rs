//! Opening a node: the policy, the ledger for reading alone, what the deployment remembers beside it, and the first lease.

use std::path::Path;
use std::sync::Arc;

use nattoku_lease::Terms;
use nattoku_model::name::ApplicationName;
use nattoku_model::{Language, Policy};
use nattoku_operations::{Nattoku, Node, Publication, Undeclared, published_in_force, read_folder};
use nattoku_policy::check::check;
use nattoku_policy::diagnostic::Severity;
use nattoku_policy::diagnostic::render::text::render;
use nattoku_store::{OpenMode, Place, RandomnessError};

use crate::clock::SystemClock;
use crate::keys::kek;
use crate::told::SHOWN;
use crate::{OpenError, Settings};

/// A node that has its first lease.
pub(crate) fn node(settings: &Settings) -> Result<Arc<Node>, OpenError> {
    let terms =
        settings.lease.map_or_else(|| Ok(Terms::default()), |(length, drift)| Terms::new(length, drift));
    let terms = terms.map_err(OpenError::Lease)?;
    // Before the ledger is opened: what is wrong with a policy shows first.
    let in_folder =
        settings.policy.as_deref().map(|folder| publication(folder, settings.language)).transpose()?;
    if let Some(publication) = &in_folder {
        declared(&settings.application, publication.current())?;
    }
    let place = Place::read(&settings.store).map_err(OpenError::StorePlace)?;
    let of_store = nattoku_store::Settings::default();
    // For reading: what is asked here cannot append, whatever becomes of this program.
    let store = place.open(OpenMode::ReadOnly, randomness, of_store, &kek(settings)?)?;
    let state = place.open_state(store.ledger_id()?, of_store)?;
    let following = if let Some(publication) = in_folder {
        Nattoku::of(publication, store, Box::new(SystemClock)).follow(&mut |_| ())
    } else {
        let publication = published_in_force(&*store, &*state).map_err(OpenError::InForce)?;
        declared(&settings.application, publication.current())?;
        Nattoku::of(publication, store, Box::new(SystemClock)).follow_in_force(&mut |_| ())
    };
    let following = following.map_err(OpenError::Population)?;
    let mut id = [0; 16];
    randomness(&mut id).map_err(|error| OpenError::System(error.to_string()))?;
    let node = Node::new(following, state, id, terms);
    node.take_first_lease().map_err(OpenError::FirstLease)?;
    Ok(Arc::new(node))
}

/// The policy of a folder, which has to be without errors.
fn publication(folder: &Path, language: Language) -> Result<Publication, OpenError> {
    let mut checked = check(&read_folder(folder).map_err(OpenError::Policy)?);
    Publication::of(&checked).ok_or_else(|| {
        checked.diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
        let (diagnostics, files) = (&checked.diagnostics, &checked.files);
        let diagnostics = render(diagnostics, files, language, SHOWN, false);
        OpenError::PolicyErrors { folder: folder.to_owned(), diagnostics }
    })
}

/// A program asks as an application that the policy knows.
fn declared(application: &str, policy: &Policy) -> Result<(), OpenError> {
    if policy.applications.keys().any(|name| name.as_str() == application) {
        return Ok(());
    }
    let names = || policy.applications.keys().map(ApplicationName::as_str);
    Err(OpenError::Application {
        undeclared: Undeclared::new("application", application, names()),
        declared: names().map(str::to_owned).collect(),
    })
}

/// Random bytes of the operating system, as a store takes them.
fn randomness(bytes: &mut [u8]) -> Result<(), RandomnessError> {
    getrandom::fill(bytes).map_err(|error| RandomnessError(error.to_string()))
}
