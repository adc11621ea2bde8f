//! Whom a change of policy concerns, counted over the real ledger: who must be told, who must agree again, and for whom
//! something becomes permitted or stops (R42, APPI-17-2, APPI-21-3).
//!
//! Principals are read a page at a time at one revision, so that memory does not grow with the ledger and the figures are
//! those of one moment.

mod acts;
mod report;

use jiff::Timestamp;
use nattoku_analysis::difference::{Change, Seen};
use nattoku_model::history::History;
use nattoku_model::policy::Versions;
use nattoku_model::{ChangeClass, Recorded, Revision};
use nattoku_store::{PageMark, PrincipalEvents, Store, StoreError};

use crate::difference::Compared;
use acts::Acts;

pub use report::{impact_json, impact_text};

/// Principals read at once.
const PAGE: u32 = 500;

/// What a change comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Principals whom it concerns.
    pub affected: u64,
    /// Of all principals, those for whom an act that it bears on becomes permitted, on data that are held.
    pub permitted: u64,
    /// Those for whom such an act is no longer permitted.
    pub stopped: u64,
}

/// What a change of policy comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impact {
    /// The revision of the ledger that was read.
    pub revision: Revision,
    /// With what the ledger knew at this instant.
    pub at: Timestamp,
    /// As of this instant, at which both versions have taken effect.
    pub as_of: Timestamp,
    /// Principals of whom something was known.
    pub principals: u64,
    /// Those concerned by a change that asks for consent again.
    pub consent_again: u64,
    /// Those concerned by a change that must be notified.
    pub notify: u64,
    /// Those concerned by neither.
    pub nothing_to_do: u64,
    /// By change, in the order of the difference.
    pub changes: Vec<Count>,
}

/// The count did not come about.
#[derive(Debug, thiserror::Error)]
pub enum ImpactError {
    /// The ledger could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Whom a change concerns could not be written down.
    #[error("cannot write whom a change concerns: {0}")]
    List(std::io::Error),
}

/// Counts, over every principal of the ledger, what the difference comes to with what was known at `at`.
///
/// `list` is told every change that concerns a principal, with the principal's identifier; `progress` how many principals
/// have been looked at.
///
/// # Errors
/// Where the ledger cannot be read, or `list` fails.
pub fn impact(
    compared: &Compared,
    store: &dyn Store,
    at: Timestamp,
    list: &mut dyn FnMut(&Change, &str) -> std::io::Result<()>,
    progress: &mut dyn FnMut(u64),
) -> Result<Impact, ImpactError> {
    let revision = store.revision()?;
    let mut counter = Counter::new(compared, revision, at);
    let mut events = store.general_events(revision)?;
    let n_general = events.len();
    let mut mark = Some(PageMark::default());
    let mut looked_at = 0;
    while let Some(after) = mark {
        let page = store.principals_page(after, PAGE, revision)?;
        for PrincipalEvents { identifier, events: own, .. } in page.principals {
            events.truncate(n_general);
            events.extend(own);
            for change in counter.count(&events) {
                list(change, &identifier).map_err(ImpactError::List)?;
            }
            looked_at += 1;
        }
        progress(looked_at);
        mark = page.next;
    }
    Ok(counter.impact)
}

/// Both versions as they would stand side by side, and what has been counted.
struct Counter<'a> {
    compared: &'a Compared,
    old: Versions,
    new: Versions,
    acts: Acts,
    impact: Impact,
}

impl<'a> Counter<'a> {
    fn new(compared: &'a Compared, revision: Revision, at: Timestamp) -> Self {
        let (before, after) = (compared.before(), compared.after());
        let as_of = at.max(before.effective).max(after.effective);
        // Whatever stands before the newer version goes on to govern what its transitions say (R75).
        let earlier = compared.old.oldest_first().into_iter().chain(compared.new.oldest_first());
        let earlier = earlier.filter(|p| p.effective < after.effective && p.version != after.version);
        let impact = Impact {
            revision,
            at,
            as_of,
            principals: 0,
            consent_again: 0,
            notify: 0,
            nothing_to_do: 0,
            changes: vec![Count::default(); compared.difference.changes.len()],
        };
        Self {
            compared,
            old: compared.old.clone(),
            new: Versions::new(after.clone(), earlier.cloned()),
            acts: Acts::of(&compared.difference),
            impact,
        }
    }

    /// Counts one principal, and gives the changes that concern them.
    fn count(&mut self, events: &[Recorded]) -> Vec<&'a Change> {
        let history = History::new(events, self.impact.as_of, Some(self.impact.at));
        if !history.events().any(|e| e.event.is_about_a_principal()) {
            return Vec::new();
        }
        let seen = Seen { old: self.compared.before(), new: &self.new, history: &history };
        let shifts = self.acts.shifts(events, &seen, &self.old, self.impact.at);
        let mut concerning = Vec::new();
        let all = self.compared.difference.changes.iter().zip(&mut self.impact.changes).zip(shifts);
        for ((change, count), shift) in all {
            count.permitted += u64::from(shift.permitted);
            count.stopped += u64::from(shift.stopped);
            if change.affected.includes(&seen) {
                count.affected += 1;
                concerning.push(change);
            }
        }
        let concerns = |class: ChangeClass| concerning.iter().any(|c| c.class == class);
        let (again, notify) = (concerns(ChangeClass::ConsentAgain), concerns(ChangeClass::Notify));
        self.impact.principals += 1;
        self.impact.consent_again += u64::from(again);
        self.impact.notify += u64::from(notify);
        self.impact.nothing_to_do += u64::from(!again && !notify);
        concerning
    }
}
