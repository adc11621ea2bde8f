//! A question as SQL, and what is known of everybody as tables for it.

mod report;

use std::io;

use jiff::Timestamp;
use nattoku_engine::{Filter, Snapshot, SnapshotError, Table, TooFar};
use nattoku_model::name::ActivityName;
use nattoku_model::{Request, Revision};
use nattoku_store::{PageMark, StoreError};

use crate::decide::resolve;
use crate::error::OperationError;
use crate::nattoku::Nattoku;
use crate::question::Question;
use crate::unregistered::nearest_activity;

pub use report::{filter_json, filter_text};

/// Principals read at once.
const PAGE: u32 = 500;

/// A question about everybody as a filter.
#[derive(Debug, Clone)]
pub struct AskedFilter {
    /// What was asked, with the instant it is about.
    pub request: Request,
    /// Where the activity is not registered, the registered one that is nearest.
    pub nearest_activity: Option<ActivityName>,
    /// The revision of the ledger from which what concerns everybody was read.
    pub revision: Revision,
    /// The filter.
    pub filter: Filter,
}

/// A snapshot that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SnapshotTaken {
    /// The revision of the ledger at which it stands.
    pub revision: Revision,
    /// How many principals it knows.
    pub principals: u64,
}

/// There is no filter, or no snapshot.
#[derive(Debug, thiserror::Error)]
pub enum FilterError {
    /// The question cannot be asked as it is, or the ledger could not be read.
    #[error(transparent)]
    Operation(#[from] OperationError),
    /// The question is about an instant before the newest event, or about what was known at another.
    #[error("a filter answers for now, and this is about an earlier instant")]
    Earlier,
    /// A rule compares with an instant that the tables cannot hold.
    #[error(transparent)]
    TooFar(#[from] TooFar),
    /// What is known of a principal does not fit into the tables.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// A row could not be written down.
    #[error("cannot write a row: {0}")]
    Write(io::Error),
}

impl From<StoreError> for FilterError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// Whoever writes rows down: called with the table, and a field for each of its columns.
type Put<'a> = &'a mut dyn FnMut(&'static Table, &[&str]) -> io::Result<()>;

impl Nattoku {
    /// Compiles a question about everybody to a filter; whom the question itself names does not count.
    ///
    /// # Errors
    /// Where a name is not declared, the question is about an earlier instant, the ledger stands before the revision asked for
    /// or cannot be read, or a rule speaks of an instant beyond the tables.
    pub fn filter(&self, question: &Question) -> Result<AskedFilter, FilterError> {
        let mut request = resolve(self.policy(), question, self.now()).map_err(OperationError::Undeclared)?;
        let revision = self.store.revision()?;
        if let Some(want) = question.min_revision.filter(|want| revision.0 < *want) {
            return Err(OperationError::Behind { have: revision.0, want }.into());
        }
        let newest = self.store.last_recorded_at()?.unwrap_or(Timestamp::MIN);
        if question.at.is_none() {
            request.at = request.at.max(newest);
        }
        if request.known_at.is_some() || request.at < newest {
            return Err(FilterError::Earlier);
        }
        let general = self.store.general_events(revision)?;
        let filter = Filter::new(self.versions(), &general, &request);
        filter.kind()?;
        let nearest_activity = nearest_activity(self.versions(), request.activity.as_str());
        Ok(AskedFilter { request, nearest_activity, revision, filter })
    }

    /// Tells every row of the tables that filters ask, at one revision of the ledger; `progress` is told how many principals
    /// have been read.
    ///
    /// # Errors
    /// Where the ledger cannot be read, something in it happened at an instant beyond the tables, or `put` fails.
    pub fn tables(&self, put: Put<'_>, progress: &mut dyn FnMut(u64)) -> Result<SnapshotTaken, FilterError> {
        let revision = self.store.revision()?;
        let newest = self.store.last_recorded_at()?.unwrap_or(Timestamp::MIN);
        let mut snapshot = Snapshot::new(self.versions());
        let mut written = Ok(());
        let mut put = |table: &'static Table, fields: &[&str]| {
            if written.is_ok() {
                written = put(table, fields);
            }
        };
        snapshot.itself(self.versions(), revision, newest, &mut put)?;
        let mut mark = Some(PageMark::default());
        let mut principals = 0;
        while let Some(after) = mark {
            let page = self.store.principals_page(after, PAGE, revision)?;
            for principal in page.principals {
                snapshot.principal(&principal.identifier, &principal.events, &mut put)?;
                principals += 1;
            }
            progress(principals);
            mark = page.next;
        }
        written.map_err(FilterError::Write)?;
        Ok(SnapshotTaken { revision, principals })
    }
}
