//! Who looked at a principal's data (R57, DASH-6).

use jiff::civil::Date;
use nattoku_model::event::{Event, Recorded};
use nattoku_model::name::ApplicationName;

use crate::error::OperationError;
use crate::nattoku::Nattoku;

/// Who looked at a principal's data.
#[derive(Debug, Clone)]
pub struct Views {
    /// Each time, newest first.
    pub views: Vec<Recorded>,
    /// The applications that report looks, each with the day from which on it does, the first of them first.
    pub reporting: Vec<(ApplicationName, Date)>,
    /// The applications that do not report them.
    pub silent: Vec<ApplicationName>,
}

impl Nattoku {
    /// Who looked at a principal's data.
    ///
    /// # Errors
    /// Where the ledger knows no such principal, or cannot be read.
    pub fn views(&self, principal: &str) -> Result<Views, OperationError> {
        let events = self.events_of(principal)?;
        let now = self.present(&events);
        let looked = events.iter().filter(|e| matches!(e.event, Event::DataViewed { .. }));
        let mut views: Vec<Recorded> = looked.cloned().collect();
        views.sort_by_key(|e| std::cmp::Reverse((e.at, e.revision)));
        let policy = self.policy();
        let today = now.to_zoned_datetime(policy.timezone.clone()).date();
        let mut reporting: Vec<(ApplicationName, Date)> = Vec::new();
        let mut silent = Vec::new();
        for (name, application) in &policy.applications {
            match application.reports_views.filter(|since| *since <= today) {
                Some(since) => reporting.push((name.clone(), since)),
                None => silent.push(name.clone()),
            }
        }
        reporting.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
        Ok(Views { views, reporting, silent })
    }
}
