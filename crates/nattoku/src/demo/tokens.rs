//! The demo's tokens: one for each application of the policy, good until the next start.

use std::path::Path;

use nattoku_model::Policy;
use nattoku_model::clock::Clock as _;
use nattoku_operations::CallerAct;
use nattoku_store::{Place, State, Store, Token};
use serde_json::{Map, Value};

use super::ledger::FILE;
use crate::clock::SystemClock;
use crate::commands::token::add;
use crate::exit::CommandError;
use crate::randomness;

/// What is noted of each, so that the next start knows it for the demo's own.
const NOTE: &str = "demo";

/// What the demo remembers beside its ledger.
pub(super) fn state(dir: &Path, store: &dyn Store) -> Result<Box<dyn State>, CommandError> {
    let place = Place::Sqlite(dir.join(FILE));
    Ok(place.open_state(store.ledger_id()?, nattoku_store::Settings::default())?)
}

/// Takes back those of an earlier start, and issues new ones: application, and what is sent.
pub(super) fn issue(state: &dyn State, policy: &Policy) -> Result<Map<String, Value>, CommandError> {
    let now = SystemClock.now();
    for token in state.tokens()?.iter().filter(|token| token.note == NOTE && token.revoked.is_none()) {
        state.revoke_token(&token.id, now)?;
    }
    let mut start = [0; 4];
    randomness::fill(&mut start)?;
    let start = u32::from_be_bytes(start);
    let mut tokens = Map::new();
    for application in policy.applications.keys() {
        let secret = add(
            state,
            Token {
                id: format!("{application}.{start:08x}"),
                digest: [0; 32],
                applications: vec![application.to_string()],
                acts: CallerAct::ALL.map(|act| act.as_str().to_owned()).into(),
                note: NOTE.to_owned(),
                created: now,
                expires: None,
                revoked: None,
                last_used: None,
            },
        )?;
        tokens.insert(application.to_string(), secret.reveal().into());
    }
    Ok(tokens)
}
