//! Notifications of the server's: each append tells those who listen that the ledger has become longer, when it is committed and not
//! before. What is told is the size alone, since whoever may connect to the database may listen.

use std::time::Duration;

use nattoku_model::Revision;

use super::PostgresStore;
use super::session::Session;
use crate::error::StoreError;
use crate::listening::Listening;

/// Where appends are told of, in the database of the ledger.
const LISTEN: &str = "listen nattoku_appended";

/// Tells of an append whose head has moved: a column.
macro_rules! told {
    () => {
        "(select pg_notify('nattoku_appended', size::text) from moved)"
    };
}
pub(super) use told;

impl PostgresStore {
    /// Listens over a connection of its own.
    pub(super) fn listen_anew(&self) -> Result<Box<dyn Listening>, StoreError> {
        let mut session = self.address.connect()?;
        // By this name an administrator tells it from those that ask.
        session.run("set application_name = 'nattoku listening'")?;
        session.run(LISTEN)?;
        Ok(Box::new(Listener { session }))
    }
}

struct Listener {
    session: Session,
}

impl Listening for Listener {
    fn hear(&mut self, at_most: Duration) -> Result<Option<Revision>, StoreError> {
        let mut told = self.session.hear(at_most)?;
        if told.is_empty() {
            // Over a connection that is gone nothing is heard either.
            self.session.run("")?;
            told = self.session.hear(Duration::ZERO)?;
        }
        // Whoever may connect may tell something; what is no size is looked at as if it were beyond what anybody has.
        let sizes = told.iter().map(|size| size.parse().unwrap_or(u64::MAX));
        Ok(sizes.max().map(Revision))
    }
}
